using System.Collections.Immutable;
using Microsoft.ML.Transforms;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A pipeline's classifier for single pictures: each is prepared by any thread, as the pipeline does it, and then some are scored
/// together.</summary>
/// <remarks>Safe to use from several threads.</remarks>
sealed class PictureScorer
{
    readonly ImageClassifier classifier;
    readonly ImageLoader? loader;
    readonly VersionScoring? versions;

    PictureScorer(ImageClassifier classifier, ImageLoader? loader)
    {
        (this.classifier, this.loader) = (classifier, loader);
        classifier.Network.CheckTakesImages();
        versions = classifier.TestTimeAugmentation is { } augmentation ? new(classifier.Network, augmentation) : null;
    }

    /// <summary>The classifier of a fitted or loaded pipeline, its network made ready.</summary>
    /// <exception cref="ArgumentException">It has none, or another step changes pictures between loading and scoring.</exception>
    /// <exception cref="InvalidDataException">Its network takes no pictures.</exception>
    public static PictureScorer Of(ITransformer model)
    {
        var steps = model.ScoringSteps().ToImmutableArray();
        var classifier = steps.OfType<ImageClassifier>().LastOrDefault()
            ?? throw new ArgumentException($"the pipeline holds {Named(steps)}, an ImageClassifier is needed.");
        var before = steps[..steps.IndexOf(classifier)];
        var loader = before.OfType<ImageLoader>().LastOrDefault(step => step.OutputColumn == classifier.FeatureColumn);
        var between = before.Where(step => !ReferenceEquals(step, loader) && !LeavesPictures(step)).ToImmutableArray();
        return between.IsEmpty ? new(classifier, loader)
            : throw new ArgumentException($"the pipeline holds {Named(between)} before its ImageClassifier, which may change pictures; "
                + "LoadImages alone is needed.");
    }

    /// <summary>Names of the classes, in the order of the scores.</summary>
    public ImmutableArray<string> Labels => classifier.Labels;

    /// <summary>The most pictures that are scored together.</summary>
    public int BatchSize => Math.Max(1, classifier.BatchSize / (versions?.Count ?? 1));

    /// <summary>What <see cref="Scores"/> takes of a picture: its pixels, decoded, in the network's size.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public object Prepared(Image image, string name)
    {
        var input = classifier.Network.Input;
        var loaded = Loaded(image);
        return versions is null ? input.Content(loaded, name) : versions.Contents(loaded, name);
    }

    /// <summary>The scores of some pictures.</summary>
    /// <exception cref="NotFiniteNumberException">The network gives something that is no number for one of them.</exception>
    public float[][] Scores(IReadOnlyList<object> prepared) =>
        versions is null ? classifier.Network.Run(prepared) : versions.Score(prepared.Cast<object[]>());

    // What is loaded in its own size is decoded by the classifier, for a JPEG no larger than it needs.
    Image Loaded(Image image) => loader switch
    {
        null => classifier.Network.Input.Opened(image),
        { Width: 0, Grayscale: false } => loader.Coloured(image),
        _ => loader.Prepared(image),
    };

    static bool LeavesPictures(ITransformer step) => step is ImageAugmentingTransformer or ClassBalancingTransformer
        or ValueToKeyMappingTransformer or KeyToValueMappingTransformer;

    static string Named(ImmutableArray<ITransformer> steps) => string.Join(", ", steps.Select(step => step.GetType().Name));
}
