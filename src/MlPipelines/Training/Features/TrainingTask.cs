using Microsoft.ML.Runtime;
using MlPipelines.Graphs;
using static MlPipelines.ImageClassificationTrainer.ImageClassificationMetrics;

namespace MlPipelines;

/// <summary>What the steps of a training run over: images through the whole network, or their features through what lies behind its frozen
/// part. Both are the same mathematics.</summary>
/// <param name="Network">What is learnt.</param>
/// <param name="Input">What the whole network takes.</param>
/// <param name="Train">Samples to learn from.</param>
/// <param name="Validation">Samples to watch.</param>
/// <param name="Whole">What is learnt → the network from images to scores.</param>
sealed record TrainingTask(Graph Network, NetworkInput Input, SampleTable Train, SampleTable? Validation, Func<Graph, Graph> Whole)
{
    /// <summary>How many versions there are of the features of a sample; 0 where the task starts from images.</summary>
    public int Variants { get; private init; }

    /// <summary>Versions of images that are changed at random, for what cannot do without features, where nothing is said.</summary>
    const int UsualVariants = 4;

    /// <summary>The most bytes of features that are held in memory.</summary>
    internal const long MostBytes = 1L << 30;

    /// <summary>The shorter task, if the network begins with a frozen part whose features stay the same; or else
    /// <paramref name="images"/>.</summary>
    /// <param name="images">The task over images.</param>
    /// <param name="asked">Versions of each image, as <see cref="SampleOptions.FeatureVariants"/> asks for them.</param>
    /// <param name="isNeeded">Whether what is learnt needs features, be they ever so cheap.</param>
    /// <param name="output">Where features are kept.</param>
    /// <param name="run">Where it runs, and who is told.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled, before anything was learnt.</exception>
    public static TrainingTask Of(TrainingTask images, int? asked, bool isNeeded, OutputOptions output, TrainingRun run)
    {
        var frozen = FrozenPart.Of(images.Network) is { } part && (isNeeded || !part.IsCheap) ? part : null;
        var variants = images.Train.IsRandom ? asked ?? (isNeeded && images.Train.Mixings.IsEmpty ? UsualVariants : 0)
            : Math.Min(asked ?? 1, 1);
        if (ReasonAgainst(frozen, variants, images, asked) is { } reason)
        {
            if (frozen is not null || asked > 0 || output.ReuseTrainSetBottleneckCachedValues
                || output.ReuseValidationSetBottleneckCachedValues)
                run.Log(asked > 0 ? ChannelMessageKind.Warning : ChannelMessageKind.Info,
                    $"every step runs through the whole network and no features are cached: {reason}.");
            return images;
        }
        using var extractor = new FeatureExtractor(frozen!.Part, run.Session);
        SampleTable Extracted(SampleTable samples, string? name, bool reuse, int variants, bool fitting)
        {
            using var cache = CacheOf(output, name, reuse, run);
            var extraction = new FeatureExtraction(extractor, cache, images.Input, frozen.Length,
                fitting ? Dataset.Train : Dataset.Validation,
                run);
            var rows = new FeatureRow[variants][];
            for (var variant = 0; variant < variants; variant++)
                // Variants are the first epochs of the augmentation: the same draws as those of a training that augments.
                rows[variant] = extraction.Of(samples, fitting && samples.IsRandom ? variant : SampleTable.AsItIs);
            run.Log(ChannelMessageKind.Info,
                $"features of {samples.Count} images: {extraction.Computed} computed, {extraction.Found} found"
                    + (cache is null ? "." : $" in {Path.GetFileName(name)}."));
            return Features(samples, rows, frozen.Length);
        }

        run.Cancellation.ThrowIfCancellationRequested();
        var train = Extracted(images.Train, output.TrainSetBottleneckCachedValuesFileName, output.ReuseTrainSetBottleneckCachedValues,
            variants, true);
        var validation = images.Validation is { } watched
            ? Extracted(watched, output.ValidationSetBottleneckCachedValuesFileName, output.ReuseValidationSetBottleneckCachedValues, 1,
                false) : null;
        run.TellOfOthers();
        return new(frozen.Rest, images.Input, train, validation, frozen.Whole) { Variants = variants };
    }

    /// <summary>Where features are kept; null for nowhere.</summary>
    public static FeatureCache? CacheOf(OutputOptions output, string? name, bool reuse, TrainingRun run)
    {
        var folder = name is null || Path.IsPathFullyQualified(name) ? name
            : output.WorkspacePath is { } workspace ? Path.Combine(workspace, SafeFileName.Of(name)) : null;
        return folder is null || !run.Ranks.IsFirst ? null : new(folder, reuse, run.Warn);
    }

    // The features of each sample: one variant, or several that take turns by epoch.
    static SampleTable Features(SampleTable samples, FeatureRow[][] variants, int length)
    {
        var rows = samples.Samples.Select((sample, place) =>
            sample with
            { Content = new LazyVector(epoch => Known(variants[Math.Max(epoch, 0) % variants.Length][place]), variants.Length > 1) });
        return new([.. rows], length, (sample, epoch) => ((LazyVector)sample.Content).Draw(epoch), []);
    }

    static float[] Known(FeatureRow row) => row.Features ?? throw new InvalidDataException(row.Failure);

    static string? ReasonAgainst(FrozenPart? frozen, int variants, TrainingTask images, int? asked)
    {
        if (frozen is null)
            return "training changes the network's weights from the first on. Freeze layers, to train on their features";
        if (variants == 0)
            return asked == 0 ? "FeatureVariants is 0"
            : "the images are augmented, so that they differ in every epoch. Set FeatureVariants to train on so many versions of each "
                + "instead";
        if (!images.Train.Mixings.IsEmpty)
            return $"{string.Join(", ", images.Train.Mixings.Select(mixing => mixing.GetType().Name))} mixes the images of a batch";
        var bytes = frozen.Length * sizeof(float) * ((long)images.Train.Count * variants + (images.Validation?.Count ?? 0));
        return bytes > MostBytes
            ? $"the features behind the frozen part are {bytes >> 20} MiB for all images, at most {MostBytes >> 20} MiB are held. Freeze "
                + "further, or take fewer FeatureVariants" : null;
    }
}
