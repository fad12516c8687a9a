using System.Collections.Immutable;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>What was found in the data: the samples, their classes, and what the network takes of them.</summary>
    sealed record Collected(string Feature, ImmutableArray<string> Labels, NetworkInput Input, SampleTable Train, SampleTable? Validation, Action<SkippedRow> Skip);

    /// <exception cref="ArgumentException">A column is missing or of another type, or there are fewer than two classes.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    Collected Collect(IDataView trainSet, IDataView? validationSet, (SampleStore Train, SampleStore Validation) stores)
    {
        var feature = FeatureColumn(trainSet.Schema);
        var labels = Labels(trainSet);
        var (train, validation) = Split(trainSet, validationSet);
        var skip = Skipping();
        var (input, oneSize) = InputOf(train, feature, skip);
        SampleColumns columns = new(feature, options.LabelColumnName, options.ExampleWeightColumnName, labels, input, oneSize);
        RowReading reading = new() { Workers = options.Workers ?? Environment.ProcessorCount, Fatal = options.FailOnBadImages, Skipped = row => skip(row) };
        var learnt = new SampleCollector(columns, stores.Train, host.PixelCache(), Warn).Collect(train, reading, isLearnt: true, options.CancellationToken);
        if (learnt.Count == 0)
            throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
        return new(feature, labels, input, learnt, validation is null ? null : Watched(columns with { Weight = null }, stores.Validation, validation, reading), skip);
    }

    SampleTable Watched(SampleColumns columns, SampleStore store, IDataView validation, RowReading reading)
    {
        try
        {
            return new SampleCollector(columns, store, host.PixelCache(), Warn).Collect(validation, reading, isLearnt: false, options.CancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"ValidationSet: {exception.Message} It needs the columns of the training samples: transform it with the same steps.", exception);
        }
    }

    // The classes of a key in its order, or those of the rows in ordinal order; before them those of the model that is gone on from.
    ImmutableArray<string> Labels(IDataView data)
    {
        CheckLabel(data.Schema);
        var column = LabelColumn.Of(data.Schema, options.LabelColumnName);
        if (column.IsKey && column.Known is null)
            throw new ArgumentException($"Column '{options.LabelColumnName}': is a key whose values are not known. Map it with MapValueToKey.");
        var found = column.Known ?? [.. ClassLabels.Of(data, options.LabelColumnName).Classes.Keys];
        var labels = options.WarmStart is { } earlier ? WarmStart.Labels(earlier, found) : found;
        return labels.Length >= 2 ? labels
            : throw new ArgumentException($"Training: the data has {(labels.Length == 0 ? "no class" : $"the single class '{labels[0]}'")}, needs at least two. Add a folder of other images.");
    }

    (IDataView Train, IDataView? Validation) Split(IDataView trainSet, IDataView? validationSet)
    {
        if (validationSet is not null || options.ValidationSetFraction is not (> 0 and var fraction))
            return (trainSet, validationSet);
        var split = host.Split(trainSet, fraction, options.LabelColumnName);
        return split.TestSet.CountRows() > 0 ? (split.TrainSet, split.TestSet) : (trainSet, null);
    }

    Action<SkippedRow> Skipping()
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        return row =>
        {
            if (!told.Add(row.Path))
                return;
            Warn($"skipped {row}");
            options.Skipped?.Invoke(row);
        };
    }
}
