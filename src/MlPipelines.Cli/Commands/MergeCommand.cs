using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe merge DIR.</summary>
static class MergeCommand
{
    static readonly string[] sharded = ["predict", "evaluate", "features"];

    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("merge",
            "Makes of the parts that --shard left what one process would have written, bit for bit: the results of predict, evaluate or "
                + "features.", new(), settings => Run(terminal, settings))
        {
            {
                OptionKinds.Path("DIR", "The folder of parts, which has all of them."),
                (settings, folder) => settings with { Folder = folder }
            },
            {
                OptionKinds.Output(OutputPlace.UsualOption, "Where the results go, as the command itself would take it: a file for predict "
                    + "and features, a folder for evaluate.", "FILE|DIR"), (settings, output) => settings with { Output = output }
            },
            {
                OptionKinds.Output(ShardSettings.MissOption, "Of evaluate: copy the images predicted wrongly there."),
                (settings, miss) => settings with { Mistakes = miss }
            },
        };
        command.Note((parsed, settings) => settings with { Parsed = parsed });
        return command;
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var words = ShardFolder.WordsIn(settings.Folder);
        if (words is not [var name, ..] || !sharded.Contains(name))
            throw new InvalidDataException($"{settings.Folder}: its parts are of '{words.FirstOrDefault()}', {string.Join(", ", sharded)} "
                + "have shards. Were they written by another version?");
        if (settings.Mistakes is not null && name != "evaluate")
            throw new InvalidDataException($"{ShardSettings.MissOption}: is about evaluate, the parts are of {name}. Leave it out.");
        string[] options = [ShardSettings.PartsOption, settings.Folder, .. Option(settings.Output), .. Option(settings.Mistakes)];
        var parsed = settings.Parsed!;
        var command = parsed.RootCommandResult.Command.Parse([name, .. options, .. words[1..]], parsed.Configuration);
        return command.Errors is [var problem, ..]
            ? throw new InvalidDataException($"{settings.Folder}: what its parts say was called is not understood: {problem.Message}")
            : command.Invoke(parsed.InvocationConfiguration);
    }

    static string[] Option(OutputPlace? place) => place is null ? [] : [$"{place.Option}={place.Path}"];

    sealed record Settings
    {
        public ParseResult? Parsed { get; init; }
        public string Folder { get; init; } = "";
        public OutputPlace? Output { get; init; }
        public OutputPlace? Mistakes { get; init; }
    }
}
