using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Several changes in order, as one; neighbouring geometric ones are one resample.</summary>
public sealed record ChangeSeries : ImageChange
{
    /// <param name="changes">Those that do nothing are left out.</param>
    public ChangeSeries(params IEnumerable<ImageChange> changes) => Changes = [.. changes.SelectMany(change => change.Parts)];

    /// <summary>The changes, none of which is itself a series.</summary>
    public ImmutableArray<ImageChange> Changes { get; }

    /// <inheritdoc/>
    public override string Describe(ImageSize size) =>
        string.Join(", ", Changes.Select(change => change.Describe(size)).Where(words => words.Length > 0));

    /// <inheritdoc/>
    public override Image Apply(Image image) => Apply(image, Changes);

    /// <inheritdoc/>
    public bool Equals(ChangeSeries? other) => other is not null && Changes.SequenceEqual(other.Changes);

    /// <inheritdoc/>
    public override int GetHashCode() => Changes.Aggregate(0, HashCode.Combine);

    internal override IEnumerable<ImageChange> Parts => Changes;
}
