#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// Whether a training that is killed at any moment goes on to the same bits.
// dotnet run -c Release bench/kills.cs MLPIPE.dll FOLDER [KILLS 100] [SEED 1] [OPTIONS OF TRAIN ...]
// It trains once undisturbed, then again and again with --resume, each time killed after a random time of at most that of the whole run;
// a run that came to its end before it was killed is compared with the undisturbed one, byte by byte, and the next starts from nothing.
// The exit code is 1 where one differs, fails, or leaves something behind.
using System.Diagnostics;
using System.Globalization;

if (args.Length < 2)
{
    Console.Error.WriteLine("kills: needs mlpipe.dll and a labelled folder.");
    return 1;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (program, folder, kills) = (args[0], Path.GetFullPath(args[1]), args.Length > 2 ? int.Parse(args[2]) : 100);
var random = new Random(args.Length > 3 ? int.Parse(args[3]) : 1);
string[] options = args.Length > 4 ? args[4..] : ["--from-scratch", "--size", "16", "--epochs", "4", "--batch", "8"];
string[] compared = ["model.onnx", "predictions.csv", "metrics.json", "confusion_matrix.csv"];
var work = Directory.CreateTempSubdirectory("kills-").FullName;
var failures = new List<string>();
try
{
    var whole = Stopwatch.StartNew();
    var (ended, said) = Train("undisturbed", Timeout.InfiniteTimeSpan);
    if (ended != 0)
    {
        Console.Error.WriteLine($"kills: the undisturbed run ended with {ended}: {said}");
        return 1;
    }
    whole.Stop();
    var (killed, finished, stages) = (0, 0, new SortedDictionary<string, int>());
    var clock = Stopwatch.StartNew();
    while (killed < kills)
    {
        var (exit, output) = Train("killed", whole.Elapsed * random.NextDouble());
        if (exit is null)
        {
            killed++;
            var stage = Stage();
            stages[stage] = stages.GetValueOrDefault(stage) + 1;
            continue;
        }
        finished++;
        Compare(exit.Value, output);
        Directory.Delete(Path.Combine(work, "killed"), recursive: true);
    }
    var (last, words) = Train("killed", Timeout.InfiniteTimeSpan);
    finished++;
    Compare(last!.Value, words);
    Console.WriteLine($"{killed} kills, {string.Join(", ", stages.Select(stage => $"{stage.Value} {stage.Key}"))}; {finished} runs came to "
        + $"their end, {finished - failures.Count} of them to the bits of the undisturbed one ({whole.Elapsed.TotalSeconds:0.0} s); "
        + $"{clock.Elapsed.TotalMinutes:0.0} minutes");
    foreach (var failure in failures)
        Console.WriteLine(failure);
    return failures.Count == 0 ? 0 : 1;
}
finally
{
    Directory.Delete(work, recursive: true);
}

// The exit code, null where it was killed, and what it said.
(int? Exit, string Said) Train(string name, TimeSpan most)
{
    var start = new ProcessStartInfo("dotnet", [program, "train", folder, "--output", Path.Combine(work, name), "--name", "run", "--resume",
        "--no-cache", "--checkpoint-steps", "1", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
    using var process = Process.Start(start)!;
    var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    if (process.WaitForExit(most))
        return (process.ExitCode, output.Result + error.Result);
    process.Kill();
    process.WaitForExit();
    return (null, "");
}

string Stage()
{
    var run = Path.Combine(work, "killed", "run");
    return File.Exists(Path.Combine(run, "metrics.json")) ? "at the very end"
        : File.Exists(Path.Combine(run, "model.onnx")) ? "while testing"
        : File.Exists(Path.Combine(run, "checkpoint", "state.bin")) ? "while learning" : "before the first checkpoint";
}

void Compare(int exit, string said)
{
    var (run, whole) = (Path.Combine(work, "killed", "run"), Path.Combine(work, "undisturbed", "run"));
    if (exit != 0)
        failures.Add($"ended with {exit}: {said}");
    else if (compared.FirstOrDefault(file => !File.ReadAllBytes(Path.Combine(run, file)).AsSpan()
        .SequenceEqual(File.ReadAllBytes(Path.Combine(whole, file)))) is { } other)
        failures.Add($"{other} differs");
    else if (!Names(run).SequenceEqual(Names(whole)))
        failures.Add($"left other files: {string.Join(", ", Names(run).Except(Names(whole)))}");
}

static string[] Names(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
    .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
