using System.Diagnostics;
using System.Globalization;
using MlPipelines.Cli;
using MlPipelines.Tests.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Mpi;

/// <summary>A folder with pictures of two classes, and trainings on them under MPICH's launcher.</summary>
sealed class MpiRuns : IDisposable
{
    static readonly string mlpipe = typeof(CommandLine).Assembly.Location;

    public MpiRuns() => RedAndBlue.Make(Folder, 21);

    public TemporaryFolder Folder { get; } = new();

    public void Dispose() => Folder.Dispose();

    static string? Mpirun() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(path => Path.Combine(path, "mpirun.mpich")).FirstOrDefault(File.Exists);

    /// <summary>Begins processes that bash starts, each with its number in PMI_RANK, and the folder in $0.</summary>
    /// <param name="ranks">How many.</param>
    /// <param name="script">Ends in "$@", which is the command.</param>
    /// <param name="arguments">Of mlpipe.</param>
    public Process Start(int ranks, string script, params string[] arguments)
    {
        Assert.SkipWhen(Mpirun() is null, "MPICH's launcher, mpirun.mpich, is not installed.");
        return Process.Start(new ProcessStartInfo(Mpirun()!,
            ["-n", $"{ranks}", "bash", "-c", script, Folder.Path, "dotnet", mlpipe, .. arguments])
        {
            WorkingDirectory = Folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Begins a training that leaves a checkpoint after each step.</summary>
    /// <param name="ranks">How many processes; each leaves its number, for <see cref="Rank"/>.</param>
    /// <param name="runs">Folder of the run.</param>
    /// <param name="wrapper">What each process is started by.</param>
    public Process Start(int ranks, string runs, string wrapper = "") => Start(ranks,
        $"exec {wrapper} bash -c 'echo $$ > \"$0/pid$PMI_RANK\"; exec \"$@\"' \"$0\" \"$@\"",
        "train", "data", "--output", Folder.File(runs), "--name", "run", "--size", "16", "--epochs", "3", "--batch", "8",
        "--seed", "7", "--resume", "--checkpoint-steps", "1", "--no-cache", "--from-scratch");

    /// <summary>A process of the training that was begun last.</summary>
    public Process Rank(int rank) =>
        Process.GetProcessById(int.Parse(File.ReadAllText(Folder.File($"pid{rank}")), CultureInfo.InvariantCulture));

    /// <summary>Waits for the first checkpoint.</summary>
    public async Task UntilCheckpoint(string runs)
    {
        var state = Folder.File($"{runs}/run/checkpoint/state.bin");
        for (var waited = 0; !File.Exists(state) && waited < 600; waited++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(state));
    }

    /// <summary>Waits for the end of all processes.</summary>
    public static async Task<(int Exit, string Text)> Ended(Process process)
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

    /// <summary>Trains to the end and gives what was said.</summary>
    public async Task<string> Trained(int ranks, string runs)
    {
        using var process = Start(ranks, runs);
        var (exit, text) = await Ended(process);
        Assert.True(exit == 0, $"{exit}: {text}");
        return text;
    }

    /// <summary>The model that a training left.</summary>
    public byte[] Model(string runs) => File.ReadAllBytes(Folder.File($"{runs}/run/model.onnx"));
}
