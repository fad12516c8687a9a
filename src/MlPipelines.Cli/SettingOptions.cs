using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>The options of a command, each with what it changes in the settings of a training.</summary>
sealed class SettingOptions(Command command)
{
    readonly List<Func<ParseResult, TrainingSettings, TrainingSettings>> changes = [];

    /// <summary>Adds an option to the command.</summary>
    /// <param name="option">Its name, help and default.</param>
    /// <param name="set">The settings with its value; it is asked also where the command line does not have the option.</param>
    public Option<T> Add<T>(Option<T> option, Func<TrainingSettings, T, TrainingSettings> set)
    {
        command.Options.Add(option);
        changes.Add((parsed, settings) => set(settings, parsed.GetValue(option)!));
        return option;
    }

    /// <summary>The settings with what the command line asks for.</summary>
    public TrainingSettings Of(ParseResult parsed, TrainingSettings settings) =>
        changes.Aggregate(settings, (now, change) => change(parsed, now));
}
