using System.Globalization;
using System.Text;

namespace MlPipelines;

/// <summary>Named numbers as bars of text, to an eighth of a column.</summary>
static class TextBars
{
    const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>One line a number.</summary>
    /// <param name="values">Names and numbers; a number that is negative or not finite has no bar.</param>
    /// <param name="full">The number whose bar is <paramref name="width"/> columns wide; null for the greatest.</param>
    /// <param name="width">Columns of the longest bar.</param>
    /// <param name="format">How the numbers are written.</param>
    public static string Render(IEnumerable<(string Name, double Value)> values, double? full = null, int width = 30,
        string format = "0.###")
    {
        Check.AtLeast(width, 1);
        var rows = values.Select(row => (Name: DisplayText.Shorten(DisplayText.Visible(row.Name), 24), row.Value)).ToArray();
        var most = full ?? rows.Select(row => row.Value).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var names = rows.Select(row => DisplayText.Width(row.Name)).DefaultIfEmpty(0).Max();
        var text = new StringBuilder();
        foreach (var (name, value) in rows)
            text.Append(DisplayText.PadRight(name, names)).Append("  ").Append(DisplayText.PadRight(Bar(value / most, width), width))
                .Append("  ").Append(value.ToString(format, CultureInfo.InvariantCulture)).Append('\n');
        return text.ToString();
    }

    static string Bar(double share, int width)
    {
        if (!double.IsFinite(share) || share <= 0)
            return "";
        var eighths = (int)Math.Round(Math.Min(share, 1) * width * 8);
        return new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : Eighths[eighths % 8]);
    }
}
