using System.Diagnostics;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines.Cli;

/// <summary>How long a training is, for whoever shows it.</summary>
/// <param name="Epochs">The most epochs.</param>
/// <param name="Features">Images whose features are computed first, where a part of the network stays as it is.</param>
/// <param name="HeadAtOnce">The head that is learnt from all features at once, in words; null where epochs are learnt.</param>
sealed record TrainingLength(int Epochs, long Features, string? HeadAtOnce);

/// <summary>Shows training: a line an epoch, or one for a head that is learnt at once; a bar and curves where there are such.</summary>
sealed class TrainingDisplay(Terminal terminal, IProgress<WorkProgress> bar, TrainingLength length, List<EpochMetrics> history)
    : IProgress<EpochMetrics>, IProgress<TrainingProgress>, IProgress<ImageClassificationMetrics>
{
    readonly string total = $"{length.Epochs}";
    readonly Stopwatch clock = Stopwatch.StartNew();
    long features;

    /// <summary>Takes the epochs too, as long as it can; null for none.</summary>
    public IProgress<EpochMetrics>? Also { get; set; }

    /// <summary>Draws the epochs too; null for no curves.</summary>
    public TrainingCurves? Curves { get; init; }

    public CancellationToken Cancellation => terminal.Cancellation;

    public void Report(EpochMetrics value)
    {
        history.Add(value);
        ReportAlso(value);
        Curves?.Add(value);
        terminal.Result(new()
        {
            ["event"] = "epoch",
            ["epoch"] = value.Epoch,
            ["epochs"] = length.Epochs,
            ["loss"] = JsonText.Number(value.Loss),
            ["accuracy"] = value.Accuracy,
            ["validationLoss"] = JsonText.Number(value.ValidationLoss ?? double.NaN),
            ["validationAccuracy"] = JsonText.Number(value.ValidationAccuracy ?? double.NaN),
            ["learningRate"] = value.LearningRate,
            ["seconds"] = value.Seconds,
        });
        var watched = value.ValidationLoss is { } loss ? $"  validation {loss:0.000} {value.ValidationAccuracy,6:0.0%}" : "";
        var fitted = $"loss {value.Loss:0.000}  accuracy {value.Accuracy,6:0.0%}{watched}";
        // What takes a head's time are the features before it, which its own seconds leave out.
        terminal.Line(length.HeadAtOnce is { } head
            ? $"{head} on the features of {value.Samples} images  {fitted}  {clock.Elapsed.TotalSeconds:0.0} s"
            : $"epoch {value.Epoch.ToString().PadLeft(total.Length)}/{total}  {fitted}  "
                + $"{value.Samples / Math.Max(value.Seconds, 1e-9):0} images/s");
    }

    void ReportAlso(EpochMetrics value)
    {
        try
        {
            Also?.Report(value);
        }
        catch (IOException exception)
        {
            terminal.Error($"warning: {exception.Message} Training goes on without it.");
            Also = null;
        }
    }

    public void Report(TrainingProgress value) =>
        bar.Report(new((value.Epoch - 1) * value.SamplesPerEpoch + value.Samples, $"epoch {value.Epoch}/{value.Epochs}"));

    /// <summary>Takes an image whose features are there; epochs are told of otherwise.</summary>
    public void Report(ImageClassificationMetrics value)
    {
        if (value.Bottleneck is not null)
            bar.Report(new(++features, "features", length.Features));
    }
}
