using System.Globalization;
using System.Text;

namespace MlPipelines;

/// <summary>A confusion matrix as a text table.</summary>
static class ConfusionTable
{
    const int WidestName = 24, WidestHeading = 12, WidestTable = 150;

    internal static string Render(NamedConfusionMatrix matrix)
    {
        var names = matrix.ClassNames.Select(DisplayText.Visible).ToArray();
        var headings = names.Select(name => DisplayText.Shorten(name, WidestHeading)).ToArray();
        var rows = names.Select(name => DisplayText.Shorten(name, WidestName)).ToArray();
        if (headings.Sum(heading => DisplayText.Width(heading) + 2) + rows.Select(DisplayText.Width).DefaultIfEmpty().Max() > WidestTable)
        {
            headings = [.. names.Select((_, index) => $"#{index + 1}")];
            rows = [.. rows.Select((name, index) => $"#{index + 1} {name}")];
        }

        var table = new List<string[]>();
        table.Add(["actual \\ predicted", .. headings, "recall"]);
        for (var actual = 0; actual < names.Length; actual++)
            table.Add([rows[actual], .. matrix.Counts[actual].Select(count => count.ToString(CultureInfo.InvariantCulture)),
                Share(matrix.PerClassRecall[actual], matrix.Counts[actual].Sum())]);
        table.Add(["precision",
            .. matrix.PerClassPrecision.Select((precision, predicted) => Share(precision, matrix.Counts.Sum(line => line[predicted]))),
            Percent(Accuracy(matrix))]);
        return Align(table);
    }

    static double Accuracy(NamedConfusionMatrix matrix)
    {
        var total = matrix.Counts.Sum(line => line.Sum());
        return total == 0 ? 0 : matrix.Counts.Select((line, index) => line[index]).Sum() / total;
    }

    // Of nothing there is no share.
    static string Share(double share, double whole) => whole == 0 ? "–" : Percent(share);

    static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);

    static string Align(List<string[]> table)
    {
        var widths = table[0].Select((_, column) => table.Max(row => DisplayText.Width(row[column]))).ToArray();
        var text = new StringBuilder();
        foreach (var row in table)
        {
            text.Append(DisplayText.PadRight(row[0], widths[0]));
            for (var column = 1; column < row.Length; column++)
                text.Append("  ").Append(DisplayText.PadLeft(row[column], widths[column]));
            text.Append('\n');
        }
        return text.ToString();
    }
}
