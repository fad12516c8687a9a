using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Goes through the views once each: which column holds the images, of which size, of which classes, and the samples.</summary>
sealed class DataCollection(ModelOptions model, SampleOptions options, TrainingRun run)
{
    const int SideOfEncoded = 128;

    /// <param name="trainSet">Samples to learn from.</param>
    /// <param name="trainStore">Where what they hold in memory is kept.</param>
    /// <param name="validationSet">Samples to watch; null takes a part of the others, as the options say.</param>
    /// <param name="validationStore">Where what those hold in memory is kept.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there are fewer than two classes.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    public TrainingData Collect(IDataView trainSet, SampleStore trainStore, IDataView? validationSet, SampleStore validationStore)
    {
        var feature = FeatureColumn(trainSet.Schema, options);
        // Before the split, so that a class whose rows all go to the validation has its number.
        var labels = Labels(trainSet);
        var (train, validation) = Split(trainSet, validationSet);
        var (input, oneSize) = InputOf(train, feature);
        SampleColumns columns = new(feature, options.LabelColumnName, options.ExampleWeightColumnName, labels, input, oneSize);
        var learnt = Collector(columns, trainStore).Collect(train, Reading, isLearnt: true, run.Cancellation);
        if (learnt.Count == 0)
            throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
        var watched = validation is null ? null : Watched(Collector(columns with { Weight = null }, validationStore), validation);
        foreach (var warning in SideWarnings(labels, learnt, validationSet is null ? null : watched))
            run.Warn(warning);
        if (Cropping.Warning(learnt, input) is { } cut)
            run.Warn(cut);
        return new(feature, labels, input, learnt, watched) { IsValidationPart = validationSet is null || options.IsValidationPart };
    }

    /// <summary>Whether the columns that a training reads are there.</summary>
    /// <exception cref="ArgumentException">One is missing or of another type.</exception>
    public static void CheckColumns(DataViewSchema schema, SampleOptions options)
    {
        FeatureColumn(schema, options);
        CheckLabel(schema, options);
        if (options.ExampleWeightColumnName is { } weights)
            SampleCollector.WeightColumn(schema, weights);
    }

    RowReading Reading => run.Reading(ahead: new RowReading().Prefetch);

    SampleCollector Collector(SampleColumns columns, SampleStore store) => new(columns, store, run.Host.PixelCache(), run.Warn);

    SampleTable Watched(SampleCollector collector, IDataView validation)
    {
        try
        {
            return collector.Collect(validation, Reading, isLearnt: false, run.Cancellation);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"ValidationSet: {exception.Message} It needs the columns of the training samples: transform it "
                + "with the same steps.", exception);
        }
    }

    static void CheckLabel(DataViewSchema schema, SampleOptions options)
    {
        if (schema.Find(options.LabelColumnName).Type is not (TextDataViewType or KeyDataViewType) and var type)
            throw new ArgumentException(
                $"Column '{options.LabelColumnName}': holds {type.InWords()}, needs text or a key. Map it with MapValueToKey.");
    }

    // The classes of a key in its order, or those of the rows in ordinal order; before them those of the model that is gone on from.
    ImmutableArray<string> Labels(IDataView data)
    {
        CheckLabel(data.Schema, options);
        var column = LabelColumn.Of(data.Schema, options.LabelColumnName);
        if (column.IsKey && column.Known is null)
            throw new ArgumentException(
                $"Column '{options.LabelColumnName}': is a key whose values are not known. Map it with MapValueToKey.");
        // Values of a key that look alike are one class.
        var found = column.Known?.Distinct(StringComparer.Ordinal).ToImmutableArray()
            ?? [.. ClassLabels.Of(data, options.LabelColumnName).Classes.Keys];
        var labels = model.WarmStart is { } earlier ? WarmStart.Labels(earlier, found) : found;
        return labels.Length >= 2 ? labels
            : throw new ArgumentException("Training: the data "
                + $"has {(labels.Length == 0 ? "no class" : $"the single class '{labels[0]}'")}, needs at least two. Add a folder of "
                + "other images; if the data has others, divide it by stratificationColumn, not by a sampling key that is its class.");
    }

    // Classes that lie on one side alone: a split by the class itself does that.
    // What an earlier model knows and the data lacks is told of by WarmStart.
    IEnumerable<string> SideWarnings(ImmutableArray<string> labels, SampleTable learnt, SampleTable? watched)
    {
        var present = learnt.Samples.Select(sample => sample.Label).ToHashSet();
        if (present.Count < labels.Length && model.WarmStart is null)
            yield return $"{Named(Enumerable.Range(0, labels.Length).Except(present))} among the classes and not among the samples to "
                + "learn "
                + "from, so never learnt. Was the data split by its classes (a sampling key)? Divide it by stratificationColumn.";
        if (watched is null)
            yield break;
        var seen = watched.Samples.Select(sample => sample.Label).ToHashSet();
        if (seen.Count == 0)
            yield return "ValidationSet has no sample of a class that is learnt, so that nothing is watched. Was the data split by its "
                + "classes (a sampling key)? Divide it by stratificationColumn.";
        else if (present.Except(seen).Order().ToArray() is [_, ..] unseen)
            yield return $"{Named(unseen)} learnt and not among the samples to watch.";

        string Named(IEnumerable<int> classes)
        {
            const int most = 8;
            var all = classes.ToArray();
            return (all.Length == 1 ? "class " : "classes ") + string.Join(", ", all.Take(most).Select(number => $"'{labels[number]}'"))
                + (all.Length > most ? $" and {all.Length - most} more" : "") + (all.Length == 1 ? " is" : " are");
        }
    }

    (IDataView Train, IDataView? Validation) Split(IDataView trainSet, IDataView? validationSet)
    {
        const float usualFraction = 0.1f;
        var fraction = options.ValidationSetFraction ?? (model.Head?.Fit is null ? usualFraction : 0);
        if (validationSet is not null || fraction == 0)
            return (trainSet, validationSet);
        var parts = new Division(null, options.LabelColumnName, null).Parts(run.Host, trainSet, fraction);
        return parts[1].CountRows() > 0 ? (parts[0], parts[1]) : (trainSet, null);
    }

    /// <summary>The column that a training takes its pictures from.</summary>
    /// <exception cref="ArgumentException">It is missing or of another type, or there are several.</exception>
    public static string FeatureColumn(DataViewSchema schema, SampleOptions options)
    {
        if ((options.FeatureColumnName ?? (schema.GetColumnOrNull("Features") is null ? null : "Features")) is { } named)
            return NetworkInput.FeatureColumn(schema, named).Name;
        string[] images = [.. schema.PictureColumns()];
        var all = string.Join(", ",
            schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}' ({column.Type.InWords()})"));
        return images is [var only] ? only
            : throw new ArgumentException(
                $"FeatureColumnName: is not set, and the data has {images.Length} columns of images ({all}). Name one, or add LoadImages.");
    }

    // The size that is asked for, or that of the column, or that the network is made for, or that of the first image that can be read,
    // which all others must then have.
    (NetworkInput Input, bool OneSize) InputOf(IDataView data, string feature)
    {
        var type = data.Schema.Find(feature).Type;
        if (type is VectorDataViewType { ItemType: var item } vector && item == NumberDataViewType.Single)
            return (InputOf(vector, data.Schema.Find(feature)), false);
        var first = First(data, feature, 1)[0];
        var (known, takes) = (type as ImageDataViewType, model.Backbone?.Takes);
        var (height, width) =
            (model.ImageHeight ?? Size(known?.Height) ?? takes?.Height, model.ImageWidth ?? Size(known?.Width) ?? takes?.Width);
        if (model.Backbone is null && known is null)
            (height, width) = (height ?? SideOfEncoded, width ?? SideOfEncoded);
        var found = height is null || width is null;
        if (found && known is null)
            throw new ArgumentException($"Column '{feature}': holds images of any size, needs one size. Set ImageHeight and ImageWidth.");
        return (new(ChannelsOf(first, data, feature), height ?? first.Height, width ?? first.Width, model.Resizing), found);
    }

    // Those of the images, unless alpha is all that they and the network differ in.
    int ChannelsOf(Image first, IDataView data, string feature)
    {
        const int colours = 3, withAlpha = 4;
        var taken = model.Backbone?.TakenChannels;
        if (taken != withAlpha)
            return taken is not null && first.Channels == withAlpha ? colours : first.Channels;
        // Files are opened with their alpha, and what ML.NET's steps hand on has it.
        if (first.Channels != withAlpha && PictureColumns.IsOfThisLibrary(data, feature))
            run.Warn($"The network takes red, green, blue and alpha, and images of column '{feature}' have no alpha: it is 255 everywhere. "
                + "LoadImages(…, keepAlpha: true) keeps that of their files.");
        return withAlpha;
    }

    /// <summary>The first pictures that can be read, and the size that their column brings all to; null where each has its own.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="feature">Column of the pictures.</param>
    /// <param name="count">How many at most.</param>
    public (Image[] Pictures, int? Height, int? Width) FirstPictures(IDataView data, string feature, int count)
    {
        var known = data.Schema.Find(feature).Type as ImageDataViewType;
        return (First(data, feature, count), model.ImageHeight ?? Size(known?.Height), model.ImageWidth ?? Size(known?.Width));
    }

    Image[] First(IDataView data, string feature, int count)
    {
        Image[] first = [.. data.Read([feature], row => NetworkInput.ImageOf(row[feature], feature).Decoded(), run.Reading(ahead: 0))
            .Take(count)];
        return first.Length > 0 ? first
            : throw new InvalidDataException(
                $"Training: none of the {data.CountRows()} images can be read. The log names each with its reason.");
    }

    NetworkInput InputOf(VectorDataViewType vector, DataViewSchema.Column column)
    {
        if (model.Backbone is { TakenChannels: { } channels, Takes: var takes } && vector.Dimensions is [> 0 and var a, > 0 and var b, _])
            new NetworkInput(channels, takes?.Height ?? a, takes?.Width ?? b, model.Resizing).CheckAxes(column);
        return vector.Dimensions is [> 0 and var c, > 0 and var h, > 0 and var w] ? new(c, h, w, model.Resizing)
            : throw new ArgumentException($"Column '{column.Name}': holds {vector.InWords()}, needs [channels, height, width]. Give the "
                + "column's type its dimensions, or use images.");
    }

    static int? Size(int? known) => known > 0 ? known : null;
}
