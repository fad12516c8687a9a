using System.Globalization;

namespace MlPipelines;

/// <summary>A common line on which shares with their intervals are drawn, one below the other.</summary>
/// <param name="Least">Where the line begins.</param>
/// <param name="Most">Where it ends.</param>
readonly record struct IntervalScale(double Least, double Most)
{
    const double Width = 280, Middle = 9;

    /// <summary>The line that has room for all of them.</summary>
    public static IntervalScale Of(IEnumerable<Interval> intervals)
    {
        Interval[] all = [.. intervals];
        return all.Length == 0 ? new(0, 1)
            : new(all.Min(one => one.Lower), Math.Max(all.Max(one => one.Upper), all.Min(one => one.Lower) + 1e-6));
    }

    /// <summary>A share as a point on its interval, as markup of a page with <see cref="HtmlPage.ReportStyle"/>.</summary>
    /// <param name="value">The share.</param>
    /// <param name="interval">Where it lies.</param>
    /// <param name="colour">As CSS takes it.</param>
    public string Strip(double value, Interval interval, string colour = "var(--dot)")
    {
        FormattableString svg = $"""
            <svg class="strip" role="img" aria-label="{100 * value:0.0} %, {100 * interval.Lower:0.0} to {100 * interval.Upper:0.0}"
            viewBox="0 0 {Width} 18"><line x1="0" x2="{Width}" y1="{Middle}" y2="{Middle}" stroke="var(--line)"/>
            <line x1="{At(interval.Lower):0.#}" x2="{At(interval.Upper):0.#}" y1="{Middle}" y2="{Middle}" stroke="{colour}"
            stroke-width="3"/><circle cx="{At(value):0.#}" cy="{Middle}" r="5" fill="{colour}"/></svg>
            """;
        return svg.ToString(CultureInfo.InvariantCulture);
    }

    double At(double value) => (value - Least) / (Most - Least) * Width;
}
