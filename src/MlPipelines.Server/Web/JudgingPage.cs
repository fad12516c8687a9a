using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace MlPipelines;

/// <summary>The page that judges a picture, takes the verdict and shows the tally; it is the same for all models, and asks for what it
/// shows.</summary>
static class JudgingPage
{
    static readonly string text = Read();

    // Nothing runs, and nothing is looked for, but what is in the page itself.
    static readonly string policy = $"default-src 'none'; script-src {Hash("script")}; style-src {Hash("style")}; img-src blob: data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Whether a request rather wants a page than JSON: a browser's does.</summary>
    public static bool IsWanted(HttpRequest request) => request.GetTypedHeaders().Accept
        .OrderByDescending(type => type.Quality ?? 1)
        .Select(type => type.MediaType.Value)
        .FirstOrDefault(type => type is "text/html" or "application/json" or "*/*") == "text/html";

    /// <summary>The page.</summary>
    public static IResult Serve(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = policy;
        context.Response.Headers.XFrameOptions = "DENY";
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return Results.Text(text, "text/html; charset=utf-8", Encoding.UTF8);
    }

    static string Hash(string element)
    {
        var start = text.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var content = text[start..text.IndexOf($"</{element}>", start, StringComparison.Ordinal)];
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";
    }

    static string Read()
    {
        using var stream = typeof(JudgingPage).Assembly.GetManifestResourceStream("Page.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // As a browser hashes it.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
