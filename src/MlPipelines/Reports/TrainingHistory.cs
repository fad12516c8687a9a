using System.Collections.Immutable;
using MlPipelines.Evaluation;

namespace MlPipelines.Reports;

/// <summary>What one epoch reached; not-a-number where it was not measured.</summary>
/// <param name="Epoch">Number of the epoch.</param>
/// <param name="Loss">Mean loss on the training rows.</param>
/// <param name="Accuracy">Share of the training rows predicted rightly.</param>
/// <param name="ValidationLoss">Mean loss on the validation rows.</param>
/// <param name="ValidationAccuracy">Share of the validation rows predicted rightly.</param>
/// <param name="LearningRate">Step size at the end of the epoch.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record EpochRecord(int Epoch, double Loss, double Accuracy, double ValidationLoss = double.NaN, double ValidationAccuracy = double.NaN, double LearningRate = double.NaN, double Seconds = double.NaN);

/// <summary>The epochs of a training, as table and as chart.</summary>
public sealed class TrainingHistory(params IEnumerable<EpochRecord> epochs)
{
    public ImmutableArray<EpochRecord> Epochs { get; } = [.. epochs];

    /// <summary>One row an epoch; what was not measured is empty.</summary>
    public string ToCsv()
    {
        var csv = new CsvWriter().Text("epoch").Text("loss").Text("accuracy").Text("validation_loss").Text("validation_accuracy").Text("learning_rate").Text("seconds").EndRow();
        foreach (var epoch in Epochs)
            csv.Number(epoch.Epoch).Number(epoch.Loss).Number(epoch.Accuracy).Number(epoch.ValidationLoss).Number(epoch.ValidationAccuracy).Number(epoch.LearningRate).Number(epoch.Seconds).EndRow();
        return csv.ToString();
    }

    /// <summary>Loss above, accuracy below.</summary>
    public Chart ToChart() => new ChartColumn(
        Lines("Loss", epoch => epoch.Loss, epoch => epoch.ValidationLoss),
        Lines("Accuracy", epoch => epoch.Accuracy, epoch => epoch.ValidationAccuracy));

    LineChart Lines(string title, Func<EpochRecord, double> train, Func<EpochRecord, double> validation)
    {
        var lines = new List<Series> { new("train", [.. Epochs.Select(train)]) };
        if (Epochs.Any(epoch => double.IsFinite(validation(epoch))))
            lines.Add(new("validation", [.. Epochs.Select(validation)], Dashed: true));
        return new(title, "epoch", [.. Epochs.Select(epoch => (double)epoch.Epoch)], lines);
    }
}
