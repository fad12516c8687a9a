namespace MlPipelines.Tests.Execution;

/// <summary>What the process holds, for tests that run alone.</summary>
static class Memory
{
    /// <summary>
    /// The least of three measured growths. What earlier tests left behind comes and goes by itself, so one growth may be
    /// too large; what piles up is in each of them.
    /// </summary>
    public static long LeastGrowth(Func<long> growth) => Enumerable.Range(0, 3).Min(_ => growth());

    /// <summary>Bytes of managed objects that live on.</summary>
    public static long Living() => GC.GetTotalMemory(forceFullCollection: true);

    /// <summary>Bytes of the process that are in memory, native ones with them, after a collection.</summary>
    public static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>By how many bytes the process grows while something runs.</summary>
    public static long GrowthDuring(Action work)
    {
        var before = Resident();
        work();
        return Resident() - before;
    }
}
