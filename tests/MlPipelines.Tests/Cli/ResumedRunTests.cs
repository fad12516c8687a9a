using System.Diagnostics;
using MlPipelines.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>Runs that are stopped, killed or started twice.</summary>
[Trait("Category", "Runtime")]
public sealed class ResumedRunTests : IDisposable
{
    static readonly string[] kept = ["model.onnx", "predictions.csv", "metrics.json", "confusion_matrix.csv"];

    readonly TemporaryFolder folder = new();

    public ResumedRunTests() => RedAndBlue.Make(folder, 20);

    public void Dispose() => folder.Dispose();

    string[] Arguments(string runs) => ["train", folder.File("data"), "--output", folder.File(runs), "--name", "run", "--size", "16",
        "--epochs", "3", "--batch", "8", "--seed", "7", "--resume", "--checkpoint-steps", "1", "--no-cache"];

    (int Exit, string Error) Train(string runs, CancellationToken? cancellation = null, TextWriter? output = null)
    {
        var error = new StringWriter();
        return (CommandLine.Run(Arguments(runs), output ?? TextWriter.Null, error, cancellation ?? TestContext.Current.CancellationToken),
            error.ToString());
    }

    void AssertEqualRuns(string one, string other)
    {
        foreach (var file in kept)
            Assert.True(File.ReadAllBytes(folder.File($"{one}/run/{file}")).AsSpan().SequenceEqual(
                File.ReadAllBytes(folder.File($"{other}/run/{file}"))), file);
        Assert.Equal(Names(one), Names(other));
    }

    string[] Names(string runs) => [.. Directory.GetFileSystemEntries(folder.File($"{runs}/run"), "*", SearchOption.AllDirectories)
        .Select(entry => Path.GetRelativePath(folder.File(runs), entry)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_process_killed_at_any_moment_goes_on_to_the_same_bits()
    {
        const int kills = 4;
        var (clock, dice, killed) = (Stopwatch.StartNew(), Dice.For(3), 0);
        Assert.True(await Ended("whole", null));
        var whole = clock.Elapsed;
        while (killed < kills)
        {
            if (!await Ended("killed", whole * dice.Uniform(0.3f, 0.9f)))
            {
                killed++;
                continue;
            }
            AssertEqualRuns("whole", "killed");
            Directory.Delete(folder.File("killed"), recursive: true);
        }
        Assert.True(await Ended("killed", null));
        AssertEqualRuns("whole", "killed");
    }

    // Whether it came to its end; after that time it is killed.
    async Task<bool> Ended(string runs, TimeSpan? most)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. Arguments(runs)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(most ?? TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            Assert.NotNull(most);
            return false;
        }
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {await output}{await error}");
        return true;
    }

    [Fact]
    public void A_run_stopped_by_Ctrl_C_in_an_epoch_goes_on_to_the_same_bits()
    {
        Assert.Equal(0, Train("whole").Exit);
        using var stop = new CancellationTokenSource();
        var (exit, error) = Train("stopped", stop.Token, new StopAfterFirstEpoch(stop));
        Assert.Equal(130, exit);
        Assert.Contains("--resume goes on from here", error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("stopped/run/model.onnx")));
        Assert.Equal(0, Train("stopped").Exit);
        AssertEqualRuns("whole", "stopped");
    }

    [Fact]
    public void A_run_in_the_folder_of_one_that_is_at_work_is_refused()
    {
        Assert.Equal(0, Train("runs").Exit);
        var (exit, error) = FolderLock.Holding(folder.File("runs/run"), () => Train("runs"));
        Assert.Equal(1, exit);
        Assert.Contains("runs/run: another run is at work in it.", error.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Equal(0, Train("runs").Exit);
    }

    [Fact]
    public void A_run_whose_images_have_changed_does_not_go_on()
    {
        string[] arguments = [.. Arguments("runs").Except(["--no-cache"]), "--cache", folder.File("cache")];
        using var stop = new CancellationTokenSource();
        Assert.Equal(130, CommandLine.Run(arguments, new StopAfterFirstEpoch(stop), TextWriter.Null, stop.Token));
        var picture = folder.File("data/red/3.png");
        var before = File.ReadAllBytes(picture);
        // Its last byte is of a sum at the end of the file.
        File.WriteAllBytes(picture, [.. before[..^1], (byte)(before[^1] ^ 1)]);
        Assert.Matches(@"^mlpipe: \S*3\.png: holds something else than when the training that stopped learnt from it", Refused());
        File.WriteAllBytes(picture, [.. before, 0]);
        Assert.Contains("its images are not those that it was run with, so it cannot go on: files have other names or sizes.", Refused(),
            StringComparison.Ordinal);
        File.Delete(picture);
        Assert.Contains("run with ('red' had 20 and has 19), so it cannot go on", Refused(), StringComparison.Ordinal);
        File.WriteAllBytes(picture, before);
        arguments = [.. arguments, "--test", folder.File("data")];
        Assert.Contains("was run with other options (", Refused(), StringComparison.Ordinal);
        arguments = arguments[..^2];
        Assert.Equal(0, CommandLine.Run(arguments, TextWriter.Null, TextWriter.Null));

        string Refused()
        {
            var error = new StringWriter();
            Assert.Equal(1, CommandLine.Run(arguments, TextWriter.Null, error));
            return error.ToString().Split('\n').Single(line => line.StartsWith("mlpipe: ", StringComparison.Ordinal));
        }
    }

    sealed class StopAfterFirstEpoch(CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("epoch ", StringComparison.Ordinal) == true)
                stop.Cancel();
        }
    }
}
