using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MlPipelines.Cli;

/// <summary>A member as --member names it: a file, and what is said of it behind commas.</summary>
/// <param name="Path">A model (.zip, .onnx or a known name), a template of an endpoint (.json), or a table of predictions (.csv,
/// .tsv).</param>
/// <param name="Said">What is said of it, by name.</param>
sealed partial record MemberText(string Path, ImmutableDictionary<string, string> Said)
{
    const string Known = "name, type, filter (grey, blur, edges), role (search, held-out), labels, preprocessing, size";

    public string Name => Said.GetValueOrDefault("name") ?? System.IO.Path.GetFileName(Path) + (Filter == PictureFilter.None ? ""
        : $" ({Filter.ToString().ToLowerInvariant()})");

    public string Type => Said.GetValueOrDefault("type") ?? Name;

    public PictureFilter Filter { get; private init; }

    public bool? IsHeldOut { get; private init; }

    public bool IsEndpoint => Extension == ".json";

    public bool IsTable => Extension is ".csv" or ".tsv";

    /// <summary>The model, as other commands name it.</summary>
    public ModelFile Model { get; private init; } = new();

    string Extension => System.IO.Path.GetExtension(Path).ToLowerInvariant();

    /// <exception cref="FormatException">It says something else than is known.</exception>
    public static MemberText Parse(string text)
    {
        var parts = Part().Split(text);
        var said = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < parts.Length; i += 2)
            if (!said.TryAdd(parts[i], parts[i + 1]) || parts[i + 1].Length == 0)
                throw new FormatException($"got '{text}', needs one value for '{parts[i]}'.");
        var member = new MemberText(parts[0], said.ToImmutable());
        if (string.IsNullOrWhiteSpace(member.Path))
            throw new FormatException($"got '{text}', needs a file before what is said of it ({Known}).");
        if ((member.IsTable || member.IsEndpoint)
            && said.Keys.FirstOrDefault(name => name is "labels" or "preprocessing" or "size") is { } idle)
            throw new FormatException($"got '{text}', '{idle}' is about networks made elsewhere. Leave it out.");
        return member with
        {
            Filter = said.TryGetValue("filter", out var filter) ? FilterOf(text, filter) : PictureFilter.None,
            IsHeldOut = said.GetValueOrDefault("role") switch
            {
                null => null,
                "search" => false,
                "held-out" => true,
                var other => throw new FormatException($"got '{text}', role is '{other}', needs search or held-out."),
            },
            Model = new()
            {
                Path = member.Path,
                Labels = said.GetValueOrDefault("labels"),
                Preprocessing = said.TryGetValue("preprocessing", out var kind) ? PreprocessingText.Parse(kind) : null,
                Size = said.TryGetValue("size", out var size)
                    ? int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
                    && side is >= 8 and <= 4096 ? side
                    : throw new FormatException($"got '{text}', size is '{size}', needs a whole number from 8 to 4096.")
                    : null,
            },
        };
    }

    static PictureFilter FilterOf(string text, string filter) => Enum.GetValues<PictureFilter>()
        .Where(one => one != PictureFilter.None && one.ToString().Equals(filter, StringComparison.OrdinalIgnoreCase))
        .ToArray() is [var found]
        ? found : throw new FormatException($"got '{text}', filter is '{filter}', needs one of grey, blur, edges.");

    [GeneratedRegex(",(name|type|filter|role|labels|preprocessing|size)=")]
    private static partial Regex Part();
}
