using System.Diagnostics;

namespace MlPipelines.Cli;

/// <summary>Tells of progress on the thread that makes it; <see cref="Progress{T}"/> would tell later, and out of order.</summary>
sealed class SynchronousProgress<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}

/// <summary>How far some work is.</summary>
/// <param name="Done">How much is done.</param>
/// <param name="Name">What is done.</param>
/// <param name="Total">How much there is of it; null for as much as was said when the work began.</param>
readonly record struct WorkProgress(long Done, string Name, long? Total = null);

/// <summary>Progress of one kind of work as that of a bar.</summary>
static class BarProgress
{
    /// <summary>A count of images, under a name.</summary>
    public static IProgress<long> Counting(this IProgress<WorkProgress> bar, string name) =>
        new SynchronousProgress<long>(done => bar.Report(new(done, name)));
}

/// <summary>Progress as lines: none at first, then one now and then.</summary>
/// <param name="tell">Takes a line.</param>
/// <param name="total">How much there is, where the work does not say it.</param>
/// <param name="unit">What is counted.</param>
/// <param name="silence">Time between lines.</param>
sealed class LineProgress(Action<string> tell, long total, string unit, TimeSpan silence) : IProgress<WorkProgress>
{
    readonly Stopwatch clock = Stopwatch.StartNew();
    TimeSpan told;

    public void Report(WorkProgress value)
    {
        if (clock.Elapsed - told < silence)
            return;
        told = clock.Elapsed;
        tell($"{value.Name}: {value.Done} of {value.Total ?? total} {unit}");
    }
}
