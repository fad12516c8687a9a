namespace MlPipelines.Cli;

/// <summary>Images copied, for a bar.</summary>
sealed class CopyProgress(IProgress<(long Done, string Name)> bar) : IProgress<long>
{
    public void Report(long value) => bar.Report((value, "copying"));
}
