using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>How this library's JSON files are written.</summary>
static class JsonText
{
    /// <summary>One value a line; letters of all scripts as they are.</summary>
    internal static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
    };

    /// <summary>A number; null when it is not finite, for which JSON has no word.</summary>
    internal static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
