using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Scores the image as it is and a number of versions drawn from augmentations.</summary>
/// <param name="Count">How many versions are drawn, in [1, 1000].</param>
/// <param name="Beta">Weight of the image as it is, in [0, 1]; the versions drawn share the rest.</param>
/// <param name="Augmentations">What is drawn from, in order.</param>
/// <remarks>Probabilities are averaged. Source: fastai, Learner.tta, with its defaults.</remarks>
public sealed record DrawnVersions(int Count = 4, float Beta = 0.25f, params ImmutableArray<ImageAugmentation> Augmentations)
    : TestTimeAugmentation
{
    /// <inheritdoc cref="DrawnVersions" path="/param[@name='Count']"/>
    public int Count { get; } = Check.Within(Count, 1, 1000);

    /// <inheritdoc cref="DrawnVersions" path="/param[@name='Beta']"/>
    public float Beta { get; } = Check.Within(Beta, 0, 1);

    /// <inheritdoc cref="DrawnVersions" path="/param[@name='Augmentations']"/>
    public ImmutableArray<ImageAugmentation> Augmentations { get; } = Augmentations is { IsDefaultOrEmpty: false } ? Augmentations
        : throw new ArgumentException(
            "Augmentations: got none, at least one is needed. Without any, all versions would be the image itself.");

    /// <summary>What the versions depend on.</summary>
    public int Seed { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<ScoredVersion> Versions(ImageSize size) =>
        [new(ImageChange.None, Beta),
            .. Enumerable.Range(0, Count).Select(version => new ScoredVersion(Drawn(version, size), (1 - Beta) / Count))];

    ChangeSeries Drawn(int version, ImageSize size)
    {
        var dice = Dice.For(Seed, version);
        return new(Augmentations.Select((augmentation, part) =>
        {
            var own = dice.Split(part);
            return augmentation.Draw(ref own, size);
        }));
    }
}
