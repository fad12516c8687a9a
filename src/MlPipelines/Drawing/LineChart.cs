using System.Globalization;

namespace MlPipelines;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Values">One value for each x; not-a-number leaves a gap.</param>
/// <param name="Dashed">Drawn broken.</param>
public sealed record Series(string Name, IReadOnlyList<double> Values, bool Dashed = false);

/// <summary>Values over x as lines, with axes, grid and legend.</summary>
/// <param name="Title">Said above.</param>
/// <param name="XName">What x is.</param>
/// <param name="X">The x of each value, ascending.</param>
/// <param name="Lines">The lines.</param>
public sealed record LineChart(string Title, string XName, IReadOnlyList<double> X, params IReadOnlyList<Series> Lines) : Chart
{
    const double Left = 70, Right = 24, Top = 58, Bottom = 46;
    static readonly string[] Colours = ["#1f5fa8", "#d9822b", "#2a8a4a", "#8b4fb3", "#b3342a", "#5a6b7a"];

    /// <summary>Whether equal ratios of x are equally far apart; all x are then above 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <inheritdoc/>
    public override double Width => 720;
    /// <inheritdoc/>
    public override double Height => 320;

    internal override void Draw(SvgWriter svg, double top)
    {
        var finite = Lines.SelectMany(line => line.Values).Where(double.IsFinite).ToArray();
        var vertical = Axis.Over(finite);
        var horizontal = (From: X.Count == 0 ? 0 : Place(X[0]), To: X.Count == 0 ? 1 : Place(X[^1]));
        if (horizontal.From == horizontal.To)
            horizontal = (horizontal.From - 1, horizontal.To + 1);

        svg.Text(Title, 16, top + 26, new(15));
        foreach (var tick in vertical.Ticks)
        {
            svg.Line([(Left, Down(tick)), (Width - Right, Down(tick))], "#ddd");
            svg.Text(tick.ToString("0.####", CultureInfo.InvariantCulture), Left - 8, Down(tick) + 4, new(11, TextAnchor.End, "#666"));
        }
        foreach (var tick in IsLogarithmic ? Powers : X.Where((_, index) => index % Math.Max(1, (X.Count + 11) / 12) == 0))
            svg.Text(tick.ToString(IsLogarithmic ? "0e0" : "0.####", CultureInfo.InvariantCulture), Across(tick),
                top + Height - Bottom + 18, new(11, TextAnchor.Middle, "#666"));
        svg.Text(XName, (Left + Width - Right) / 2, top + Height - 8, new(11, TextAnchor.Middle, "#666"));

        var legend = Left;
        for (var line = 0; line < Lines.Count; line++)
        {
            var colour = Colours[line % Colours.Length];
            DrawLine(svg, Lines[line], colour);
            svg.Line([(legend, top + 42), (legend + 22, top + 42)], colour, 2, Lines[line].Dashed);
            svg.Text(DisplayText.Visible(Lines[line].Name), legend + 28, top + 46, new(11));
            legend += 50 + DisplayText.Width(Lines[line].Name) * 8;
        }

        double Across(double x) => Left + (Place(x) - horizontal.From) / (horizontal.To - horizontal.From) * (Width - Left - Right);
        double Down(double y) => top + Top + (vertical.To - y) / (vertical.To - vertical.From) * (Height - Top - Bottom);
        void DrawLine(SvgWriter writer, Series series, string colour)
        {
            var run = new List<(double X, double Y)>();
            foreach (var (x, y) in X.Zip(series.Values).Append((double.NaN, double.NaN)))
            {
                if (double.IsFinite(y))
                {
                    run.Add((Across(x), Down(y)));
                    continue;
                }
                if (run.Count > 1)
                    writer.Line(run, colour, 2, series.Dashed);
                else if (run.Count == 1)
                    writer.Dot(run[0].X, run[0].Y, 3, colour);
                run = [];
            }
        }
    }

    IEnumerable<double> Powers =>
        X.Count == 0 ? []
        : Enumerable.Range(-40, 81).Select(power => Math.Pow(10, power))
            .Where(power => power >= X[0] * (1 - 1e-6) && power <= X[^1] * (1 + 1e-6));

    double Place(double x) => IsLogarithmic ? Math.Log10(x) : x;
}
