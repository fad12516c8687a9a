using System.Diagnostics;
using k8s;
using k8s.Models;
using MlPipelines.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli.Scaling;

/// <summary>What is written for clusters: run through a shell and read by Kubernetes' own types, whatever names are like.</summary>
public sealed class ClusterCommandTests : IDisposable
{
    static readonly string[] hostile =
    [
        "a b", "it's", "say \"hi\"", "two\nlines", "$HOME", "$(touch hacked)", "`touch hacked`", "$$", "back\\slash", "semi;colon", "star*",
        "# no comment", "&& false", "tab\there", "ümläut", "😀", "{{x}}", "--help me", "%j", "!history", "~", "[x]", "a: b", "- c", "null",
        "\u2028\u0085\uFEFF", "$(JOB_COMPLETION_INDEX)",
    ];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Hostile => [.. hostile];

    [Theory, MemberData(nameof(Hostile))]
    public void A_script_for_Slurm_hands_on_names_as_they_are(string name)
    {
        var script = Written("slurm", "--shards", "16", "--parts", name, "--program", Echo($"{name}/mlpipe"), "predict", "--top", "3",
            "--output", $"out {name}.csv", "--", name, $"photos/{name}");
        AssertArguments(["predict", "--shard", "3/16", .. Output(name), "--top", "3", .. Files(name, $"photos/{name}")],
            Bash([script], ("SLURM_ARRAY_TASK_ID", "3")));
        AssertArguments(["merge", $"--output=out {name}.csv", .. Folder(name)], Bash([script, "merge"], ("SLURM_ARRAY_TASK_ID", "1")));
        Assert.False(File.Exists(folder.File("hacked")));
    }

    [Theory, MemberData(nameof(Hostile))]
    public void Jobs_for_Kubernetes_hand_on_names_as_they_are(string name)
    {
        var jobs = KubernetesYaml.LoadAllFromString(Yaml("--shards", "16", "--image", name, "--parts", name, "--program",
            Echo($"{name}/mlpipe"), "--mount", $"/data {name}", "evaluate", "--miss", $"wrong {name}", "--", name, $"photos/{name}"))
            .Cast<V1Job>().ToArray();
        var container = jobs[0].Spec.Template.Spec.Containers[0];
        Assert.Equal((name, $"/data {name}"), (container.Image, container.WorkingDir));
        AssertArguments(["evaluate", "--shard", "3/16", .. Output(name), .. Files(name, $"photos/{name}")], Pod(container));
        AssertArguments(["merge", $"--miss=wrong {name}", .. Folder(name)], Pod(jobs[1].Spec.Template.Spec.Containers[0]));
        Assert.False(File.Exists(folder.File("hacked")));
    }

    [Fact]
    public void Jobs_for_Kubernetes_ask_for_what_was_said()
    {
        var jobs = KubernetesYaml.LoadAllFromString(Yaml("--shards", "16", "--image", "images/mlpipe:1", "--claim", "photos", "--cpus", "4",
            "--memory", "6G", "--time", "1:30:00", "--retries", "5", "--name", "score", "predict", "model.onnx", "photos", "--output",
            "results.csv")).Cast<V1Job>().ToArray();
        Assert.Equal(["score", "score-merge"], jobs.Select(job => job.Metadata.Name));
        Assert.All(jobs, job => Assert.Equal(("batch/v1", "Job"), (job.ApiVersion, job.Kind)));
        var spec = jobs[0].Spec;
        Assert.Equal(("Indexed", 16, 16, 5), (spec.CompletionMode, spec.Completions, spec.Parallelism, spec.BackoffLimitPerIndex));
        var pod = spec.Template.Spec;
        Assert.Equal(("Never", 5400), (pod.RestartPolicy, pod.ActiveDeadlineSeconds));
        var limits = pod.Containers[0].Resources.Limits;
        Assert.Equal(("4", "6Gi"), (limits["cpu"].ToString(), limits["memory"].ToString()));
        Assert.Equal(("photos", "/data"), (pod.Volumes[0].PersistentVolumeClaim.ClaimName, pod.Containers[0].VolumeMounts[0].MountPath));
        var rule = Assert.Single(spec.PodFailurePolicy.Rules);
        Assert.Equal(("FailIndex", "shard", 2), (rule.Action, rule.OnExitCodes.ContainerName, Assert.Single(rule.OnExitCodes.Values)));
        Assert.True(jobs[1].Spec.Suspend);
        Assert.Equal(["mlpipe", "merge", "--output=results.csv", "parts"], jobs[1].Spec.Template.Spec.Containers[0].Command);
    }

    [Fact]
    public void A_training_is_an_MPIJob()
    {
        var yaml = Yaml("--shards", "4", "--image", "images/mlpipe:1", "--claim", "photos", "train", "photos", "--fine-tune", "5");
        var job = KubernetesYaml.Deserialize<Dictionary<string, object>>(yaml);
        Assert.Equal(("kubeflow.org/v2beta1", "MPIJob"), (job["apiVersion"], job["kind"]));
        Assert.Contains("  mpiImplementation: MPICH\n", yaml, StringComparison.Ordinal);
        Assert.Contains("command: [\"mpirun\", \"-n\", \"4\", \"mlpipe\", \"train\", \"--fine-tune\", \"5\", \"photos\"]", yaml,
            StringComparison.Ordinal);
        Assert.Contains("      replicas: 4\n", yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("srun", "srun --mpi=pmi2")]
    [InlineData("mpirun", "mpirun -n 4")]
    public void A_training_under_Slurm_goes_on_where_it_stopped(string launcher, string start)
    {
        var script = Written("slurm", "--shards", "4", "--launcher", launcher, "--memory", "8G", "--cpus", "3", "--retries", "1",
            "train", "a b", "--fine-tune", "5");
        var text = File.ReadAllText(script);
        Assert.Contains($"  {start} mlpipe train \"${{resume[@]}}\" --fine-tune 5 'a b'\n", text, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --ntasks=4\n", text, StringComparison.Ordinal);
        Assert.Contains("#SBATCH --mem-per-cpu=2796203K\n", text, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.File("bin"));
        Executable(folder.File($"bin/{start.Split(' ')[0]}"), "printf '%s\\0' \"$@\" >> \"$0.said\"; exit 1");
        Bash([script], ("PATH", $"{folder.File("bin")}:{Environment.GetEnvironmentVariable("PATH")}"));
        var said = File.ReadAllText(folder.File($"bin/{start.Split(' ')[0]}.said")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        string[] before = start.Split(' ')[1..];
        Assert.Equal([.. before, "mlpipe", "train", "--fine-tune", "5", "a b", .. before, "mlpipe", "train", "--resume", "--fine-tune", "5",
            "a b"], said);
    }

    [Fact]
    public void A_script_for_Slurm_asks_for_what_was_said()
    {
        var text = File.ReadAllText(Written("slurm", "--shards", "16", "--cpus", "4", "--memory", "6G", "--time", "2-01:30:00", "--retries",
            "5", "--name", "score", "--partition", "long,short", "predict", "model.onnx", "photos", "--output=results.csv"));
        Assert.All((string[])["job-name=score", "array=1-16", "cpus-per-task=4", "mem=6G", "time=2-01:30:00", "partition=long,short",
            "requeue"], directive => Assert.Contains($"#SBATCH --{directive}\n", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(130, 1)]
    public void What_failed_is_tried_again_and_what_is_called_wrongly_is_not(int code, int times)
    {
        var program = folder.File("fails");
        Executable(program, $"echo >> \"$0.said\"; exit {code}");
        var script = Written("slurm", "--shards", "2", "--retries", "2", "--program", program, "features", "m.onnx", "photos", "--output",
            "f.npy");
        Assert.Equal(code, Bash([script], ("SLURM_ARRAY_TASK_ID", "1")).Exit);
        Assert.Equal(times, File.ReadAllLines($"{program}.said").Length);
    }

    [Theory]
    [InlineData("COMMAND: got 'serve', needs one of predict, evaluate, features, train", "serve", "model.onnx")]
    [InlineData("predict: Unrecognized option '--tpo'", "predict", "model.onnx", "photos", "--tpo", "3", "--output", "x.csv")]
    [InlineData("predict: --top: got '0', needs a whole number", "predict", "model.onnx", "photos", "--top", "0", "--output", "x.csv")]
    [InlineData("predict: FILES is missing", "predict", "model.onnx")]
    [InlineData("predict: where the results of all shards go is not said", "predict", "model.onnx", "photos")]
    [InlineData("--shard: is what the job says to each shard", "predict", "model.onnx", "photos", "--shard", "1/2", "--output", "x")]
    [InlineData("-: a job of a cluster has no standard input", "predict", "model.onnx", "-", "--output", "x.csv")]
    [InlineData("--name: got 'A b', needs a name of a to z", "--name", "A b", "evaluate", "model.onnx", "photos")]
    [InlineData("--memory: got '4', needs a whole number with K, M, G or T", "--memory", "4", "evaluate", "model.onnx", "photos")]
    [InlineData("--time: got '90', needs hours, minutes and seconds", "--time", "90", "evaluate", "model.onnx", "photos")]
    [InlineData("--partition: got 'a b', needs a name of letters", "--partition", "a\nb", "evaluate", "model.onnx", "photos")]
    public void What_cannot_be_done_is_a_misuse(string said, params string[] words)
    {
        var (exit, _, error) = Run(["cluster", "slurm", "--shards", "2", .. words]);
        Assert.Equal(2, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    string Written(params string[] words)
    {
        var script = folder.File("job.sh");
        var (exit, _, error) = Run(["cluster", words[0], "--output", script, .. words[1..]]);
        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(0, Start("bash", ["-n", script]).Exit);
        return script;
    }

    static string Yaml(params string[] words)
    {
        var (exit, output, error) = Run(["cluster", "kubernetes", .. words]);
        Assert.Equal((0, ""), (exit, error));
        return output;
    }

    // Kubernetes fills in $(NAME) and takes $$ for $.
    (int Exit, string Output) Pod(V1Container container)
    {
        string[] words = [.. container.Command.Select(word => word.Replace("$$", "$", StringComparison.Ordinal))];
        Assert.All(container.Command, word => Assert.DoesNotContain('$', word.Replace("$$", "", StringComparison.Ordinal)));
        return Start(words[0], words[1..], ("JOB_COMPLETION_INDEX", "2"));
    }

    (int Exit, string Output) Bash(string[] words, params (string Name, string Value)[] variables) => Start("bash", words, variables);

    (int Exit, string Output) Start(string program, string[] words, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, WorkingDirectory = folder.Path };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>A program that prints its arguments.</summary>
    string Echo(string name)
    {
        var path = folder.File(name);
        Executable(path, "printf '%s\\0' \"$@\"");
        return path;
    }

    static void Executable(string path, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static string[] Files(string first, string second) => first.StartsWith('-') ? ["--", first, second] : [first, second];

    static string[] Output(string name) => name.StartsWith('-') ? [$"--output={name}"] : ["--output", name];

    static string[] Folder(string name) => name.StartsWith('-') ? ["--", name] : [name];

    static void AssertArguments(string[] expected, (int Exit, string Output) said)
    {
        Assert.Equal(0, said.Exit);
        Assert.Equal(string.Join('\0', expected), said.Output.TrimEnd('\0'));
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(arguments, output, error, TestContext.Current.CancellationToken), output.ToString(), error.ToString());
    }
}
