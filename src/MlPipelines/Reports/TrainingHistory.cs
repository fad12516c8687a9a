using System.Collections.Immutable;

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
