using System.Collections.Immutable;
using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>The weighted sum of an image and of changed versions of it.</summary>
/// <param name="Own">Share of the image as it is.</param>
/// <param name="Versions">The other versions and their shares; with the image's own they sum to 1.</param>
public sealed record Blend(float Own, ImmutableArray<(float Share, ImageChange Change)> Versions) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Invariant($"mixed {1 - Own:0%} of {Versions.Length}");

    /// <remarks>Rounded and clipped to 0–255.</remarks>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var sum = new float[image.Pixels.Length];
        Add(sum, image, Own);
        foreach (var (share, change) in Versions)
            Add(sum, Apply(image, [change]), share);
        var pixels = new byte[sum.Length];
        for (var i = 0; i < sum.Length; i++)
            pixels[i] = (byte)Math.Clamp(sum[i] + 0.5f, 0, 255);
        return Image.FromPixels(image.Width, image.Height, image.Channels, pixels);
    }

    /// <inheritdoc/>
    public bool Equals(Blend? other) => other is not null && Own == other.Own && Versions.SequenceEqual(other.Versions);

    /// <inheritdoc/>
    public override int GetHashCode() => Versions.Aggregate(Own.GetHashCode(), HashCode.Combine);

    static void Add(Span<float> sum, Image image, float share)
    {
        var pixels = image.Pixels;
        for (var i = 0; i < sum.Length; i++)
            sum[i] += share * pixels[i];
    }
}
