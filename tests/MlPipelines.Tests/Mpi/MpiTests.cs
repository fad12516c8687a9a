using System.Diagnostics;

namespace MlPipelines.Tests.Mpi;

/// <summary>mlpipe train under MPICH's launcher.</summary>
[Trait("Category", "Runtime")]
public sealed class MpiTests : IDisposable
{
    readonly MpiRuns all = new();

    public void Dispose() => all.Dispose();

    [Fact]
    public async Task Ranks_write_one_run_and_speak_with_one_voice()
    {
        const int ranks = 2;
        var text = await all.Trained(ranks, "one");
        Assert.Single(text.Split('\n'), line => line.StartsWith("epoch 1/3 ", StringComparison.Ordinal));
        Assert.Contains($"{ranks} processes", text, StringComparison.Ordinal);
        Assert.Equal(["run"], Directory.GetDirectories(all.Folder.File("one")).Select(Path.GetFileName));
        await all.Trained(ranks, "again");
        Assert.Equal(all.Model("one"), all.Model("again"));
    }

    [Fact]
    public async Task A_rank_that_is_killed_ends_all_and_resuming_ends_in_the_same_bits()
    {
        const int ranks = 3;
        await all.Trained(ranks, "whole");
        using (var process = all.Start(ranks, "killed"))
        {
            await all.UntilCheckpoint("killed");
            var clock = Stopwatch.StartNew();
            using (var rank = all.Rank(ranks - 1))
                rank.Kill();
            Assert.NotEqual(0, (await MpiRuns.Ended(process)).Exit);
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        }
        await all.Trained(ranks, "killed");
        Assert.Equal(all.Model("whole"), all.Model("killed"));
    }

    [Fact]
    public async Task A_rank_with_other_data_is_named()
    {
        foreach (var (rank, label) in new[] { (0, "red"), (0, "blue"), (1, "red"), (1, "blue") })
        {
            Directory.CreateDirectory(all.Folder.File($"rank{rank}/data/{label}"));
            foreach (var file in Directory.GetFiles(all.Folder.File($"data/{label}")).Skip(rank))
                File.Copy(file, all.Folder.File($"rank{rank}/data/{label}/{Path.GetFileName(file)}"));
        }
        using var process = all.Start(2, "cd \"$0/rank$PMI_RANK\"; exec \"$@\"", "train", "data", "--output", all.Folder.File("other"),
            "--size", "16", "--epochs", "1", "--no-cache", "--from-scratch");
        var (exit, text) = await MpiRuns.Ended(process);
        Assert.NotEqual(0, exit);
        Assert.Contains("The processes differ: rank 1 in fingerprint", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(all.Folder.File("other")));
    }

    [Fact]
    public void Launchers_whose_processes_cannot_speak_are_refused_in_a_sentence()
    {
        static string Refused(string name, string value) => Assert.Throws<PlatformNotSupportedException>(() =>
            Launcher.IsThere(new Dictionary<string, string> { [name] = value })).Message;

        Assert.Contains("Install MPICH", Refused("OMPI_COMM_WORLD_SIZE", "2"), StringComparison.Ordinal);
        Assert.Contains("srun --mpi=pmi2", Refused("SLURM_STEP_NUM_TASKS", "4"), StringComparison.Ordinal);
        Assert.False(Launcher.IsThere(new Dictionary<string, string> { ["SLURM_STEP_NUM_TASKS"] = "1" }));
        Assert.True(Launcher.IsThere(new Dictionary<string, string> { ["PMI_SIZE"] = "2" }));
    }

    [Fact]
    public void A_process_alone_is_a_communicator_of_one()
    {
        using var alone = MpiCommunicator.Open();
        Assert.Equal((0, 1), (alone.Rank, alone.Size));
        float[] numbers = [1, 2];
        alone.AllReduce(numbers);
        Assert.Equal([1, 2], numbers);
        Assert.Equal([[7]], alone.AllGather([7]));
    }

    [Fact]
    public void Cores_are_shared_by_those_that_may_use_the_same()
    {
        static RankPlace Place(string host, string processors, int cores) => new(host, 1, "", processors, cores, []);
        RankPlace[] places = [Place("a", "0-7", 8), Place("a", "0-7", 8), Place("b", "0-3", 4), Place("b", "4-7", 4)];
        Assert.Equal([4, 4, 4, 4], places.Select((_, rank) => RankPlace.CoresOf(places, rank)));
        Assert.Equal(1, RankPlace.CoresOf([.. Enumerable.Repeat(Place("a", "0", 1), 3)], 0));
    }
}
