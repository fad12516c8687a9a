using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MlPipelines.Graphs.Onnx;

namespace MlPipelines;

/// <summary>The names of a classifier's classes, as its makers write them down.</summary>
public static partial class ClassNames
{
    /// <summary>Keys under which ONNX files hold names: this library's, Ultralytics', Hugging Face's, fastai's and others'.</summary>
    static readonly ImmutableArray<string> Keys =
    [
        "mlpipelines.labels", "names", "id2label", "label2id", "labels", "class_names", "classNames", "classes", "class_labels",
        "categories", "vocab", "class_to_idx",
    ];

    /// <summary>Reads names from a file: a line a class, with its number before it, in any order, or without; or JSON, as a list or
    /// by numbers.</summary>
    /// <param name="path">The file, in UTF-8, such as <c>labels.txt</c>, <c>imagenet_class_index.json</c> or Hugging Face's
    /// <c>config.json</c>.</param>
    /// <returns>The names in the order of their numbers, each once.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It holds no names.</exception>
    public static ImmutableArray<string> Read(string path)
    {
        if (!File.Exists(Check.Named(path)))
            throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a file with the names of "
                + "classes is needed. Check the path.", path);
        var text = TextOf(path);
        if (text.Contains('\0'))
            throw new InvalidDataException($"{path}: is no text, names of classes are needed, one a line or as JSON. Check the path.");
        return Parse(text) is { Length: > 0 } names ? Distinct(names)
            : BlankLine(text) is { } blank
            ? throw new InvalidDataException($"{path}:{blank}: is blank, each line needs the name of a class. Fill it in or take it out.")
            : throw new InvalidDataException($"{path}: holds no names of classes, needs one a line, in the order of the network's scores, "
                + "or JSON: [\"cat\", \"dog\"] or {\"0\": \"cat\", \"1\": \"dog\"}.");
    }

    static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException failure)
        {
            throw new InvalidDataException($"{path}: is no UTF-8. Save the names as UTF-8.", failure);
        }
    }

    /// <summary>The names in an ONNX file, as many as the network has classes: in its metadata, or in nodes that put them to scores; null
    /// where there are none.</summary>
    internal static ImmutableArray<string>? OfFile(ReadOnlyMemory<byte> onnx, int classes) => OfMetadata(OnnxMetadata.Read(onnx), classes)
        ?? (ClassLabelNodes.NamesIn(onnx) is { } names && names.Length == classes ? Distinct(names) : null);

    /// <summary>Where an ONNX file names classes, and how many; null where it names none.</summary>
    internal static (string Place, int Count)? CountIn(ReadOnlyMemory<byte> onnx)
    {
        var texts = OnnxMetadata.Read(onnx);
        foreach (var key in Keys)
            if (texts.FirstOrDefault(text => text.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is
                { Key: { } place, Value: { } text } && Parse(text) is { } names)
                return ($"metadata '{place}'", names.Length);
        return ClassLabelNodes.NamesIn(onnx) is { } labels ? ("last nodes", labels.Length) : null;
    }

    // A line without a name between others; null where there is none, or the text is no list of lines.
    static int? BlankLine(string text)
    {
        var lines = text.TrimEnd().Split('\n');
        return text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n') is [not ('[' or '{' or '('), ..]
            && Array.FindIndex(lines, string.IsNullOrWhiteSpace) is >= 0 and var found ? found + 1 : null;
    }

    static ImmutableArray<string>? OfMetadata(IReadOnlyDictionary<string, string> texts, int classes)
    {
        foreach (var key in Keys)
            if (texts.FirstOrDefault(text => text.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value is { } text
                && Parse(text) is { } names && names.Length == classes)
                return Distinct(names);
        return null;
    }

    static ImmutableArray<string>? Parse(string text)
    {
        var plain = text.Trim('\uFEFF', ' ', '\t', '\r', '\n');
        if (plain.Length == 0)
            return null;
        return plain[0] is '[' or '{' or '(' ? OfJson(plain) ?? OfJson(PythonLiteral.ToJson(plain)) : OfLines(plain);
    }

    static ImmutableArray<string>? OfJson(string? text)
    {
        try
        {
            using var document = text is null ? null : JsonDocument.Parse(text, new() { AllowTrailingCommas = true });
            return document is null ? null : Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static ImmutableArray<string>? Of(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
            return All(element.EnumerateArray().Select(Name));
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var key in Keys)
            if (element.TryGetProperty(key, out var inner) && Of(inner) is { } found)
                return found;
        var members = element.EnumerateObject().ToArray();
        return Ordered(members.Select(member => (Number(member.Name), Name(member.Value))))
            ?? Ordered(members.Select(member => (Number(member.Value.ToString()), (string?)member.Name)));
    }

    // Torchvision's and Keras's lists have the WordNet number first, the name last.
    static string? Name(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Array when element.GetArrayLength() > 0 => Name(element[element.GetArrayLength() - 1]),
        JsonValueKind.Object when element.TryGetProperty("name", out var name) || element.TryGetProperty("label", out name) => Name(name),
        _ => null,
    };

    static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static ImmutableArray<string>? Ordered(IEnumerable<(int? Number, string? Name)> pairs)
    {
        var sorted = pairs.OrderBy(pair => pair.Number).ToArray();
        return IsCounted(sorted.Select(pair => pair.Number)) ? All(sorted.Select(pair => pair.Name)) : null;
    }

    static bool IsCounted(IEnumerable<int?> numbers)
    {
        var all = numbers.ToArray();
        return all is [0 or 1, ..] && all.Index().All(number => number.Item == number.Index + all[0]);
    }

    static ImmutableArray<string>? All(IEnumerable<string?> names)
    {
        var all = names.ToArray();
        return all.Length > 0 && Array.TrueForAll(all, name => !string.IsNullOrWhiteSpace(name))
            ? [.. all.Select(name => name!.Trim())] : null;
    }

    static ImmutableArray<string>? OfLines(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (lines is [var only] && only.Contains(','))
            lines = only.Split(',', StringSplitOptions.TrimEntries);
        // The second line numbered from the start: the first one is a heading.
        return Numbered(lines) ?? (lines.Length > 2 ? Numbered(lines[1..]) : null) ?? All(lines);
    }

    static ImmutableArray<string>? Numbered(string[] lines)
    {
        var parts = Array.ConvertAll(lines, line => NumberedLine().Match(line));
        return Array.TrueForAll(parts, part => part.Success)
            ? Ordered(parts.Select(part => (Number(part.Groups[1].Value), (string?)part.Groups[2].Value.Trim('"')))) : null;
    }

    // ImageNet has two classes that are called crane; a key has each value once.
    static ImmutableArray<string> Distinct(ImmutableArray<string> names)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        return [.. names.Select((name, number) => met.Add(name) ? name
            : met.Add($"{name} ({number})") ? $"{name} ({number})"
            : throw new InvalidDataException($"class {number}: '{name} ({number})' comes twice, a name of its own is needed."))];
    }

    [GeneratedRegex(@"^""?(\d+)""?[\s,;:]+(.+)$")]
    private static partial Regex NumberedLine();

    /// <summary>Lists, tuples and dictionaries as Python prints them.</summary>
    static class PythonLiteral
    {
        /// <summary>The same as JSON; null where a text in it does not end.</summary>
        public static string? ToJson(string text)
        {
            var json = new StringBuilder();
            for (var at = 0; at < text.Length; at++)
                if (text[at] is '\'' or '"')
                {
                    if (Quoted(text, ref at) is not { } content)
                        return null;
                    json.Append(JsonSerializer.Serialize(content));
                }
                else if (char.IsAsciiDigit(text[at]))
                {
                    var start = at;
                    while (at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
                        at++;
                    json.Append(CultureInfo.InvariantCulture, $"\"{text.AsSpan(start, at + 1 - start)}\"");
                }
                else
                    json.Append(text[at] switch { '(' => '[', ')' => ']', var other => other });
            return json.ToString();
        }

        // Leaves the place at the closing quote.
        static string? Quoted(string text, ref int at)
        {
            var (quote, content) = (text[at], new StringBuilder());
            while (++at < text.Length && text[at] != quote)
                content.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
            return at < text.Length ? content.ToString() : null;
        }
    }
}
