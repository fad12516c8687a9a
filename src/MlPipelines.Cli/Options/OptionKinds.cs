using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel;

namespace MlPipelines.Cli;

/// <summary>Kinds of arguments and options by their values; a value that does not fit is a misuse.</summary>
static class OptionKinds
{
    public static Argument<string> Path(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(NeedsText(name));
        return argument;
    }

    public static Argument<string[]> Paths(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(NeedsText(name));
        return argument;
    }

    /// <summary>One of some names; any other is a misuse.</summary>
    public static Argument<string> OneOf(string name, IReadOnlyList<string> names, string? helpName = null)
    {
        var argument = Path(name, $"One of {string.Join(", ", names)}.");
        argument.HelpName = helpName ?? name;
        argument.CompletionSources.Add([.. names]);
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !string.IsNullOrWhiteSpace(token.Value) && !names.Contains(token.Value)))
                result.AddError($"{name}: got '{token.Value}', needs one of {string.Join(", ", names)}.");
        });
        return argument;
    }

    public static Option<string> Folder(string name, string description, string? fallback = null)
    {
        var option = Text(name, description, "DIR");
        if (fallback is not null)
            option.DefaultValueFactory = _ => fallback;
        return option;
    }

    public static Option<string> Text(string name, string description, string helpName) =>
        new Option<string>(name) { Description = description, HelpName = helpName }.NotBlank();

    /// <summary>An option that may be given several times.</summary>
    public static Option<string[]> Texts(string name, string description, string helpName) =>
        new Option<string[]>(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore }.NotBlank();

    /// <summary>A place where results go, which knows by which option it was said.</summary>
    public static Option<OutputPlace?> Output(string name, string description, string helpName = "DIR", string? fallback = null)
    {
        var option = Parsed<OutputPlace?>(name, description, helpName, text => new(text, name)).NotBlank();
        if (fallback is not null)
            option.DefaultValueFactory = _ => new(fallback, name);
        return option;
    }

    public static Option<Uri?> Address(string name, string description) =>
        Parsed<Uri?>(name, description, "ADDRESS", text => DownloadOptions.Parse(text, name)).NotBlank();

    public static Option<int> Number(string name, string description, int fallback, int least, int most = int.MaxValue)
    {
        var option = Number<int>(name, description, least, most);
        option.DefaultValueFactory = _ => fallback;
        return option;
    }

    public static Option<int?> OptionalNumber(string name, string description, int least, int most = int.MaxValue) =>
        Number<int?>(name, description, least, most);

    public static Option<int> RequiredNumber(string name, string description, int least)
    {
        var option = Number<int>(name, description, least, int.MaxValue);
        option.Required = true;
        return option;
    }

    public static Option<double> Share(string name, string description, double fallback)
    {
        var option = Converted<double>(name, "X", description, value => value is >= 0 and < 1, "a number from 0 to less than 1");
        option.DefaultValueFactory = _ => fallback;
        return option;
    }

    public static Option<double?> OptionalShare(string name, string description) =>
        Converted<double?>(name, "X", description, value => value is > 0 and < 1, "a number between 0 and 1");

    public static Option<float?> Positive(string name, string description) =>
        Converted<float?>(name, "X", description, value => value > 0 && float.IsFinite(value.Value), "a number of more than 0");

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

    /// <summary>What is made of a text.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="helpName">What the help calls the value.</param>
    /// <param name="parse">Throws <see cref="FormatException"/> where the text is none,
    /// or <see cref="ArgumentException"/> with a message that begins with the option's name.</param>
    public static Option<T> Parsed<T>(string name, string description, string helpName, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            try
            {
                return parse(result.Tokens[0].Value);
            }
            catch (FormatException failure)
            {
                result.AddError($"{name}: {failure.Message}");
                return default!;
            }
            catch (ArgumentException failure)
            {
                result.AddError(ErrorMessage.Of(failure));
                return default!;
            }
        },
    };

    /// <summary>The option, of which a blank text is a misuse.</summary>
    public static Option<T> NotBlank<T>(this Option<T> option)
    {
        option.Validators.Add(NeedsText(option.Name));
        return option;
    }

    static Action<SymbolResult> NeedsText(string name) => result =>
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            result.AddError($"{name}: got nothing, needs a name.");
    };

    static Option<T> Number<T>(string name, string description, int least, int most) =>
        Converted<T>(name, "N", description, value => value is int number && number >= least && number <= most,
            $"a whole number from {least} to {most}");

    /// <summary>A number that fits.</summary>
    public static Option<T> Converted<T>(string name, string helpName, string description, Predicate<T> fits, string needed)
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
