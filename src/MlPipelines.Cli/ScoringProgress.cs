namespace MlPipelines.Cli;

/// <summary>Rows scored, for a bar.</summary>
sealed class ScoringProgress(IProgress<(long Done, string Name)> bar) : IProgress<long>
{
    public void Report(long value) => bar.Report((value, "scoring"));
}
