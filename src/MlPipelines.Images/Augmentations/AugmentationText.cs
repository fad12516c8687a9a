using System.Globalization;
using System.Reflection;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Augmentations as people write them: names of records with their arguments, such as "RandomFlip, RandomRotation(20, Fill =
/// Reflect), RandomErasing.Timm".</summary>
public static class AugmentationText
{
    /// <summary>Names of all augmentations.</summary>
    public static IEnumerable<string> Names => Catalog<Augmentation>.Members.Keys;

    /// <summary>The augmentations that a text names, in its order.</summary>
    /// <param name="text">
    /// Names, apart by commas. After a name may come arguments in brackets, by place or as Name = value: numbers, true or false, names of
    /// an enumeration, colours as #rrggbb, null.
    /// A name and a property of the type that holds one, such as RandomErasing.Timm, is that one. Case does not matter.
    /// </param>
    /// <exception cref="FormatException">A name or an argument is unknown, or a value is out of range;
    /// the message says what there is.</exception>
    public static Augmentation[] Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Parts(text).Select(One)];
    }

    static Augmentation One(string part)
    {
        var bracket = part.IndexOf('(', StringComparison.Ordinal);
        if (bracket >= 0 && (part[^1] != ')' || part.AsSpan(bracket + 1, part.Length - bracket - 2).ContainsAny('(', ')')))
            throw new FormatException($"'{part}': its brackets do not match, Name(argument, argument) is needed.");
        var name = (bracket < 0 ? part : part[..bracket]).Trim();
        if (Ready(name) is { } ready)
            return bracket < 0 ? ready
            : throw new FormatException($"'{part}': {name} is ready and takes no arguments. Leave out the brackets.");
        var type = Catalog<Augmentation>.Members.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value
            ?? throw new FormatException($"'{name}': is no augmentation, there are {string.Join(", ", Names.Concat(ReadyNames))}.");
        return Build(type, bracket < 0 ? [] : [.. Parts(part[(bracket + 1)..^1])]);
    }

    static IEnumerable<string> ReadyNames =>
        Catalog<Augmentation>.Members.SelectMany(member => Readies(member.Value).Select(property => $"{member.Key}.{property.Name}"));

    static Augmentation? Ready(string name) => name.Split('.') is [var type, var property]
        && Catalog<Augmentation>.Members.FirstOrDefault(member =>
            member.Key.Equals(type, StringComparison.OrdinalIgnoreCase)).Value is { } found
        ? Readies(found).FirstOrDefault(ready => ready.Name.Equals(property, StringComparison.OrdinalIgnoreCase))?.GetValue(null)
            as Augmentation
        : null;

    static IEnumerable<PropertyInfo> Readies(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Static).Where(property => property.PropertyType == type);

    static Augmentation Build(Type type, string[] arguments)
    {
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var values = parameters.Select(parameter => parameter.HasDefaultValue ? Default(parameter) : null).ToArray();
        var given = new bool[parameters.Length];
        foreach (var (place, argument) in arguments.Index())
        {
            var halves = argument.Split('=', 2, StringSplitOptions.TrimEntries);
            var index = halves.Length == 1 ? place
                : Array.FindIndex(parameters, parameter => halves[0].Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));
            if (index < 0 || index >= parameters.Length || given[index])
                throw new FormatException(
                    $"{type.Name}: {(index >= 0 && index < parameters.Length ? "has twice" : "has no place for")} '{argument}'; it "
                        + $"is {Signature(type, parameters)}.");
            values[index] = Value(type, parameters[index], halves[^1]);
            given[index] = true;
        }
        if (parameters.FirstOrDefault(parameter => !parameter.HasDefaultValue && !given[parameter.Position]) is { } missing)
            throw new FormatException($"{type.Name}: lacks {missing.Name}; it is {Signature(type, parameters)}.");
        try
        {
            return (Augmentation)constructor.Invoke(values);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ArgumentException inner)
        {
            throw new FormatException(
                $"{type.Name}: {inner.Message.Replace($" (Parameter '{inner.ParamName}')", "", StringComparison.Ordinal)}", inner);
        }
    }

    static object? Value(Type type, ParameterInfo parameter, string text)
    {
        var (wanted, nullable) = Nullable.GetUnderlyingType(parameter.ParameterType) is { } inner ? (inner, true)
            : (parameter.ParameterType, false);
        if (nullable && text.Equals("null", StringComparison.OrdinalIgnoreCase))
            return null;
        var value = wanted.IsEnum ? Enumerated(wanted, text)
            : wanted == typeof(Colour) ? (object?)Coloured(text)
            : wanted == typeof(bool) ? (bool.TryParse(text, out var truth) ? truth : null)
            : wanted == typeof(float)
            ? (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var single) ? single : null)
            : wanted == typeof(double)
            ? (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null)
            : wanted == typeof(int)
            ? (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : (object?)null)
            : throw new FormatException(
                $"{type.Name}: {parameter.Name} cannot be written as text. Leave it at its default, or build the pipeline in C#.");
        return value ?? throw new FormatException($"{type.Name}: {parameter.Name} got '{text}', needs {Needed(wanted)}.");
    }

    static object? Enumerated(Type type, string text) =>
        Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
        ? Enum.Parse(type, name) : null;

    static Colour? Coloured(string text) => text is ['#', _, _, _, _, _, _]
        && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
        ? new Colour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
        : null;

    static string Needed(Type type) => type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(Colour) ? "a colour as #rrggbb"
        : type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a whole number"
        : "a number";

    static string Signature(Type type, ParameterInfo[] parameters) =>
        $"{type.Name}({string.Join(", ", parameters.Select(WithDefault))})";

    static string? WithDefault(ParameterInfo parameter) => parameter.HasDefaultValue
        ? string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} = {Default(parameter) ?? "null"}") : parameter.Name;

    static object? Default(ParameterInfo parameter) => parameter.DefaultValue is { } value
        ? parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, value) : value
        : Nullable.GetUnderlyingType(parameter.ParameterType) is null && parameter.ParameterType.IsValueType
        ? Activator.CreateInstance(parameter.ParameterType) : null;

    /// <summary>What stands between the commas that stand in no brackets.</summary>
    static IEnumerable<string> Parts(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            yield break;
        var (depth, start) = (0, 0);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (text[at] != ',' || depth > 0))
            {
                depth += text[at] switch { '(' => 1, ')' => -1, _ => 0 };
                continue;
            }
            yield return text[start..at].Trim() is { Length: > 0 } part ? part
                : throw new FormatException($"'{text}': has nothing between two commas. Leave one out.");
            start = at + 1;
        }
    }
}
