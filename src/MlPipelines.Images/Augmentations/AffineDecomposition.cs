using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>What an affine map does to the picture, about its middle: mirrored, then sheared, scaled, rotated and translated.</summary>
/// <param name="Flip">In words; empty for none.</param>
/// <param name="Rotation">Degrees that it is turned anticlockwise.</param>
/// <param name="ShearX">Degrees that upright lines turn anticlockwise.</param>
/// <param name="ShearY">Degrees that level lines turn anticlockwise while upright ones stay.</param>
/// <param name="Scale">Factors of the width and of the height.</param>
/// <param name="Translation">Pixels that the middle moves to the right and down.</param>
readonly record struct AffineDecomposition(string Flip, double Rotation, double ShearX, double ShearY, (double X, double Y) Scale,
    (double X, double Y) Translation)
{
    const double Little = 1e-9;

    internal static AffineDecomposition Of(AffineMap map, ImageSize size)
    {
        var determinant = map.XX * map.YY - map.XY * map.YX;
        // The picture moves by the inverse of the map.
        var (xx, xy, yx, yy) = (map.YY / determinant, -map.XY / determinant, -map.YX / determinant, map.XX / determinant);
        var (middleX, middleY) = map.Apply(size.MiddleX, size.MiddleY);
        var (fromX, fromY) = (size.MiddleX - middleX, size.MiddleY - middleY);
        var (right, below) = (xx * fromX + xy * fromY, yx * fromX + yy * fromY);
        var flip = "";
        if (determinant < 0 && xx <= 0)
            (flip, xx, yx) = ("flipped", -xx, -yx);
        else if (determinant < 0)
            (flip, xy, yy) = ("flipped upside down", -xy, -yy);
        if (Math.Abs(xy) < Little && xx > 0)
            return new(flip, 0, 0, -Angle(yx, xx), (xx, yy), (right, below));
        var across = Math.Sqrt(xx * xx + yx * yx);
        var (cos, sin) = (xx / across, yx / across);
        var (skew, down) = (cos * xy + sin * yy, cos * yy - sin * xy);
        return new(flip, -Angle(sin, cos), Angle(skew, down), 0, (across, down), (right, below));
    }

    internal string InWords(ImageSize size)
    {
        if (Cut(size) is { } cut)
            return cut;
        var zoom = Invariant($"{Scale.X:0.00}") == Invariant($"{Scale.Y:0.00}") ? Invariant($"×{Scale.X:0.00}")
            : Invariant($"×{Scale.X:0.00} ×{Scale.Y:0.00}");
        var shape =
            Joined(Flip, Angle("turned", Rotation), Angle("slanted", ShearX), Angle("tilted", ShearY),
                zoom == "×1.00" ? "" : "zoomed " + zoom);
        var moved = Joined(Way(Translation.X, "right", "left"), Way(Translation.Y, "down", "up"));
        return Joined(shape, shape.Length == 0 && moved.Length > 0 ? "moved " + moved : moved);
    }

    /// <summary>What is shown, where the map is that of a part enlarged to the whole.</summary>
    string? Cut(ImageSize size)
    {
        if (Flip.Length > 0 || Math.Abs(Rotation) + Math.Abs(ShearX) + Math.Abs(ShearY) > Little
            || Scale.X < 1 - Little || Scale.Y < 1 - Little || Scale.X * Scale.Y < 1 + Little
            || Math.Abs(Translation.X) + Math.Abs(Translation.Y) < Little)
            return null;
        var (width, height) = (size.Width / Scale.X, size.Height / Scale.Y);
        var (left, top) = ((size.Width - width) / 2 - Translation.X / Scale.X, (size.Height - height) / 2 - Translation.Y / Scale.Y);
        var inside = left > -0.5 && top > -0.5 && left + width < size.Width + 0.5 && top + height < size.Height + 0.5;
        return inside ? Invariant($"cut to {width:0}×{height:0} at {left:0},{top:0}") : null;
    }

    static string Way(double pixels, string forwards, string back) =>
        Shows(pixels) ? Invariant($"{Math.Abs(pixels):0} {(pixels > 0 ? forwards : back)}") : "";

    static string Angle(string word, double degrees) => Shows(degrees) ? Invariant($"{word} {degrees:0}°") : "";

    static string Joined(params IEnumerable<string> parts) => string.Join(", ", parts.Where(part => part.Length > 0));

    static bool Shows(double number) => Math.Abs(number) >= 0.5;

    static double Angle(double y, double x) => Math.Atan2(y, x) * 180 / Math.PI;
}
