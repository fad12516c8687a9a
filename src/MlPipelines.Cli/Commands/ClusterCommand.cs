using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlPipelines.Cli;

/// <summary>mlpipe cluster slurm|kubernetes COMMAND….</summary>
static class ClusterCommand
{
    const string Name = "cluster";

    static readonly string[] commands = ["predict", "evaluate", "features", "train"];

    // What the command says is said to the merge, or by the job itself.
    static readonly HashSet<string> places = [OutputPlace.UsualOption, ShardSettings.MissOption];

    public static Command Create(Terminal terminal) => new(Name,
        "Writes the file by which a cluster predicts, evaluates or computes features in shards, or trains by several processes under MPI.")
    {
        Slurm(terminal),
        Kubernetes(terminal),
    };

    /// <summary>The words with -- before the command that the cluster is to do, so that its options are its own; the same where another
    /// command is called.</summary>
    public static string[] Divided(string[] words, ParseResult parsed)
    {
        var first = Array.FindIndex(words, word => !word.StartsWith('-'));
        if (first < 0 || words[first] != Name)
            return words;
        var options = parsed.CommandResult.Command.Options.Concat(parsed.RootCommandResult.Command.Options).ToArray();
        for (var place = first + 2; place < words.Length && words[place] != "--"; place++)
        {
            if (!words[place].StartsWith('-'))
                return [.. words[..place], "--", .. words[place..]];
            if (options.FirstOrDefault(option => option.Name == words[place]) is { } option && option.ValueType != typeof(bool))
                place++;
        }
        return words;
    }

    static SettingsCommand<Settings> Slurm(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("slurm", "Writes a script for Slurm: an array of shards and the merge behind it, or a "
            + "training by srun or mpirun.", new(), settings => Write(terminal, settings, SlurmScript.Of(Job(settings), settings.Partition,
                settings.Launcher)));
        AddCommon(command);
        command.Add(OptionKinds.Parsed<string?>("--partition", "The partition that does it.", "NAME", CheckedPartition),
            (settings, partition) => settings with { Partition = partition });
        command.Add(OptionKinds.Choice<MpiLauncher>("--launcher", "What starts the processes of a training: srun, or MPICH's mpirun.",
            "srun|mpirun"), (settings, launcher) => settings with { Launcher = launcher ?? MpiLauncher.Srun });
        return command;
    }

    static SettingsCommand<Settings> Kubernetes(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("kubernetes", "Writes YAML for Kubernetes: an Indexed Job of shards and a Job that "
            + "merges, or an MPIJob of Kubeflow.", new(), settings => Write(terminal, settings, KubernetesJobs.Of(Job(settings),
                new(settings.Image, settings.Claim, settings.Mount))));
        AddCommon(command);
        var image = OptionKinds.Text("--image", "The container's image, which has mlpipe.", "IMAGE");
        image.Required = true;
        command.Add(image, (settings, name) => settings with { Image = name });
        command.Add(OptionKinds.Text("--claim", "The claim of the volume that holds images, model, parts and results.", "NAME"),
            (settings, claim) => settings with { Claim = claim });
        command.Add(OptionKinds.Folder("--mount", "Where the volume is mounted; paths are found from there.", "/data"),
            (settings, mount) => settings with { Mount = mount });
        return command;
    }

    static void AddCommon(SettingsCommand<Settings> command)
    {
        command.Add(new Argument<string[]>("COMMAND")
        {
            Description = "What is done, with its options: predict, evaluate, features or train. Options of the job stand before it.",
            Arity = ArgumentArity.OneOrMore,
        }, (settings, words) => settings with { Words = words });
        command.Add(OptionKinds.RequiredNumber("--shards", "How many shards, or processes that train together.", 1),
            (settings, count) => settings with { Job = settings.Job with { Count = count } });
        command.Add(OptionKinds.Folder(ShardSettings.PartsOption, "The folder of the parts, which all machines see.", "parts"),
            (settings, parts) => settings with { Job = settings.Job with { Parts = parts } });
        command.Add(OptionKinds.Parsed<string?>("--name", "What the job is called; mlpipe-COMMAND without it.", "NAME",
            ClusterJob.CheckedName), (settings, name) => settings with { Job = settings.Job with { Name = name } });
        command.Add(Defaulted(OptionKinds.Text("--program", "How mlpipe is called on the machines.", "PATH"), "mlpipe"),
            (settings, program) => settings with { Job = settings.Job with { Program = program } });
        command.Add(OptionKinds.Number("--cpus", "Processors of each.", 2, 1),
            (settings, cpus) => settings with { Job = settings.Job with { Cpus = cpus } });
        command.Add(OptionKinds.Parsed<string?>("--memory", "Memory of each, such as 4G.", "SIZE", ClusterJob.CheckedMemory),
            (settings, memory) => settings with { Job = settings.Job with { Memory = memory } });
        command.Add(OptionKinds.Parsed("--time", "Longest time of each, such as 1:30:00.", "TIME", ClusterJob.CheckedTime),
            (settings, time) => settings with { Job = settings.Job with { Time = time } });
        command.Add(OptionKinds.Number("--retries", "How often what failed is tried again.", 2, 0, 100),
            (settings, retries) => settings with { Job = settings.Job with { Retries = retries } });
        command.Add(OptionKinds.Output(OutputPlace.UsualOption, "The file that is written; standard output without it.", "FILE"),
            (settings, output) => settings with { Output = output });
        command.Note((parsed, settings) => settings with { Inner = Inner(parsed.CommandResult, settings.Words) });
        command.Check(Problem);
    }

    static Option<string> Defaulted(Option<string> option, string fallback)
    {
        option.DefaultValueFactory = _ => fallback;
        return option;
    }

    static ParseResult Inner(CommandResult result, IReadOnlyList<string> words)
    {
        SymbolResult root = result;
        while (root.Parent is { } parent)
            root = parent;
        return ((CommandResult)root).Command.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    static string? Problem(CommandResult result)
    {
        string[] words = [.. result.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)];
        if (words is not [var name, ..])
            return null;
        if (!commands.Contains(name))
            return $"COMMAND: got '{name}', needs one of {string.Join(", ", commands)}, with its options behind it.";
        var parsed = Inner(result, words);
        if (CommandWords.Problems(parsed).FirstOrDefault() is { } problem)
            return $"{name}: {problem}";
        if (parsed.Tokens.Any(token => token.Value is ShardSettings.Option or ShardSettings.PartsOption))
            return $"{ShardSettings.Option}: is what the job says to each shard. Leave it out.";
        if (words.Contains("-"))
            return "-: a job of a cluster has no standard input. Name files, folders or archives.";
        return name is "predict" or "features" && !CommandWords.Options(parsed, new HashSet<string>())
            .Any(option => option.Name == OutputPlace.UsualOption)
            ? $"{name}: where the results of all shards go is not said. Say it with {OutputPlace.UsualOption} FILE behind {name}." : null;
    }

    static ClusterJob Job(Settings settings)
    {
        var parsed = settings.Inner!;
        var trains = parsed.CommandResult.Command.Name == "train";
        return settings.Job with
        {
            Words = [.. CommandWords.Of(parsed, trains ? new HashSet<string>() : places)],
            Results = trains ? [] : [.. CommandWords.Options(parsed, new HashSet<string>()).Where(option => places.Contains(option.Name))
                .Select(option => $"{option.Name}={option.Values[0]}")],
        };
    }

    static int Write(Terminal terminal, Settings settings, string text)
    {
        if (settings.Output is not { Path: var path })
        {
            terminal.Output.Write(text);
            return ExitCode.Success;
        }
        AtomicFile.WriteWithFolder(path, text);
        terminal.Line($"written: {Path.GetFullPath(path)}");
        return ExitCode.Success;
    }

    static string CheckedPartition(string text) => text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter)
        || letter is '_' or '-' or '.' or ',') ? text
        : throw new FormatException($"got '{text}', needs a name of letters, digits, _, -, . and commas between several.");

    sealed record Settings
    {
        public string[] Words { get; init; } = [];
        public ParseResult? Inner { get; init; }
        public ClusterJob Job { get; init; } = new();
        public OutputPlace? Output { get; init; }
        public string? Partition { get; init; }
        public MpiLauncher Launcher { get; init; }
        public string Image { get; init; } = "";
        public string? Claim { get; init; }
        public string Mount { get; init; } = "";
    }
}
