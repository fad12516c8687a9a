using System.Text;
using System.Text.Json.Nodes;

namespace MlPipelines;

/// <summary>Pages that show what is in a block of JSON; the page itself is the same for all.</summary>
static class PageTemplate
{
    /// <summary>A page with its title and its content.</summary>
    /// <param name="name">Of the page among this library's resources.</param>
    /// <param name="title">Said above.</param>
    /// <param name="content">What its script shows. Texts of it are data: within the page they can end nothing.</param>
    public static string Of(string name, string title, JsonObject content)
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // The encoder writes <, > and & as \u003C, \u003E and \u0026.
        return reader.ReadToEnd().Replace("{{title}}", SvgWriter.Escape(title), StringComparison.Ordinal)
            .Replace("{{content}}", content.ToJsonString(), StringComparison.Ordinal);
    }
}
