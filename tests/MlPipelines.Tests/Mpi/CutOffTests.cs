using System.Diagnostics;

namespace MlPipelines.Tests.Mpi;

/// <summary>Processes that are there and say nothing: MPI alone would wait for them for ever.</summary>
[Trait("Category", "Runtime")]
public sealed class CutOffTests : IDisposable
{
    // A process counts as cut off after 15 seconds; the rest is for the ends of processes on a busy machine.
    const int MostSeconds = 30;

    readonly MpiRuns all = new();

    public void Dispose() => all.Dispose();

    [Fact]
    public async Task A_rank_whose_cable_is_pulled_out_ends_all_and_resuming_ends_in_the_same_bits()
    {
        using var networks = NetworkNamespaces.Make();
        Assert.SkipWhen(networks is null, "Network namespaces cannot be made here; ip of iproute2 and the rights of root make them.");
        await all.Trained(2, "whole");
        // Over the cable, and not over memory that both see.
        var wrapper = $"env UCX_TLS=tcp,self MPIR_CVAR_NOLOCAL=1 {networks.Wrapper}";
        using (var process = all.Start(2, "cut", wrapper))
        {
            await all.UntilCheckpoint("cut");
            Assert.True(networks.Connect(false));
            await EndsIn(process);
        }
        Assert.True(networks.Connect(true));
        using (var process = all.Start(2, "cut", wrapper))
        {
            var (exit, text) = await MpiRuns.Ended(process);
            Assert.True(exit == 0, $"{exit}: {text}");
        }
        Assert.Equal(all.Model("whole"), all.Model("cut"));
    }

    [Fact]
    public async Task A_rank_that_stands_still_ends_all()
    {
        using var process = all.Start(2, "still");
        await all.UntilCheckpoint("still");
        using var rank = all.Rank(1);
        Assert.Equal(0, Kill("-STOP", rank.Id));
        await EndsIn(process);
        Assert.True(rank.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    static async Task EndsIn(Process process)
    {
        var clock = Stopwatch.StartNew();
        var (exit, text) = await MpiRuns.Ended(process);
        Assert.NotEqual(0, exit);
        Assert.Contains("no sign of life", text, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, MostSeconds);
    }

    static int Kill(string signal, int process)
    {
        using var kill = Process.Start("kill", [signal, $"{process}"]);
        kill.WaitForExit();
        return kill.ExitCode;
    }
}
