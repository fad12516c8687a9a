using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlPipelines.Cli;

/// <summary>Options that say the same thing in different ways, so that at most one of them may be given.</summary>
/// <param name="otherwise">What it is when none is given.</param>
sealed class Alternatives<T>(T otherwise)
{
    readonly List<(Option Option, Func<CommandResult, bool> IsGiven, Func<CommandResult, T> Value)> ways = [];

    public IEnumerable<Option> Options => ways.Select(way => way.Option);

    /// <summary>Adds a switch that means one value.</summary>
    public Alternatives<T> Or(Option<bool> flag, T value)
    {
        ways.Add((flag, result => result.GetValue(flag), _ => value));
        return this;
    }

    /// <summary>Adds an option whose value it is.</summary>
    public Alternatives<T> Or(Option<T> option)
    {
        ways.Add((option, result => result.GetResult(option) is not null, result => result.GetValue(option)!));
        return this;
    }

    /// <summary>What is given.</summary>
    public T Of(CommandResult result) =>
        ways.Find(way => way.IsGiven(result)) is { Option: not null } given ? given.Value(result) : otherwise;

    /// <summary>Says that more than one is given; null where that is not so.</summary>
    public string? Problem(CommandResult result) => ways.Count(way => way.IsGiven(result)) > 1
        ? $"{string.Join(", ", Options.Select(option => option.Name))}: got both, needs at most one of them." : null;
}
