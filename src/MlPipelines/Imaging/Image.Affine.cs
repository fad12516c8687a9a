using System.Runtime.CompilerServices;

namespace MlPipelines.Imaging;

public sealed partial class Image
{
    const int One = 1 << 10;

    // Sine and cosine of right angles miss 0 by 10⁻¹⁶, which must not count as outside.
    const double Snap = 1e-9;

    /// <summary>Moves, turns, stretches or slants the picture.</summary>
    /// <param name="map">Where each point of the result is taken from.</param>
    /// <param name="interpolation">What lies between pixels.</param>
    /// <param name="fill">What lies outside.</param>
    /// <param name="value">The colour outside, for <see cref="FillMode.Constant"/>; a grey picture takes its red.</param>
    /// <param name="width">Of the result; that of this picture by default.</param>
    /// <param name="height">Of the result; that of this picture by default.</param>
    /// <remarks>Weights in units of 2⁻¹⁰, rounded. Source: SciPy 1.10 ndimage.affine_transform, order 0 and 1.</remarks>
    public Image Affine(AffineMap map, Interpolation interpolation = Interpolation.Bilinear, FillMode fill = FillMode.Nearest, Colour value = default, int? width = null, int? height = null)
    {
        var bitmap = Bitmap;
        var (newWidth, newHeight) = (Check.AtLeast(width ?? bitmap.Width, 1, nameof(width)), Check.AtLeast(height ?? bitmap.Height, 1, nameof(height)));
        var result = new Bitmap(newWidth, newHeight, bitmap.Channels, GC.AllocateUninitializedArray<byte>(checked(newWidth * newHeight * bitmap.Channels)));
        ReadOnlySpan<byte> outside = [value.Red, value.Green, value.Blue];
        var to = 0;
        for (var y = 0; y < newHeight; y++)
            for (var x = 0; x < newWidth; x++, to += bitmap.Channels)
            {
                var (sourceX, sourceY) = map.Apply(x, y);
                Sample(bitmap, sourceX, sourceY, interpolation, fill, outside, result.Pixels.AsSpan(to, bitmap.Channels));
            }
        return new(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Sample(Bitmap from, double x, double y, Interpolation interpolation, FillMode fill, ReadOnlySpan<byte> outside, Span<byte> to)
    {
        var inside = x >= 0 && y >= 0 && x <= from.Width - 1 && y <= from.Height - 1;
        if (!inside && !(Fold(ref x, from.Width, fill) && Fold(ref y, from.Height, fill)))
        {
            outside[..to.Length].CopyTo(to);
            return;
        }
        if (interpolation == Interpolation.Nearest)
            (x, y) = (Math.Floor(x + 0.5), Math.Floor(y + 0.5));
        var (left, top) = ((int)x, (int)y);
        var (right, down) = (left + 1 < from.Width ? to.Length : 0, top + 1 < from.Height ? from.RowBytes : 0);
        var (rightShare, downShare) = ((int)((x - left) * One + 0.5), (int)((y - top) * One + 0.5));
        var (leftShare, upShare) = (One - rightShare, One - downShare);
        var at = top * from.RowBytes + left * to.Length;
        var pixels = from.Pixels;
        for (var c = 0; c < to.Length; c++, at++)
        {
            var upper = pixels[at] * leftShare + pixels[at + right] * rightShare;
            var lower = pixels[at + down] * leftShare + pixels[at + down + right] * rightShare;
            to[c] = (byte)(upper * upShare + lower * downShare + One * One / 2 >> 20);
        }
    }

    /// <summary>Brings a coordinate into [0, size − 1]; false where the constant shows.</summary>
    static bool Fold(ref double x, int size, FillMode fill)
    {
        var last = size - 1;
        if (x >= 0 && x <= last)
            return true;
        var whole = Math.Round(x);
        if (Math.Abs(x - whole) < Snap && whole >= 0 && whole <= last)
        {
            x = whole;
            return true;
        }
        if (double.IsNaN(x))
            throw new ArgumentException("Affine: the map gives no number. Check its six numbers.");
        switch (fill)
        {
            case FillMode.Nearest:
                x = Math.Clamp(x, 0, last);
                return true;
            case FillMode.Constant:
                return false;
            case FillMode.Reflect:
                var along = Modulo(x + 0.5, 2 * size);
                x = Math.Clamp((along < size ? along : 2 * size - along) - 0.5, 0, last);
                return true;
            case FillMode.Wrap:
                x = last == 0 ? 0 : Math.Min(Modulo(x, last), last);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(fill), fill, "Affine: needs Nearest, Constant, Reflect or Wrap.");
        }
    }

    static double Modulo(double x, double period) => x - Math.Floor(x / period) * period;
}
