using MlPipelines.Execution;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Execution;

/// <summary>How many cores there are, by made-up files of Linux's kernel.</summary>
public sealed class ProcessorCoresTests
{
    [Theory]
    [InlineData("0-3", 2)]
    [InlineData("0,2", 1)] // Two threads of one core.
    [InlineData("1-2", 2)]
    [InlineData("0-9", 2)] // Some are not there.
    [InlineData("17", null)]
    public void Threads_of_one_core_count_once_and_only_where_the_process_may_run(string allowed, int? cores)
    {
        using var folder = new TemporaryFolder();
        foreach (var number in Enumerable.Range(0, 4))
        {
            Directory.CreateDirectory(folder.File($"system/cpu{number}/topology"));
            File.WriteAllText(folder.File($"system/cpu{number}/topology/thread_siblings_list"), $"{number % 2},{number % 2 + 2}\n");
        }
        File.WriteAllText(folder.File("status"), $"Name:\tdotnet\nCpus_allowed:\tf\nCpus_allowed_list:\t{allowed}\nThreads:\t1\n");
        Assert.Equal(cores, ProcessorCores.CountIn(folder.File("system"), folder.File("status")));
        Assert.Null(ProcessorCores.CountIn(folder.File("system"), folder.File("nothing")));
        Assert.Null(ProcessorCores.CountIn(folder.File("nothing"), folder.File("status")));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Sessions_take_one_thread_a_core_and_no_more_than_the_process_may_have()
    {
        using var options = new SessionSettings().ToOptions(null);
        if (OperatingSystem.IsLinux())
            Assert.InRange(options.IntraOpNumThreads, 1, Environment.ProcessorCount);
        Assert.Equal(ProcessorCores.Count ?? 0, options.IntraOpNumThreads);
        using var given = new SessionSettings { IntraOpThreads = 3 }.ToOptions(null);
        Assert.Equal(3, given.IntraOpNumThreads);
    }
}
