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

    /// <summary>An augmentation as <see cref="Parse"/> reads it, with all its arguments by name.</summary>
    /// <exception cref="NotSupportedException">It holds what cannot be written as text.</exception>
    internal static string Of(Augmentation augmentation)
    {
        var type = augmentation.GetType();
        var slots = Slot.Of(type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!, type);
        return $"{type.Name}({string.Join(", ", slots.Select(slot => (slot, Value: type.GetProperty(slot.Name)!.GetValue(augmentation)))
            .Where(pair => IsText(pair.slot.Type) || !Equals(pair.Value, pair.slot.Default))
            .Select(pair => $"{pair.slot.Name}={Written(type, pair.slot, pair.Value)}"))})";
    }

    static bool IsText(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var wanted && (wanted.IsEnum || wanted == typeof(Colour)
        || wanted == typeof(bool) || wanted == typeof(float) || wanted == typeof(double) || wanted == typeof(int));

    static string Written(Type type, Slot slot, object? value) => value switch
    {
        null => "null",
        Colour colour => $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        _ when IsText(slot.Type) => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        _ => throw new NotSupportedException($"{type.Name}: {slot.Name} cannot be written as text."),
    };

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
        var slots = Slot.Of(constructor, type);
        var (places, given) = (constructor.GetParameters().Length, new Dictionary<Slot, object?>());
        foreach (var (place, argument) in arguments.Index())
        {
            var halves = argument.Split('=', 2, StringSplitOptions.TrimEntries);
            var slot = halves.Length > 1 ? slots.FirstOrDefault(one => halves[0].Equals(one.Name, StringComparison.OrdinalIgnoreCase))
                : place < places ? slots[place] : null;
            if (slot is null || given.ContainsKey(slot))
                throw new FormatException($"{type.Name}: {(slot is null ? "has no place for" : "has twice")} '{argument}'; it "
                    + $"is {Signature(type, slots)}.");
            given[slot] = Value(type, slot, halves[^1]);
        }
        if (slots.FirstOrDefault(slot => slot.Required && !given.ContainsKey(slot)) is { } missing)
            throw new FormatException($"{type.Name}: lacks {missing.Name}; it is {Signature(type, slots)}.");
        try
        {
            var made = constructor.Invoke([.. slots.Take(places).Select(slot => given.GetValueOrDefault(slot, slot.Default))]);
            foreach (var (slot, value) in given)
                slot.Property?.SetValue(made, value);
            return (Augmentation)made;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ArgumentException inner)
        {
            throw new FormatException(
                $"{type.Name}: {inner.Message.Replace($" (Parameter '{inner.ParamName}')", "", StringComparison.Ordinal)}", inner);
        }
    }

    /// <summary>Where a value goes: a parameter of the constructor, or a property that is set behind it.</summary>
    sealed record Slot(string Name, Type Type, bool Required, object? Default, PropertyInfo? Property)
    {
        internal static Slot[] Of(ConstructorInfo constructor, Type type)
        {
            Slot[] parameters = [.. constructor.GetParameters().Select(parameter => new Slot(parameter.Name!, parameter.ParameterType,
                !parameter.HasDefaultValue, DefaultOf(parameter), null))];
            var usual = parameters.Any(parameter => parameter.Required) ? null
                : constructor.Invoke([.. parameters.Select(parameter => parameter.Default)]);
            return [.. parameters, .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is { IsPublic: true } && parameters.All(parameter => parameter.Name != property.Name))
                .Select(property => new Slot(property.Name, property.PropertyType, false,
                    usual is null ? null : property.GetValue(usual), property))];
        }

        static object? DefaultOf(ParameterInfo parameter) => !parameter.HasDefaultValue ? null
            : parameter.DefaultValue is { } value ? parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, value) : value
            : Nullable.GetUnderlyingType(parameter.ParameterType) is null && parameter.ParameterType.IsValueType
            ? Activator.CreateInstance(parameter.ParameterType) : null;
    }

    static object? Value(Type type, Slot slot, string text)
    {
        var (wanted, nullable) = Nullable.GetUnderlyingType(slot.Type) is { } inner ? (inner, true) : (slot.Type, false);
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
                $"{type.Name}: {slot.Name} cannot be written as text. Leave it at its default, or build the pipeline in C#.");
        return value ?? throw new FormatException($"{type.Name}: {slot.Name} got '{text}', needs {Needed(wanted)}.");
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

    static string Signature(Type type, Slot[] slots) => $"{type.Name}({string.Join(", ", slots.Select(WithDefault))})";

    static string WithDefault(Slot slot) => slot.Required ? slot.Name
        : string.Create(CultureInfo.InvariantCulture, $"{slot.Name} = {slot.Default ?? "null"}");

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
