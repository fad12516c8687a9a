using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlPipelines.Cli;

/// <summary>A command line that was understood, as words again.</summary>
static class CommandWords
{
    /// <summary>The options that were given, each with its values.</summary>
    /// <param name="parsed">What was understood.</param>
    /// <param name="except">Options that are left out.</param>
    public static IEnumerable<(string Name, string[] Values)> Options(ParseResult parsed, IReadOnlySet<string> except) =>
        parsed.CommandResult.Command.Options
            .Where(option => !except.Contains(option.Name) && parsed.GetResult(option) is { Implicit: false })
            .Select(option => (option.Name, parsed.GetResult(option)!.Tokens.Select(token => token.Value).ToArray()));

    /// <summary>The command's name, its options and its arguments.</summary>
    /// <inheritdoc cref="Options"/>
    public static string[] Of(ParseResult parsed, IReadOnlySet<string> except)
    {
        var command = parsed.CommandResult.Command;
        string[] arguments = [.. command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Select(token => token.Value)];
        return [command.Name, .. Options(parsed, except).SelectMany(option => Words(option.Name, option.Values)),
            .. arguments.Any(word => word is ['-', _, ..]) ? ["--"] : Array.Empty<string>(), .. arguments];
    }

    /// <summary>What was not understood; nothing where all was.</summary>
    public static IEnumerable<string> Problems(ParseResult parsed)
    {
        if (Misspelt(parsed).ToArray() is [_, ..] misspelt)
            return misspelt.Select(option => $"Unrecognized option '{option}'. If it is a file, write './{option}'.");
        var arguments = parsed.CommandResult.Command.Arguments;
        var missing = arguments.Where(argument => (parsed.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
            .ToArray();
        return missing.Select(argument => $"{parsed.CommandResult.Command.Name}: {argument.Name} is missing: {argument.Description}")
            .Concat(parsed.Errors.Where(problem => problem.SymbolResult is not ArgumentResult { Argument: var argument }
                || !missing.Contains(argument)).Select(problem => problem.Message))
            .Distinct();
    }

    /// <summary>What looks like an option and was taken for a file; after -- everything is a file.</summary>
    public static IEnumerable<string> Misspelt(ParseResult parsed)
    {
        var given = parsed.CommandResult.Command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? []).ToHashSet();
        return parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Value is ['-', _, ..] && given.Any(value => ReferenceEquals(value, token))).Select(token => token.Value);
    }

    /// <summary>An option with its value, of which one that begins like an option would be taken for one.</summary>
    public static string[] Option(string name, string value) => value.StartsWith('-') ? [$"{name}={value}"] : [name, value];

    static IEnumerable<string> Words(string name, string[] values) => values switch
    {
        [] => [name],
        [var only] => Option(name, only),
        _ => values.Select(value => $"{name}={value}"),
    };
}
