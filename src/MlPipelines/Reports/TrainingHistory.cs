using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>The epochs of a training, as table and as chart.</summary>
public sealed class TrainingHistory(params IEnumerable<EpochMetrics> epochs)
{
    /// <summary>The epochs, in order.</summary>
    public ImmutableArray<EpochMetrics> Epochs { get; } = [.. epochs];

    /// <summary>Number of the epoch whose weights the model has, from 1; null where it is not known.</summary>
    public int? KeptEpoch { get; init; }

    /// <summary>One row an epoch; what was not measured is empty. Of a training in several phases each row says what was trained, and the
    /// epoch that was kept is marked with 1.</summary>
    public string ToCsv()
    {
        var csv = new CsvWriter().Text("epoch").Text("loss").Text("accuracy").Text("validation_loss").Text("validation_accuracy")
            .Text("learning_rate").Text("samples").Text("seconds").Text("phase").Text("kept").EndRow();
        foreach (var epoch in Epochs)
            csv.Number(epoch.Epoch).Number(epoch.Loss).Number(epoch.Accuracy).Number(epoch.ValidationLoss ?? double.NaN)
            .Number(epoch.ValidationAccuracy ?? double.NaN).Number(epoch.LearningRate).Number((double)epoch.Samples).Number(epoch.Seconds)
            .Text(epoch.Phase ?? "").Number(KeptEpoch is { } kept ? kept == epoch.Epoch ? 1 : 0 : double.NaN).EndRow();
        return csv.ToString();
    }

    /// <summary>The epochs of a file that <see cref="ToCsv"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is another file, or damaged; the message names it and the line.</exception>
    internal static TrainingHistory Read(string path)
    {
        using var lines = new CsvReader(path, ',').Read().GetEnumerator();
        if (!lines.MoveNext() || lines.Current.Cells is not ["epoch", ..] header)
            throw new InvalidDataException($"{path}: does not begin with the column epoch, so it is no table of epochs that a run left.");
        var (epochs, kept) = (new List<EpochMetrics>(), (int?)null);
        while (lines.MoveNext())
        {
            var (line, cells) = lines.Current;
            epochs.Add(Epoch(Cell));
            if (Cell("kept") == "1")
                kept = epochs[^1].Epoch;

            string Cell(string column) => Array.IndexOf(header, column) is >= 0 and var place && place < cells.Length ? cells[place]
                : throw new InvalidDataException($"{path}:{line}: has no cell '{column}'. Is the file cut short?");
        }
        return new(epochs) { KeptEpoch = kept };

        EpochMetrics Epoch(Func<string, string> cell)
        {
            return new()
            {
                Epoch = (int)Number("epoch"),
                Loss = Number("loss"),
                Accuracy = Number("accuracy"),
                ValidationLoss = Measured("validation_loss"),
                ValidationAccuracy = Measured("validation_accuracy"),
                LearningRate = (float)Number("learning_rate"),
                Samples = (long)Number("samples"),
                Seconds = Number("seconds"),
                Phase = cell("phase") is { Length: > 0 } phase ? phase : null,
            };

            double? Measured(string column) => cell(column).Length == 0 ? null : Number(column);

            double Number(string column) => cell(column) is "" ? double.NaN
                : double.TryParse(cell(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
                : throw new InvalidDataException($"{path}: has '{cell(column)}' in the column {column}, needs a number.");
        }
    }

    /// <summary>Loss above, accuracy below.</summary>
    public Chart ToChart() => new ChartColumn(
        Lines("Loss", epoch => epoch.Loss, epoch => epoch.ValidationLoss ?? double.NaN),
        Lines("Accuracy", epoch => epoch.Accuracy, epoch => epoch.ValidationAccuracy ?? double.NaN));

    LineChart Lines(string title, Func<EpochMetrics, double> train, Func<EpochMetrics, double> validation)
    {
        var lines = new List<Series> { new("train", [.. Epochs.Select(train)]) };
        if (Epochs.Any(epoch => double.IsFinite(validation(epoch))))
            lines.Add(new("validation", [.. Epochs.Select(validation)], Dashed: true));
        return new(title, "epoch", [.. Epochs.Select(epoch => (double)epoch.Epoch)], lines);
    }
}
