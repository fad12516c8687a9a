using System.Diagnostics;

namespace MlPipelines;

/// <summary>An epoch that is not over, as a checkpoint holds it.</summary>
/// <param name="Taken">Samples of its order that are behind it, those among them that could not be read.</param>
/// <param name="Count">Samples learnt from.</param>
/// <param name="Right">How many of them were right.</param>
/// <param name="Loss">Sum of their losses.</param>
/// <param name="Rate">Learning rate of the last step.</param>
/// <param name="Seconds">Time that it took so far.</param>
sealed record BegunEpoch(int Taken, long Count, long Right, double Loss, float Rate, double Seconds);

/// <summary>The epoch that is being learnt.</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="begun">Where it goes on; null for its start.</param>
sealed class EpochInWork(int classes, BegunEpoch? begun)
{
    readonly Stopwatch clock = Stopwatch.StartNew();

    /// <summary>Loss and accuracy so far.</summary>
    public Tally Tally { get; } = begun is null ? new(classes) : new(classes, begun.Count, begun.Right, begun.Loss);

    /// <summary>Samples of its order that are behind it.</summary>
    public int Taken { get; private set; } = begun?.Taken ?? 0;

    /// <summary>Learning rate of the last step.</summary>
    public float Rate { get; private set; } = begun?.Rate ?? 0;

    /// <summary>Time that it took so far, that before an interruption included.</summary>
    public double Seconds => (begun?.Seconds ?? 0) + clock.Elapsed.TotalSeconds;

    /// <summary>Goes behind a step.</summary>
    /// <param name="turn">Place of its last sample in the order.</param>
    /// <param name="rate">Its learning rate.</param>
    public void Pass(int turn, float rate) => (Taken, Rate) = (turn + 1, rate);

    /// <summary>What a checkpoint holds of it.</summary>
    public BegunEpoch Now => new(Taken, Tally.Count, Tally.CountRight, Tally.SumOfLosses, Rate, Seconds);
}
