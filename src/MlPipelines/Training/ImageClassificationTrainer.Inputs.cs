using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    ImmutableArray<float> Weights(IDataView train, ImmutableArray<string> labels)
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
            context.Report(ChannelMessageKind.Warning, nameof(ImageClassificationTrainer), $"ClassWeighting {options.ClassWeighting} and Sampling {options.Sampling} both make up for small classes, so that these count for more than the large ones. Leave out one of them.");
        return [.. context.Data.CountClasses(train, options.LabelColumnName, labels).Weights(options.ClassWeighting).Select(weight => (float)weight)];
    }

    static SampleReader? Watched(IDataView? validation, Func<IDataView, SampleReader> reader)
    {
        try
        {
            return validation is null ? null : reader(validation);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"ValidationSet: {exception.Message} It needs the columns of the training samples: transform it with the same steps.", exception);
        }
    }

    string FeatureColumn(DataViewSchema schema)
    {
        if ((options.FeatureColumnName ?? schema.GetColumnOrNull("Features")?.Name) is { } named)
            return schema.Find(named).Type is var type && (type is ImageDataViewType || (type is VectorDataViewType vector && (vector.Item == typeof(byte) || vector.Item == typeof(float))))
                ? named : throw new ArgumentException($"Column '{named}': holds {type}, images, encoded images (Byte[]) or vectors of Single are needed.");
        var images = schema.Where(column => column.Type is ImageDataViewType && schema.Find(column.Name).Index == column.Index).ToArray();
        return images is [var only] ? only.Name
            : throw new ArgumentException($"FeatureColumnName: is not set, and the data has {images.Length} columns of images ({string.Join(", ", schema.Select(column => $"'{column.Name}' ({column.Type})"))}). Name one, or add LoadImages.");
    }

    const int SideOfEncoded = 128;

    // The size that is asked for, or that of the column, or that the network is made for, or that of the first image that can be read, which all others must then have.
    (NetworkInput Input, bool OneSize) InputOf(IDataView data, string feature, Action<SkippedRow> skip)
    {
        var type = data.Schema.Find(feature).Type;
        if (type is VectorDataViewType { Item: var item, Dimensions: [var c, var h, var w] } && item == typeof(float))
            return (new(c, h, w, options.Resizing), false);
        if (type is VectorDataViewType { Item: var number } && number == typeof(float))
            throw new ArgumentException($"Column '{feature}': holds {type}, needs [channels, height, width]. Give the column's type its dimensions, or use images.");
        var first = data.Read(row => Facts(row.GetValue(data.Schema.Find(feature).Index), feature), new() { Skipped = skip, Fatal = options.FailOnBadImages, Prefetch = 0 }).FirstOrDefault();
        if (first == default)
            throw new InvalidDataException($"Training: none of the {data.RowCount} images can be read. The log names each with its reason.");
        var (known, takes) = (type as ImageDataViewType, options.Backbone?.Takes);
        var (height, width) = (options.ImageHeight ?? known?.Height ?? takes?.Height, options.ImageWidth ?? known?.Width ?? takes?.Width);
        if (options.Backbone is null && type is not ImageDataViewType)
            (height, width) = (height ?? SideOfEncoded, width ?? SideOfEncoded);
        var found = height is null || width is null;
        if (found && type is not ImageDataViewType)
            throw new ArgumentException($"Column '{feature}': holds images of any size, needs one size. Set ImageHeight and ImageWidth.");
        return (new(first.Channels, height ?? first.Height, width ?? first.Width, options.Resizing), found);
    }

    static (int Channels, int Height, int Width) Facts(object value, string name)
    {
        var image = value as Image ?? Image.FromBytes((byte[])value, name);
        _ = image.Pixels.Length;
        return (image.Channels, image.Height, image.Width);
    }
}
