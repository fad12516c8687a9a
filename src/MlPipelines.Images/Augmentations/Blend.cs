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

    /// <remarks>Rounded and clipped to 0–255; colours with alpha are mixed by their alpha.</remarks>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Image.Mixed([(Own, image), .. Versions.Select(version => (version.Share, Apply(image, [version.Change])))]);
    }

    /// <inheritdoc/>
    public bool Equals(Blend? other) => other is not null && Own == other.Own && Versions.SequenceEqual(other.Versions);

    /// <inheritdoc/>
    public override int GetHashCode() => Versions.Aggregate(Own.GetHashCode(), HashCode.Combine);
}
