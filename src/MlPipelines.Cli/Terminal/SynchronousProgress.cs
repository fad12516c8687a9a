namespace MlPipelines.Cli;

/// <summary>Tells of progress on the thread that makes it; <see cref="Progress{T}"/> would tell later, and out of order.</summary>
sealed class SynchronousProgress<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}

/// <summary>Progress of one kind of work as that of a bar.</summary>
static class BarProgress
{
    /// <summary>A count of images, under a name.</summary>
    public static IProgress<long> Counting(this IProgress<(long Done, string Name)> bar, string name) =>
        new SynchronousProgress<long>(done => bar.Report((done, name)));
}
