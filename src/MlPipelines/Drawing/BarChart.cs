using System.Globalization;

namespace MlPipelines;

/// <summary>One bar of a chart.</summary>
/// <param name="Name">What stands at its left.</param>
/// <param name="Value">Its length; one that is negative or not finite has no bar.</param>
public sealed record Bar(string Name, double Value);

/// <summary>Named numbers as bars, one below the other, each with its number at the end.</summary>
/// <param name="Title">Said above.</param>
/// <param name="Bars">From top to bottom.</param>
public sealed record BarChart(string Title, params IReadOnlyList<Bar> Bars) : Chart
{
    const double Margin = 16, Top = 46, Gap = 8, Longest = 460, ColumnsPerSize = 0.72;
    const int LongestName = 32;

    /// <summary>How the numbers are written.</summary>
    public string Format { get; init; } = "#,0.###";

    /// <inheritdoc/>
    public override double Width =>
        Math.Max(2 * Margin + Left + Longest + Gap + Columns(Bars.Select(Number)) * TextSize,
            2 * Margin + DisplayText.Width(Title) * 15 * ColumnsPerSize);
    /// <inheritdoc/>
    public override double Height => Top + Math.Max(1, Bars.Count) * Pitch + Margin;

    double Pitch => Bars.Count switch { <= 40 => 24, <= 200 => 16, _ => 11 };
    double TextSize => Math.Min(12, Pitch * 0.75);
    double Left => Columns(Bars.Select(Name)) * TextSize + Gap;

    internal override void Draw(SvgWriter svg, double top)
    {
        svg.Text(DisplayText.Visible(Title), Margin, top + 28, new(15));
        var most = Bars.Select(bar => bar.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        foreach (var (row, bar) in Bars.Index())
        {
            var (upper, line) = (top + Top + row * Pitch, top + Top + (row + 0.5) * Pitch - 1 + TextSize * 0.35);
            var length = bar.Value > 0 && double.IsFinite(bar.Value) ? bar.Value / most * Longest : 0;
            svg.Text(Name(bar), Margin + Left - Gap, line, new(TextSize, TextAnchor.End));
            if (length > 0)
                svg.Rectangle(Margin + Left, upper, Math.Max(length, 1), Pitch * 0.8, "#1f5fa8", $"{bar.Name}: {Number(bar)}");
            svg.Text(Number(bar), Margin + Left + length + Gap, line, new(TextSize, Fill: "#666"));
        }
    }

    static string Name(Bar bar) => DisplayText.Shorten(DisplayText.Visible(bar.Name), LongestName);

    string Number(Bar bar) => bar.Value.ToString(Format, CultureInfo.InvariantCulture);

    static double Columns(IEnumerable<string> texts) => texts.Select(DisplayText.Width).DefaultIfEmpty(0).Max() * ColumnsPerSize;
}
