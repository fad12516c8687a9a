using Microsoft.ML.Runtime;
using MlPipelines.Networks;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines;

/// <summary>The network of a training that names none: the packaged one, which has learnt to see, where pictures are of its kind.</summary>
static class DefaultNetwork
{
    /// <summary>Shorter sides below it say little to a network that was trained on photographs.</summary>
    internal const int LeastSide = 64;

    const int Looked = 9;

    /// <summary>Why a network is trained from scratch on such pictures; null where the packaged one is the better start.</summary>
    /// <param name="channels">Channels of the pictures.</param>
    /// <param name="height">Their height, or that which they are brought to.</param>
    /// <param name="width">Their width, likewise.</param>
    public static string? ReasonForScratch(int channels, int height, int width) =>
        channels != 3 ? $"pictures of {channels} {(channels == 1 ? "channel" : "channels")}"
        : Math.Min(height, width) < LeastSide ? $"pictures of {width}×{height} pixels, a shorter side below {LeastSide}" : null;

    /// <summary>The same for a set of images: what most of those say that are looked at, evenly spread; those that cannot be read say
    /// nothing.</summary>
    /// <param name="images">The set.</param>
    /// <param name="side">What both sides are brought to; null for each image's own.</param>
    public static string? ReasonForScratch(LabelledImages images, int? side)
    {
        string[] paths = [.. images.GetColumn<string>(RowSelection.PathColumn)];
        var reasons = new List<string?>();
        for (var i = 0; i < Math.Min(Looked, paths.Length); i++)
            try
            {
                var path = paths[(long)i * paths.Length / Math.Min(Looked, paths.Length)];
                var image = NetworkInput.ImageOf(path, path).Decoded();
                reasons.Add(ReasonForScratch(image.Channels, side ?? image.Height, side ?? image.Width));
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                // Training tells of it.
            }
        return reasons.Count(reason => reason is null) * 2 > reasons.Count ? null
            : reasons.Find(reason => reason is not null) ?? "no pictures";
    }

    /// <summary>The options with the packaged network, where none is named, it is there, and pictures are of its kind; or else as they
    /// are. Tells what was chosen and why.</summary>
    public static Options Chosen(Options options, IDataView trainSet, TrainingRun run)
    {
        if (options.Model is not { Network: null, Arch: null, Pretrained: null }
            || PictureColumnOrNull(trainSet, options.Samples) is not { } column || options.Execution.Packaged() is not { } packaged)
            return options;
        var facts = new DataCollection(options.Model, options.Samples, run).FirstPicture(trainSet, column);
        var reason = options.WarmStart is { } earlier ? WarmStart.IsOf(earlier, packaged.Network) ? null : "a model that was"
            : ReasonForScratch(facts.Channels, facts.Height, facts.Width);
        if (reason is not null)
        {
            run.Log(ChannelMessageKind.Info, $"a small network from scratch, for {reason}; Network = … takes another.");
            return options;
        }
        var chosen = OnFeatures(options, packaged.Network, new LinearHead());
        run.Log(ChannelMessageKind.Info, $"{packaged.Name} of the package {packaged.Package}, "
            + $"{(chosen.Head is { } head ? $"a {head.GetType().Name} on its features" : "trained as a whole")}; "
            + "Network = Architectures.SmallCnn(classes) trains from scratch.");
        return chosen;
    }

    /// <summary>The options with a network that has learnt: a head on its features, unless the whole is to be trained.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="network">The network.</param>
    /// <param name="head">The head where none is asked for, and nothing that only steps follow.</param>
    public static Options OnFeatures(Options options, Network network, Head head)
    {
        var wholeNetwork = options.FineTuning is not null || options.DepthRates is not null || options.Unfreezing is not null;
        return options with
        {
            Pretrained = network,
            Head = options.Head ?? (wholeNetwork ? null : OptionWarnings.HasSteps(options.Learning) ? new MultilayerPerceptron() : head),
        };
    }

    // Vectors are numbers of any scale, and the packaged network wants pixels.
    static string? PictureColumnOrNull(IDataView data, SampleOptions options)
    {
        var column = DataCollection.FeatureColumn(data.Schema, options);
        return data.Schema.Find(column).Type is VectorDataViewType { ItemType: NumberDataViewType item }
            && item == NumberDataViewType.Single
            ? null : column;
    }
}
