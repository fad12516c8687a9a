using System.Globalization;

namespace MlPipelines;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Values">One value for each x; not-a-number leaves a gap.</param>
/// <param name="Dashed">Drawn broken.</param>
public sealed record Series(string Name, IReadOnlyList<double> Values, bool Dashed = false)
{
    /// <summary>The x of each value, ascending; null for the chart's.</summary>
    public IReadOnlyList<double>? X { get; init; }

    /// <summary>Whether each value is marked as well.</summary>
    public bool HasDots { get; init; }

    /// <summary>Whether it is there to compare with, such as what chance gives: grey.</summary>
    public bool IsGuide { get; init; }
}

/// <summary>Values over x as lines, with axes, grid and legend.</summary>
/// <param name="Title">Said above.</param>
/// <param name="XName">What x is.</param>
/// <param name="X">The x of each value of lines without an own one, ascending; of other lines where the axis begins and ends.</param>
/// <param name="Lines">The lines.</param>
public sealed record LineChart(string Title, string XName, IReadOnlyList<double> X, params IReadOnlyList<Series> Lines) : Chart
{
    const double Left = 70, Right = 24, Bottom = 46, LegendLine = 18;
    static readonly string[] Colours = ["#1f5fa8", "#d9822b", "#2a8a4a", "#8b4fb3", "#b3342a", "#5a6b7a"];

    /// <summary>Whether equal ratios of x are equally far apart; all x are then above 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>What the values are; null where the lines' names say it.</summary>
    public string? YName { get; init; }

    /// <summary>Whether the field of the lines is as wide as it is high, for two axes of the same unit.</summary>
    public bool IsSquare { get; init; }

    /// <summary>Where the vertical axis begins and ends; null fits it to the values.</summary>
    public Interval? YRange { get; init; }

    /// <inheritdoc/>
    public override double Width => IsSquare ? 480 : 720;
    /// <inheritdoc/>
    public override double Height => Top + Bottom + (IsSquare ? Width - Left - Right : 216);

    double Top => 40 + LegendLine * (Legend.Select(entry => entry.Row).DefaultIfEmpty().Max() + 1);

    // Names beside each other as far as they have room.
    IEnumerable<(Series Line, double At, int Row)> Legend
    {
        get
        {
            var (at, row) = (Left, 0);
            foreach (var line in Lines)
            {
                var width = 50 + DisplayText.Width(line.Name) * 8;
                if (at > Left && at + width - 22 > Width)
                    (at, row) = (Left, row + 1);
                yield return (line, at, row);
                at += width;
            }
        }
    }

    internal override void Draw(SvgWriter svg, double top)
    {
        var finite = Lines.SelectMany(line => line.Values).Where(double.IsFinite).ToArray();
        var vertical = Axis.Over(YRange is { } range ? [range.Lower, range.Upper] : finite);
        var field = new Field(this, vertical, top);

        svg.Text(DisplayText.Visible(Title), 16, top + 26, new(15));
        foreach (var tick in vertical.Ticks)
        {
            svg.Line([(Left, field.Down(tick)), (Width - Right, field.Down(tick))], "#ddd");
            svg.Text(Number(tick), Left - 8, field.Down(tick) + 4, new(11, TextAnchor.End, "#666"));
        }
        foreach (var tick in IsLogarithmic ? Powers : OwnX ? Axis.Over([X[0], X[^1]]).Ticks : Thinned)
            svg.Text(IsLogarithmic ? tick.ToString("0e0", CultureInfo.InvariantCulture) : Number(tick), field.Across(tick),
                top + Height - Bottom + 18, new(11, TextAnchor.Middle, "#666"));
        svg.Text(XName, (Left + Width - Right) / 2, top + Height - 8, new(11, TextAnchor.Middle, "#666"));

        if (YName is not null)
            svg.Text(YName, 16, top + (Top + Height - Bottom) / 2, new(11, TextAnchor.Middle, "#666", Angle: -90));

        foreach (var ((line, at, row), index) in Legend.Select((entry, index) => (entry, index)))
        {
            var (colour, y) = (line.IsGuide ? "#999" : Colours[index % Colours.Length], top + 42 + row * LegendLine);
            field.DrawLine(svg, line, colour);
            svg.Line([(at, y), (at + 22, y)], colour, 2, line.Dashed);
            svg.Text(DisplayText.Visible(line.Name), at + 28, y + 4, new(11));
        }
    }

    bool OwnX => X.Count > 1 && Lines.Any(line => line.X is not null);

    IEnumerable<double> Thinned => X.Where((_, index) => index % Math.Max(1, (X.Count + 11) / 12) == 0);

    IEnumerable<double> Powers =>
        X.Count == 0 ? []
        : Enumerable.Range(-40, 81).Select(power => Math.Pow(10, power))
            .Where(power => power >= X[0] * (1 - 1e-6) && power <= X[^1] * (1 + 1e-6));

    double Place(double x) => IsLogarithmic ? Math.Log10(x) : x;

    static string Number(double tick) => tick.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>Where values lie on the picture.</summary>
    sealed class Field
    {
        readonly LineChart chart;
        readonly Axis vertical;
        readonly double top, from, to;

        public Field(LineChart chart, Axis vertical, double top)
        {
            (this.chart, this.vertical, this.top) = (chart, vertical, top);
            (from, to) = (chart.X.Count == 0 ? 0 : chart.Place(chart.X[0]), chart.X.Count == 0 ? 1 : chart.Place(chart.X[^1]));
            if (from == to)
                (from, to) = (from - 1, to + 1);
        }

        public double Across(double x) => Left + (chart.Place(x) - from) / (to - from) * (chart.Width - Left - Right);

        public double Down(double y) =>
            top + chart.Top + (vertical.To - y) / (vertical.To - vertical.From) * (chart.Height - chart.Top - Bottom);

        public void DrawLine(SvgWriter svg, Series line, string colour)
        {
            var run = new List<(double X, double Y)>();
            foreach (var (x, y) in (line.X ?? chart.X).Zip(line.Values).Append((double.NaN, double.NaN)))
            {
                if (double.IsFinite(y))
                {
                    run.Add((Across(x), Down(y)));
                    if (line.HasDots)
                        svg.Dot(run[^1].X, run[^1].Y, 3, colour);
                    continue;
                }
                if (run.Count > 1)
                    svg.Line(run, colour, 2, line.Dashed);
                else if (run.Count == 1 && !line.HasDots)
                    svg.Dot(run[0].X, run[0].Y, 3, colour);
                run = [];
            }
        }
    }
}
