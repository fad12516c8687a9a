using Microsoft.ML.Runtime;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines;

/// <summary>The network of a training that names none: the packaged one, which has learnt to see, where pictures are of its kind.</summary>
static class DefaultNetwork
{
    /// <summary>Shorter sides below it say little to a network that was trained on photographs.</summary>
    internal const int LeastSide = 64;

    const int Looked = 9;

    /// <summary>Saturation up to which a picture counts as grey, as for the check of data.</summary>
    const double MostGrey = 1;

    /// <summary>Why a network is trained from scratch on such pictures; null where the packaged one is the better start.</summary>
    /// <param name="picture">One of the pictures.</param>
    /// <param name="height">What its height is brought to; null for its own.</param>
    /// <param name="width">What its width is brought to, likewise.</param>
    public static string? ReasonForScratch(Image picture, int? height, int? width) =>
        picture.Channels == 4 ? "pictures with alpha"
        : picture.Channels == 1 || Tones.SaturationOf(picture) <= MostGrey ? "grey pictures"
        : ReasonForScratch(height ?? picture.Height, width ?? picture.Width);

    static string? ReasonForScratch(int height, int width) =>
        Math.Min(height, width) < LeastSide ? $"pictures of {width}×{height} pixels, a shorter side below {LeastSide}" : null;

    /// <summary>The same for a set of images: what nearly all of those say that are looked at, evenly spread; those that cannot be read say
    /// nothing.</summary>
    /// <param name="images">The set.</param>
    /// <param name="side">What both sides are brought to; null for each image's own.</param>
    public static string? ReasonForScratch(LabelledImages images, int? side) =>
        OfMost([.. SomeImages.Of(images, Looked).Select(picture => ReasonForScratch(picture, side, side))]);

    /// <summary>The reason that more than three quarters of the pictures have one like; null where fewer have one, since the packaged
    /// network does with some grey or tiny pictures among others.</summary>
    public static string? OfMost(List<string?> reasons) => reasons.Count(reason => reason is null) * 4 >= Math.Max(1, reasons.Count) ? null
        : reasons.Find(reason => reason is not null) ?? "no pictures that can be read";

    /// <summary>The options with the packaged network, where none is named, it is there, and pictures are of its kind; or else as they
    /// are. Tells what was chosen and why.</summary>
    public static Options Chosen(Options options, IDataView trainSet, TrainingRun run)
    {
        if (options.Model is not { Network: null, Arch: null, Pretrained: null }
            || PictureColumnOrNull(trainSet, options.Samples) is not { } column || options.Execution.Packaged() is not { } packaged)
            return options;
        var (pictures, height, width) =
            new DataCollection(options.Model, options.Samples, run).FirstPictures(trainSet, column, Looked);
        var reason = options.WarmStart is { } earlier
            ? WarmStart.IsOf(earlier, packaged.Network) ? null : "going on from a model that began so"
            : OfMost([.. pictures.Select(picture => ReasonForScratch(picture, height, width))]);
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
