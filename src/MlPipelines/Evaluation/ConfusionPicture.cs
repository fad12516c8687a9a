using System.Globalization;

namespace MlPipelines;

/// <summary>A confusion matrix as a heat map.</summary>
static class ConfusionPicture
{
    const double Margin = 16, Title = 34, NameSize = 13;
    const int LongestName = 24;

    internal static string Render(NamedConfusionMatrix matrix)
    {
        var n = matrix.NumberOfClasses;
        var cell = n <= 12 ? 52.0 : n <= 30 ? 32 : 16;
        var nameSize = Math.Min(NameSize, cell * 0.7);
        var names = matrix.ClassNames.Select(name => DisplayText.Shorten(DisplayText.Visible(name), LongestName)).ToArray();
        var longest = names.Select(name => DisplayText.Width(name) * nameSize * 0.72).DefaultIfEmpty(0).Max();
        var (left, top) = (Margin + 24 + longest + 8, Margin + Title + 18 + longest * 0.72 + 8);
        var svg = new SvgWriter(left + Math.Max(n * cell, 180) + longest * 0.72 + Margin, top + n * cell + Margin);

        svg.Text("Confusion matrix", Margin, Margin + 14, new(17));
        svg.Text("predicted", left + n * cell / 2, Margin + Title + 8, new(13, TextAnchor.Middle, "#666"));
        svg.Text("actual", Margin + 12, top + n * cell / 2, new(13, TextAnchor.Middle, "#666", -90));
        for (var actual = 0; actual < n; actual++)
        {
            svg.Text(names[actual], left - 8, top + (actual + 0.5) * cell + nameSize * 0.35, new(nameSize, TextAnchor.End));
            svg.Text(names[actual], left + (actual + 0.5) * cell + nameSize * 0.3, top - 8, new(nameSize, Angle: -45));
            for (var predicted = 0; predicted < n; predicted++)
                Cell(actual, predicted);
        }
        return svg.ToString();

        void Cell(int actual, int predicted)
        {
            var (x, y) = (left + predicted * cell, top + actual * cell);
            var count = matrix.Counts[actual][predicted];
            var total = matrix.ActualCount(actual);
            var share = total == 0 ? 0 : count / total;
            var text = count.ToString(CultureInfo.InvariantCulture);
            svg.Rectangle(x, y, cell - 1, cell - 1, Shade(share, actual == predicted),
                $"{matrix.ClassNames[actual]} predicted as {matrix.ClassNames[predicted]}: {text} "
                    + $"({share.ToString("0.0%", CultureInfo.InvariantCulture)})");
            var height = Math.Min(14, cell * 1.3 / Math.Max(2, text.Length));
            if (count > 0)
                svg.Text(text, x + (cell - 1) / 2, y + cell / 2 + height * 0.35,
                    new(height, TextAnchor.Middle, share > 0.5 ? "#fff" : "#222"));
        }
    }

    /// <summary>From pale to full: blue where the class is right, red where it is mistaken.</summary>
    static string Shade(double share, bool right)
    {
        var (red, green, blue) = right ? (0x1f, 0x5f, 0xa8) : (0xc0, 0x39, 0x2b);
        var weight = share == 0 ? 0 : 0.12 + 0.88 * share;
        return $"#{Mix(0xf4, red):x2}{Mix(0xf4, green):x2}{Mix(0xf4, blue):x2}";
        int Mix(int from, int to) => (int)Math.Round(from + (to - from) * weight);
    }
}
