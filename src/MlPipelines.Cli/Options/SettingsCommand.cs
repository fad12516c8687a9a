using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlPipelines.Cli;

/// <summary>A command whose arguments and options each stand beside what they change in its settings.</summary>
/// <remarks>Each is asked also where the command line does not have it; it then gives its default.</remarks>
sealed class SettingsCommand<TSettings> : Command
{
    readonly List<Func<ParseResult, TSettings, TSettings>> changes = [];

    /// <param name="name">Name of the command.</param>
    /// <param name="description">What it does, for its help.</param>
    /// <param name="defaults">Settings before anything was asked for.</param>
    /// <param name="run">What it does with the settings asked for; gives the exit code.</param>
    public SettingsCommand(string name, string description, TSettings defaults, Func<TSettings, int> run) : base(name, description)
    {
        SetAction(parsed => run(changes.Aggregate(defaults, (settings, change) => change(parsed, settings))));
        Check(WrittenOver);
    }

    /// <summary>Adds an argument, and what it changes.</summary>
    public void Add<T>(Argument<T> argument, Func<TSettings, T, TSettings> set)
    {
        Arguments.Add(argument);
        changes.Add((parsed, settings) => set(settings, parsed.GetValue(argument)!));
    }

    /// <summary>Adds an option, and what it changes.</summary>
    public Option<T> Add<T>(Option<T> option, Func<TSettings, T, TSettings> set)
    {
        Options.Add(option);
        changes.Add((parsed, settings) => set(settings, parsed.GetValue(option)!));
        return option;
    }

    /// <summary>Adds options of which at most one may be given, and what they change.</summary>
    public void Add<T>(Alternatives<T> alternatives, Func<TSettings, T, TSettings> set)
    {
        foreach (var option in alternatives.Options)
            Options.Add(option);
        Check(alternatives.Problem);
        changes.Add((parsed, settings) => set(settings, alternatives.Of(parsed.CommandResult)));
    }

    /// <summary>Adds what the command line as a whole changes.</summary>
    public void Note(Func<ParseResult, TSettings, TSettings> change) => changes.Add(change);

    /// <summary>Adds the argument MODEL with its options.</summary>
    public void Add(ModelOptions<TSettings> model) => model.AddTo(this);

    // What an argument or another option names is read.
    string? WrittenOver(CommandResult result)
    {
        // An output that is given twice, or without a value, has an error of its own.
        return Options.OfType<Option<OutputPlace?>>().Select(Problem).FirstOrDefault(problem => problem is not null);

        string? Problem(Option output) => result.GetResult(output)?.Tokens is [{ Value: { Length: > 0 } path }]
            ? new OutputPlace(path, output.Name).Problem(Arguments.SelectMany(argument => result.GetResult(argument)?.Tokens ?? [])
                .Concat(Options.Where(option => option != output).SelectMany(option => result.GetResult(option)?.Tokens ?? []))
                .Select(token => token.Value)) : null;
    }

    /// <summary>Adds a check of what is given together.</summary>
    /// <param name="problem">What is wrong; null for nothing.</param>
    public void Check(Func<CommandResult, string?> problem) => Validators.Add(result =>
    {
        if (problem(result) is { } text)
            result.AddError(text);
    });
}
