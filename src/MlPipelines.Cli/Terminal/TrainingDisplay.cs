
namespace MlPipelines.Cli;

/// <summary>Shows training: a line an epoch, and a bar where there is one.</summary>
sealed class TrainingDisplay(Terminal terminal, IProgress<(long Done, string Name)> bar, int epochs, List<EpochMetrics> history)
    : IProgress<EpochMetrics>, IProgress<TrainingProgress>
{
    readonly string total = $"{epochs}";

    public CancellationToken Cancellation => terminal.Cancellation;

    public void Report(EpochMetrics value)
    {
        history.Add(value);
        var watched = value.ValidationLoss is { } loss ? $"  validation {loss:0.000} {value.ValidationAccuracy,6:0.0%}" : "";
        terminal.Line($"epoch {value.Epoch.ToString().PadLeft(total.Length)}/{total}  loss {value.Loss:0.000}  "
            + $"accuracy {value.Accuracy,6:0.0%}{watched}  {value.Samples / Math.Max(value.Seconds, 1e-9):0} images/s");
    }

    public void Report(TrainingProgress value) =>
        bar.Report(((value.Epoch - 1) * value.SamplesPerEpoch + value.Samples, $"epoch {value.Epoch}/{value.Epochs}"));
}
