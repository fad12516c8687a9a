using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>Part of a line that one series has, or none.</summary>
/// <param name="Text">What is written.</param>
/// <param name="Series">The series, from 0; null for none.</param>
readonly record struct CurvePart(string Text, int? Series);

/// <summary>One or two series over 1, 2, 3, … as lines of text: the first drawn through, the second dotted.</summary>
/// <param name="Title">What is measured.</param>
/// <param name="Series">Its values in their order; one that is not finite is a gap.</param>
/// <remarks>Positive values that span more than <see cref="LogFrom"/> times the smallest are drawn by their logarithms, and the title says
/// so.</remarks>
sealed record TextCurve(string Title, ImmutableArray<ImmutableArray<double>> Series)
{
    /// <summary>From what ratio of the largest to the smallest value on logarithms are drawn.</summary>
    public const double LogFrom = 50;

    /// <summary>Whether values are shares, written as percentages.</summary>
    public bool IsShare { get; init; }

    /// <summary>Whether nothing but ASCII is written: a character a value, in place of eight dots.</summary>
    public bool IsAscii { get; init; }

    int DotsAcross => IsAscii ? 1 : 2;

    int DotsDown => IsAscii ? 1 : 4;

    int Count => Series.Max(values => values.Length);

    /// <summary>What stands for each series in titles and legends.</summary>
    /// <param name="isAscii">Whether it is one of ASCII.</param>
    public static ImmutableArray<string> Marks(bool isAscii) => isAscii ? ["*", "o"] : ["⠒⠒", "⠂⠂"];

    /// <summary>Title, rows of the curve between its largest and smallest value, and the numbers of the first and the last value.</summary>
    /// <param name="width">The most columns.</param>
    /// <param name="rows">Lines of the curve itself.</param>
    public ImmutableArray<ImmutableArray<CurvePart>> Render(int width, int rows)
    {
        var scale = CurveScale.Of(Series.SelectMany(values => values));
        var labels = Labels(scale, rows);
        var margin = labels.Max(label => label.Length) + 1;
        var across = Math.Max(1, width - margin);
        var cells = Drawn(scale, across, rows);
        return
        [
            Head(width, scale),
            .. labels.Select((label, row) => (ImmutableArray<CurvePart>)[new($"{label.PadLeft(margin - 1)} ", null), .. Row(cells, row)]),
            [new(Numbers(margin, across), null)],
        ];
    }

    ImmutableArray<CurvePart> Head(int width, CurveScale scale)
    {
        var title = $"{Title}{(scale.IsLog ? ", log" : "")}";
        ImmutableArray<CurvePart> whole = [new(title, null), .. Series.Index().Where(one => one.Item.Length > 0)
            .SelectMany(one => new CurvePart[] { new("  ", null), new($"{Marks(IsAscii)[one.Index]} {Text(one.Item[^1])}", one.Index) })];
        return whole.Sum(part => DisplayText.Width(part.Text)) <= width ? whole : [new(DisplayText.Shorten(title, width), null)];
    }

    string[] Labels(CurveScale scale, int rows)
    {
        var labels = Enumerable.Repeat("", rows).ToArray();
        if (scale.IsEmpty)
            return labels;
        if (scale.IsFlat)
            labels[(rows - 1) / 2] = Text(scale.Most);
        else
            (labels[0], labels[^1]) = (Text(scale.Most), Text(scale.Least));
        return labels;
    }

    string Numbers(int margin, int across)
    {
        var (first, last) = ("1", string.Create(CultureInfo.InvariantCulture, $"{Count}"));
        return new string(' ', margin) + (Count > 1 ? first + last.PadLeft(Math.Max(last.Length + 1, across - first.Length)) : first);
    }

    string Text(double value) => double.IsNaN(value) ? "NaN"
        : double.IsInfinity(value) ? (value < 0 ? "-" : "") + (IsAscii ? "inf" : "∞")
        : value.ToString(IsShare ? "0.0%" : Format(Math.Abs(value)), CultureInfo.InvariantCulture);

    static string Format(double size) => size switch
    {
        0 => "0",
        < 1e-3 or >= 1e5 => "0.0e0",
        < 1 => "0.000",
        < 10 => "0.00",
        < 100 => "0.0",
        _ => "0",
    };

    // For each series a bit a dot.
    int[,,] Drawn(CurveScale scale, int across, int rows)
    {
        var cells = new int[Series.Length, rows, across];
        foreach (var (series, values) in Series.Index())
        {
            (int X, int Y)? before = null;
            foreach (var (place, value) in values.Index())
            {
                (int X, int Y)? now = !double.IsFinite(value) ? null
                    : ((int)Math.Round((across * DotsAcross - 1) * (Count > 1 ? (double)place / (Count - 1) : 0)),
                        (int)Math.Round((rows * DotsDown - 1) * (1 - scale.PlaceOf(value))));
                if (now is { } to)
                    Stroke(cells, series, before ?? to, to);
                before = now;
            }
        }
        return cells;
    }

    void Stroke(int[,,] cells, int series, (int X, int Y) from, (int X, int Y) to)
    {
        var steps = Math.Max(1, Math.Max(to.X - from.X, Math.Abs(to.Y - from.Y)));
        foreach (var step in Enumerable.Range(0, steps + 1))
        {
            var (x, y) = (from.X + (to.X - from.X) * step / steps, from.Y + (int)Math.Round((double)(to.Y - from.Y) * step / steps));
            // A value between two gaps is one dot, which must not fall between those of a dotted line.
            if (series == 0 || IsAscii || x % 2 == 0 || from == to)
                cells[series, y / DotsDown, x / DotsAcross] |= IsAscii ? 1 : BrailleDot(x % DotsAcross, y % DotsDown);
        }
    }

    // Unicode numbers the dots of a cell by columns, but for the lowest row, which came later.
    static int BrailleDot(int x, int y) => y == 3 ? 0x40 << x : 1 << (3 * x + y);

    IEnumerable<CurvePart> Row(int[,,] cells, int row)
    {
        var series = Enumerable.Range(0, cells.GetLength(2))
            .Select(column => (Text: Cell(cells, row, column), Owner: Owner(cells, row, column))).ToList();
        for (var start = 0; start < series.Count;)
        {
            var same = series.Skip(start).TakeWhile(cell => cell.Owner == series[start].Owner).ToArray();
            yield return new(string.Concat(same.Select(cell => cell.Text)), series[start].Owner);
            start += same.Length;
        }
    }

    string Cell(int[,,] cells, int row, int column)
    {
        var dots = Enumerable.Range(0, cells.GetLength(0)).Select(series => cells[series, row, column]).ToArray();
        return !IsAscii ? dots.All(one => one == 0) ? " " : $"{(char)(0x2800 + dots.Aggregate((one, other) => one | other))}"
            : dots.All(one => one == 0) ? " " : dots.Length > 1 && dots.All(one => one != 0) ? "#" : Marks(true)[dots.IndexOf(1)];
    }

    // Where both series meet, the dotted one gives the colour: it would be seen nowhere else.
    static int? Owner(int[,,] cells, int row, int column) => Enumerable.Range(0, cells.GetLength(0)).Reverse()
        .Where(series => cells[series, row, column] != 0).Select(series => (int?)series).FirstOrDefault();
}
