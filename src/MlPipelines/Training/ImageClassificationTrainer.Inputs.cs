using System.Collections.Immutable;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    ImmutableArray<float> Weights(SampleTable train, ImmutableArray<string> labels)
    {
        if (!options.ClassWeights.IsDefaultOrEmpty && options.ClassWeights.Length != labels.Length)
            throw new ArgumentException($"ClassWeights: got {options.ClassWeights.Length} weights, the network has {labels.Length} classes.");
        foreach (var (number, weight) in (options.ClassWeights.IsDefault ? [] : options.ClassWeights).Index())
            if (!(weight >= 0 && float.IsFinite(weight)))
                throw new ArgumentException($"ClassWeights: got {weight} for class '{labels[number]}', needs a number from 0 on.");
        if (options.ClassWeighting == ClassWeighting.None)
            return options.ClassWeights;
        if (!options.ClassWeights.IsDefaultOrEmpty)
            throw new ArgumentException($"ClassWeighting: got {options.ClassWeighting} beside {options.ClassWeights.Length} ClassWeights, needs one of the two. Leave out the other.");
        if (options.Sampling == BatchSampling.ClassBalanced)
            host.Warn(nameof(ImageClassificationTrainer), $"ClassWeighting {options.ClassWeighting} and Sampling {options.Sampling} both make up for small classes, so that these count for more than the large ones. Leave out one of them.");
        return [.. ClassCounts.Of(labels, train.Samples.CountBy(sample => sample.Label).ToDictionary()).Weights(options.ClassWeighting).Select(weight => (float)weight)];
    }

    string FeatureColumn(DataViewSchema schema)
    {
        if ((options.FeatureColumnName ?? (schema.GetColumnOrNull("Features") is null ? null : "Features")) is { } named)
            return NetworkInput.FeatureColumn(schema, named).Name;
        string[] images = [.. schema.PictureColumns()];
        var all = string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}' ({column.Type.InWords()})"));
        return images is [var only] ? only
            : throw new ArgumentException($"FeatureColumnName: is not set, and the data has {images.Length} columns of images ({all}). Name one, or add LoadImages.");
    }

    const int SideOfEncoded = 128;

    // The size that is asked for, or that of the column, or that the network is made for, or that of the first image that can be read, which all others must then have.
    (NetworkInput Input, bool OneSize) InputOf(IDataView data, string feature, Action<SkippedRow> skip)
    {
        var type = data.Schema.Find(feature).Type;
        if (type is VectorDataViewType { ItemType: var item } vector && item == NumberDataViewType.Single)
            return (InputOf(vector, feature), false);
        var first = data.Read([feature], row => Facts(row[feature], feature), new() { Skipped = skip, Fatal = options.FailOnBadImages, Prefetch = 0 }).FirstOrDefault();
        if (first == default)
            throw new InvalidDataException($"Training: none of the {data.CountRows()} images can be read. The log names each with its reason.");
        var (known, takes) = (type as ImageDataViewType, options.Backbone?.Takes);
        var (height, width) = (options.ImageHeight ?? Size(known?.Height) ?? takes?.Height, options.ImageWidth ?? Size(known?.Width) ?? takes?.Width);
        if (options.Backbone is null && known is null)
            (height, width) = (height ?? SideOfEncoded, width ?? SideOfEncoded);
        var found = height is null || width is null;
        if (found && known is null)
            throw new ArgumentException($"Column '{feature}': holds images of any size, needs one size. Set ImageHeight and ImageWidth.");
        return (new(first.Channels, height ?? first.Height, width ?? first.Width, options.Resizing), found);
    }

    NetworkInput InputOf(VectorDataViewType vector, string feature) => vector.Dimensions is [> 0 and var c, > 0 and var h, > 0 and var w]
        ? new(c, h, w, options.Resizing)
        : throw new ArgumentException($"Column '{feature}': holds {vector.InWords()}, needs [channels, height, width]. Give the column's type its dimensions, or use images.");

    static int? Size(int? known) => known > 0 ? known : null;

    static (int Channels, int Height, int Width) Facts(object value, string name)
    {
        var image = NetworkInput.ImageOf(value, name).Decoded();
        return (image.Channels, image.Height, image.Width);
    }
}
