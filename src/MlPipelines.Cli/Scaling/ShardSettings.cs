using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlPipelines.Cli;

/// <summary>Which share of the images a command scores, or from which parts it takes what was scored.</summary>
sealed record ShardSettings
{
    public const string Option = "--shard", PartsOption = "--parts", MissOption = "--miss";

    static readonly HashSet<string> places = [Option, PartsOption, MissOption, OutputPlace.UsualOption];

    /// <summary>The share; null for all.</summary>
    public Shard? Shard { get; init; }

    /// <summary>The folder of parts of which the results are made; null to score.</summary>
    public string? Parts { get; init; }

    /// <summary>The command line that gives the same scores, without the share and the places that are written to.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>The options that were given, but for those.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Adds --shard, and what merge says in its place.</summary>
    public static void Add<TSettings>(SettingsCommand<TSettings> command, Func<TSettings, ShardSettings> get,
        Func<TSettings, ShardSettings, TSettings> set)
    {
        command.Add(OptionKinds.Parsed<Shard?>(Option, "Score only this of N shares of the images, such as 3/16, divided by their names, "
            + "and write what comes of them into the folder of --output, from which 'mlpipe merge' makes the results of all.", "K/N",
            text => MlPipelines.Shard.Parse(text)), (settings, shard) => set(settings, get(settings) with { Shard = shard }));
        command.Add(new Option<string?>(PartsOption) { Hidden = true },
            (settings, parts) => set(settings, get(settings) with { Parts = parts }));
        command.Note((parsed, settings) => set(settings, get(settings) with
        {
            Words = [.. CommandWords.Of(parsed, places)],
            Options = CommandWords.Options(parsed, places)
                .ToImmutableSortedDictionary(option => option.Name, option => string.Join(' ', option.Values), StringComparer.Ordinal),
        }));
        command.Check(result => Given(result, Option) && !Given(result, OutputPlace.UsualOption)
            ? $"{Option}: writes a part of the results. Say with {OutputPlace.UsualOption} DIR into which folder." : null);
    }

    /// <summary>Says that an option has to wait until all shares are there; null where it is not given with a share.</summary>
    public static string? ProblemOf(CommandResult result, string option, string instead) =>
        Given(result, Option) && Given(result, option) ? $"{option}: is about all images, and {Option} scores some. {instead}" : null;

    static bool Given(CommandResult result, string name) =>
        result.Command.Options.FirstOrDefault(option => option.Name == name) is { } found && result.GetResult(found) is { Implicit: false };
}
