using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>One row of a policy's table: a change, how strong it is in each bin, and whether its sign is drawn.</summary>
/// <param name="Name">As torchvision calls it.</param>
/// <param name="Signed">Whether it acts either way.</param>
/// <param name="Magnitude">The strength in a bin of so many, for an image of that size; null where there is none.</param>
/// <param name="Change">The change of that strength.</param>
sealed record PolicyOperation(string Name, bool Signed, Func<int, int, ImageSize, double>? Magnitude,
    Func<double, ImageSize, PolicyStyle, ImageChange> Change)
{
    static readonly PolicyOperation identity = new("Identity", false, null, (_, _, _) => ImageChange.None);

    static readonly PolicyOperation[] tones =
    [
        new("Solarize", false, (bin, bins, _) => 255 - Even(255, bin, bins), (threshold, _, _) => new Solarize((float)threshold)),
        new("AutoContrast", false, null, (_, _, _) => new AutoContrast()),
        new("Equalize", false, null, (_, _, _) => new Equalize()),
    ];

    internal static ImmutableArray<PolicyOperation> RandAugment { get; } =
        [identity, .. Warps(0.3, size => 150.0 / 331 * size.Width, size => 150.0 / 331 * size.Height, 30), .. Colours(0.9), Posterize(8, 4),
            .. tones];

    internal static ImmutableArray<PolicyOperation> TrivialAugmentWide { get; } =
        [identity, .. Warps(0.99, _ => 32, _ => 32, 135), .. Colours(0.99), Posterize(8, 6), .. tones];

    internal static ImmutableArray<PolicyOperation> AugMix { get; } =
        [.. Warps(0.3, size => size.Width / 3.0, size => size.Height / 3.0, 30), Posterize(4, 4), .. tones];

    internal static ImmutableArray<PolicyOperation> AugMixOfAll { get; } = [.. AugMix, .. Colours(0.9)];

    /// <summary>Draws one of the operations, in that bin, and its sign.</summary>
    internal static ImageChange Draw(ref Dice dice, ImmutableArray<PolicyOperation> operations, int bin, int bins, ImageSize size,
        PolicyStyle style)
    {
        var operation = operations[dice.Below(operations.Length)];
        var magnitude = operation.Magnitude?.Invoke(bin, bins, size) ?? 0;
        return operation.Change(operation.Signed && dice.Chance(0.5) ? -magnitude : magnitude, size, style);
    }

    // Slants are about the first corner, as in AutoAugment; turns about the middle.
    static PolicyOperation[] Warps(double slant, Func<ImageSize, double> right, Func<ImageSize, double> down, double degrees) =>
    [
        new("ShearX", true, (bin, bins, _) => Even(slant, bin, bins), (by, _, style) => style.Warp(AffineMap.Shear(by).About(-0.5, -0.5))),
        new("ShearY", true, (bin, bins, _) => Even(slant, bin, bins),
            (by, _, style) => style.Warp(new AffineMap(1, 0, 0, by, 1, 0).About(-0.5, -0.5))),
        new("TranslateX", true, (bin, bins, size) => Even(right(size), bin, bins),
            (by, _, style) => style.Warp(AffineMap.Translation(-(int)by, 0))),
        new("TranslateY", true, (bin, bins, size) => Even(down(size), bin, bins),
            (by, _, style) => style.Warp(AffineMap.Translation(0, -(int)by))),
        new("Rotate", true, (bin, bins, _) => Even(degrees, bin, bins),
            (by, size, style) => style.Warp(AffineMap.Rotation(by).About(size.MiddleX, size.MiddleY))),
    ];

    static PolicyOperation[] Colours(double most) =>
    [
        new("Brightness", true, (bin, bins, _) => Even(most, bin, bins), (by, _, _) => new Brightness((float)(1 + by))),
        new("Color", true, (bin, bins, _) => Even(most, bin, bins), (by, _, _) => new Saturation((float)(1 + by))),
        new("Contrast", true, (bin, bins, _) => Even(most, bin, bins), (by, _, _) => new Contrast((float)(1 + by))),
        new("Sharpness", true, (bin, bins, _) => Even(most, bin, bins), (by, _, _) => new Sharpness((float)(1 + by))),
    ];

    static PolicyOperation Posterize(int most, double range) =>
        new("Posterize", false, (bin, bins, _) => most - Math.Round(bin / ((bins - 1) / range)), (bits, _, _) => new Posterize((int)bits));

    static double Even(double most, int bin, int bins) => most * bin / (bins - 1);
}

/// <summary>How a policy's geometric changes are done.</summary>
readonly record struct PolicyStyle(FillMode Fill, Colour Value, Interpolation Interpolation)
{
    internal Warp Warp(AffineMap map) => new(map, Fill, Value, Interpolation);
}
