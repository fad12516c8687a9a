using System.Globalization;
using System.Text.Json;

namespace MlPipelines.Cli;

/// <summary>Values as C# writes them.</summary>
static class CodeText
{
    /// <summary>A text, quoted.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text);

    /// <summary>A number of type float, which reads back the same.</summary>
    public static string Single(float number) => $"{number.ToString("R", CultureInfo.InvariantCulture)}f";
}
