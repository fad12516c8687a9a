using System.Globalization;
using System.Text;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Which end of a text stands at its point.</summary>
enum TextAnchor { Start, Middle, End }

/// <summary>How a text is drawn.</summary>
/// <param name="Size">Font size.</param>
/// <param name="Anchor">Which end of it stands at its point.</param>
/// <param name="Fill">Colour.</param>
/// <param name="Angle">Degrees clockwise about the point.</param>
sealed record TextStyle(double Size = 12, TextAnchor Anchor = TextAnchor.Start, string Fill = "#222", double Angle = 0);

/// <summary>Draws shapes and text as SVG. Text is data: none of it becomes markup.</summary>
/// <remarks>Letters are drawn as strokes, so that a picture looks the same where no font is installed;
/// a text with other scripts in it stays text.</remarks>
sealed class SvgWriter(double width, double height)
{
    readonly StringBuilder body = new();

    /// <summary>Whether letters are those of whoever shows it: for pages, as a browser has fonts.</summary>
    public bool HasFonts { get; init; }

    /// <summary>A filled rectangle.</summary>
    public void Rectangle(double x, double y, double w, double h, string fill, string? tip = null)
    {
        body.Append(Invariant($"""<rect x="{x:0.##}" y="{y:0.##}" width="{w:0.##}" height="{h:0.##}" fill="{Escape(fill)}">"""));
        if (tip is not null)
            body.Append("<title>").Append(Escape(tip)).Append("</title>");
        body.Append("</rect>\n");
    }

    /// <summary>A filled polygon with a thin border.</summary>
    public void Polygon(IEnumerable<(double X, double Y)> points, string fill, string stroke)
    {
        ArgumentNullException.ThrowIfNull(points);
        var path = string.Join(' ', points.Select(point => Invariant($"{point.X:0.##},{point.Y:0.##}")));
        body.Append($"""<polygon points="{path}" fill="{Escape(fill)}" stroke="{Escape(stroke)}" stroke-linejoin="round"/>""").Append('\n');
    }

    /// <summary>A line through points.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string stroke, double thickness = 1, bool dashed = false)
    {
        ArgumentNullException.ThrowIfNull(points);
        var path = string.Join(' ', points.Select(point => Invariant($"{point.X:0.##},{point.Y:0.##}")));
        var dashes = dashed ? " stroke-dasharray=\"5 5\"" : "";
        body.Append(Invariant($"""<polyline points="{path}" fill="none" stroke="{Escape(stroke)}" stroke-width="{thickness:0.##}" """))
            .Append($"""stroke-linejoin="round" stroke-linecap="round"{dashes}/>""").Append('\n');
    }

    /// <summary>A small filled circle.</summary>
    public void Dot(double x, double y, double radius, string fill) =>
        body.Append(Invariant($"""<circle cx="{x:0.##}" cy="{y:0.##}" r="{radius:0.##}" fill="{Escape(fill)}"/>""")).Append('\n');

    /// <summary>A thin circle.</summary>
    public void Ring(double x, double y, double radius, string stroke) =>
        body.Append(Invariant($"""<circle cx="{x:0.##}" cy="{y:0.##}" r="{radius:0.##}" fill="none" stroke="{Escape(stroke)}"/>"""))
            .Append('\n');

    /// <summary>An image whose pixels stay squares, however large it is drawn.</summary>
    public void Picture(double x, double y, double w, double h, Image image) =>
        body.Append(Invariant($"""<image x="{x:0.##}" y="{y:0.##}" width="{w:0.##}" height="{h:0.##}" preserveAspectRatio="none" """))
            .Append($"""style="image-rendering:pixelated" href="data:image/png;base64,{Convert.ToBase64String(image.Encode(".png"))}"/>""")
            .Append('\n');

    /// <summary>Text of the height given, its base line at <paramref name="y"/>.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="x">Its point.</param>
    /// <param name="y">The base line.</param>
    /// <param name="style">How; null for the usual one.</param>
    public void Text(string text, double x, double y, TextStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (size, anchor, fill, angle) = style ?? new();
        var turn = angle == 0 ? "" : Invariant($" rotate({angle:0.##})");
        var place = Invariant($"""transform="translate({x:0.##},{y:0.##}){turn}" """);
        if (!HasFonts && StrokeFont.Covers(text))
        {
            var width = StrokeFont.Width(text, size);
            var left = anchor switch { TextAnchor.Start => 0, TextAnchor.Middle => -width / 2, _ => -width };
            body.Append($"""<g role="img" aria-label="{Escape(text)}" {place.TrimEnd()}><path d="{StrokeFont.Path(text, left, size)}" """)
                .Append(Invariant($"""fill="none" stroke="{Escape(fill)}" stroke-width="{size / 11:0.##}" """))
                .Append("""stroke-linecap="round" stroke-linejoin="round"/></g>""").Append('\n');
        }
        else
        {
            var side = anchor switch { TextAnchor.Start => "start", TextAnchor.Middle => "middle", _ => "end" };
            body.Append(Invariant($"""<text {place}font-family="sans-serif" font-size="{size:0.##}" text-anchor="{side}" """))
                .Append($"""fill="{Escape(fill)}">{Escape(text)}</text>""").Append('\n');
        }
    }

    /// <summary>The picture, on white.</summary>
    public override string ToString() => Invariant($"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{width:0.##}" height="{height:0.##}" viewBox="0 0 {width:0.##} {height:0.##}">
        <rect width="100%" height="100%" fill="#fff"/>
        {body}</svg>

        """);

    /// <summary>Text as XML takes it.</summary>
    public static string Escape(string text) => DisplayText.Visible(text)
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;")
        .Replace('\uFFFE', '\uFFFD').Replace('\uFFFF', '\uFFFD');

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
