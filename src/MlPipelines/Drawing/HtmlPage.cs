namespace MlPipelines;

/// <summary>Pages put together from markup, which need no other file.</summary>
static class HtmlPage
{
    /// <summary>How reports look: headings, notes, tables that scroll, strips of intervals; light and dark.</summary>
    public const string ReportStyle = """
        :root { color-scheme: light dark; --line: #8886; --good: #1a7f37; --bad: #b35900; --dot: #1f5fa8; }
        @media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #f0a35e; --dot: #6cb0f5; } }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 16px 24px 48px; max-width: 1100px; }
        h1 { font-size: 24px; margin: 8px 0; }
        h2 { font-size: 19px; margin: 40px 0 4px; border-top: 1px solid var(--line); padding-top: 16px; }
        h3 { font-size: 15px; margin: 20px 0 4px; }
        p { margin: 6px 0; overflow-wrap: anywhere; } .note { opacity: .75; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; }
        th, td { padding: 3px 12px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .strip { width: 280px; height: 18px; display: block; overflow: visible; }

        """;

    /// <summary>A page.</summary>
    /// <param name="title">Its title, as text.</param>
    /// <param name="style">Its style.</param>
    /// <param name="body">Its markup, in which text is escaped.</param>
    public static string Of(string title, string style, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{SvgWriter.Escape(title)}</title>
        <style>
        {style.TrimEnd()}
        </style>
        </head>
        <body>
        {body.TrimEnd()}
        </body>
        </html>

        """;
}
