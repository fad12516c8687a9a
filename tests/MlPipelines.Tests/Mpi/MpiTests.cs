using System.Diagnostics;
using MlPipelines.Cli;
using MlPipelines.Tests.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Mpi;

/// <summary>mlpipe train under MPICH's launcher.</summary>
[Trait("Category", "Runtime")]
public sealed class MpiTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public MpiTests() => RedAndBlue.Make(folder, 21);

    public void Dispose() => folder.Dispose();

    static string? Mpirun() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(path => Path.Combine(path, "mpirun.mpich")).FirstOrDefault(File.Exists);

    Process Start(int ranks, string runs)
    {
        Assert.SkipWhen(Mpirun() is null, "MPICH's launcher, mpirun.mpich, is not installed.");
        // Each rank leaves its number, so that it can be killed.
        return Process.Start(new ProcessStartInfo(Mpirun()!, ["-n", $"{ranks}", "bash", "-c",
            "echo $$ > \"$0/pid$PMI_RANK\"; exec dotnet \"$@\"", folder.Path, typeof(CommandLine).Assembly.Location, "train",
            "data", "--output", folder.File(runs), "--name", "run", "--size", "16", "--epochs", "3", "--batch", "8", "--seed", "7",
            "--resume", "--checkpoint-steps", "1", "--no-cache", "--from-scratch"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    static async Task<(int Exit, string Text)> Ended(Process process)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromMinutes(1));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
        try
        {
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    async Task<string> Trained(int ranks, string runs)
    {
        using var process = Start(ranks, runs);
        var (exit, text) = await Ended(process);
        Assert.True(exit == 0, $"{exit}: {text}");
        return text;
    }

    byte[] Model(string runs) => File.ReadAllBytes(folder.File($"{runs}/run/model.onnx"));

    [Fact]
    public async Task Ranks_write_one_run_and_speak_with_one_voice()
    {
        const int ranks = 2;
        var text = await Trained(ranks, "one");
        Assert.Single(text.Split('\n'), line => line.StartsWith("epoch 1/3 ", StringComparison.Ordinal));
        Assert.Contains($"{ranks} processes", text, StringComparison.Ordinal);
        Assert.Equal(["run"], Directory.GetDirectories(folder.File("one")).Select(Path.GetFileName));
        await Trained(ranks, "again");
        Assert.Equal(Model("one"), Model("again"));
    }

    [Fact]
    public async Task A_rank_that_is_killed_ends_all_and_resuming_ends_in_the_same_bits()
    {
        const int ranks = 3;
        await Trained(ranks, "whole");
        using (var process = Start(ranks, "killed"))
        {
            var state = folder.File("killed/run/checkpoint/state.bin");
            for (var waited = 0; !File.Exists(state) && waited < 600; waited++)
                await Task.Delay(50, TestContext.Current.CancellationToken);
            var clock = Stopwatch.StartNew();
            using (var rank = Process.GetProcessById(int.Parse(File.ReadAllText(folder.File($"pid{ranks - 1}")),
                System.Globalization.CultureInfo.InvariantCulture)))
                rank.Kill();
            Assert.NotEqual(0, (await Ended(process)).Exit);
            Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        }
        await Trained(ranks, "killed");
        Assert.Equal(Model("whole"), Model("killed"));
    }

    [Fact]
    public async Task A_rank_with_other_data_is_named()
    {
        foreach (var (rank, label) in new[] { (0, "red"), (0, "blue"), (1, "red"), (1, "blue") })
        {
            Directory.CreateDirectory(folder.File($"rank{rank}/data/{label}"));
            foreach (var file in Directory.GetFiles(folder.File($"data/{label}")).Skip(rank))
                File.Copy(file, folder.File($"rank{rank}/data/{label}/{Path.GetFileName(file)}"));
        }
        Assert.SkipWhen(Mpirun() is null, "MPICH's launcher, mpirun.mpich, is not installed.");
        using var process = Process.Start(new ProcessStartInfo(Mpirun()!, ["-n", "2", "bash", "-c",
            "cd \"$0/rank$PMI_RANK\"; exec dotnet \"$@\"", folder.Path, typeof(CommandLine).Assembly.Location, "train", "data", "--output",
            folder.File("other"), "--size", "16", "--epochs", "1", "--no-cache", "--from-scratch"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (exit, text) = await Ended(process);
        Assert.NotEqual(0, exit);
        Assert.Contains("The processes differ: rank 1 in fingerprint", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("other")));
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
