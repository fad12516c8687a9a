using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel;

namespace MlPipelines.Cli;

/// <summary>Options that several commands have; a value out of range is a misuse.</summary>
static class CommandOptions
{
    public static Option<string> Device()
    {
        var option = new Option<string>("--device")
        {
            Description = "Where networks run: cpu, cuda, cuda:N, webgpu, directml, directml:N, coreml.",
            HelpName = "DEVICE",
            DefaultValueFactory = _ => "cpu",
        };
        option.Validators.Add(result =>
        {
            try
            {
                Execution.Device.Parse(result.GetValueOrDefault<string>() ?? "");
            }
            catch (FormatException e)
            {
                result.AddError($"--device: {e.Message}");
            }
        });
        return option;
    }

    public static Option<bool> Strict() =>
        new("--fail-on-bad-files") { Description = "Fail on files that cannot be read, instead of skipping and listing them." };

    public static Option<string> Folder(string name, string description, string? fallback = null)
    {
        var option = Text(name, description, "DIR");
        if (fallback is not null)
            option.DefaultValueFactory = _ => fallback;
        return option;
    }

    public static Option<string> Text(string name, string description, string helpName)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(NeedsText(name));
        return option;
    }

    public static Argument<T> Path<T>(string name, string description)
    {
        var argument = new Argument<T>(name) { Description = description };
        argument.Validators.Add(NeedsText(name));
        return argument;
    }

    public static Option<string> Address(string name, string description)
    {
        var option = Text(name, description, "ADDRESS");
        option.Validators.Add(result =>
        {
            try
            {
                if (result.GetValueOrDefault<string>() is { } text)
                    DownloadOptions.Parse(text, name);
            }
            catch (ArgumentException failure)
            {
                result.AddError(CommandLine.Message(failure));
            }
        });
        return option;
    }

    /// <summary>One of some names; any other is a misuse.</summary>
    public static Argument<string> OneOf(string name, IReadOnlyList<string> names)
    {
        var argument = Path<string>(name, $"One of {string.Join(", ", names)}.");
        argument.HelpName = name;
        argument.CompletionSources.Add([.. names]);
        argument.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !names.Contains(text))
                result.AddError($"{name}: got '{text}', needs one of {string.Join(", ", names)}.");
        });
        return argument;
    }

    public static Option<int> Number(string name, string description, int fallback, int least, int most = int.MaxValue)
    {
        var option =
            Number<int>(name, "N", description, value => value >= least && value <= most, $"a whole number from {least} to {most}");
        option.DefaultValueFactory = _ => fallback;
        return option;
    }

    public static Option<int?> Number(string name, string description, int least) => Within(name, description, least, int.MaxValue);

    public static Option<int?> Within(string name, string description, int least, int most) =>
        Number<int?>(name, "N", description, value => value >= least && value <= most, $"a whole number from {least} to {most}");

    public static Option<double> Share(string name, string description, double fallback)
    {
        var option = Number<double>(name, "X", description, value => value is >= 0 and < 1, "a number from 0 to less than 1");
        option.DefaultValueFactory = _ => fallback;
        return option;
    }

    public static Option<string> NewFolder()
    {
        var option = Folder("--output", "The new folder that is written; it must not hold anything yet.");
        option.Required = true;
        return option;
    }

    public static Option<T?> Choice<T>(string name, string description, string helpName) where T : struct, Enum => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Enum.GetNames<T>().FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
                return Enum.Parse<T>(found);
            result.AddError($"{name}: got '{text}', needs one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
            return null;
        },
    };

    public static Option<KeyValuePair<string, string>[]> Merges() => new("--merge")
    {
        Description = "Class FROM becomes part of class TO; may be given several times.",
        HelpName = "FROM=TO",
        DefaultValueFactory = _ => [],
        CustomParser = result =>
        {
            var pairs = result.Tokens.Select(token => token.Value.Split('=', 2)).ToArray();
            foreach (var pair in pairs.Where(pair => pair is not [{ Length: > 0 }, { Length: > 0 }]))
                result.AddError($"--merge: got '{string.Join('=', pair)}', needs FROM=TO, two names of classes.");
            foreach (var twice in pairs.CountBy(pair => pair[0]).Where(count => count.Value > 1))
                result.AddError($"--merge: got '{twice.Key}' {twice.Value} times, needs one class that it becomes part of.");
            return [.. pairs.Where(pair => pair.Length == 2).DistinctBy(pair => pair[0])
                .Select(pair => KeyValuePair.Create(pair[0], pair[1]))];
        },
    };

    public static Option<float?> Positive(string name, string description) =>
        Number<float?>(name, "X", description, value => value > 0 && float.IsFinite(value.Value), "a number of more than 0");

    static Action<SymbolResult> NeedsText(string name) => result =>
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            result.AddError($"{name}: got nothing, needs a name.");
    };

    static Option<T> Number<T>(string name, string helpName, string description, Predicate<T> fits, string needed)
    {
        var converter = TypeDescriptor.GetConverter(typeof(T));
        return new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (converter.IsValid(text) && converter.ConvertFromInvariantString(text) is T value && fits(value))
                    return value;
                result.AddError($"{name}: got '{text}', needs {needed}.");
                return default!;
            },
        };
    }
}
