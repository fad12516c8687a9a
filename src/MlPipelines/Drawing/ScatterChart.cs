using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>A point of a <see cref="ScatterChart"/>.</summary>
/// <param name="X">From left to right.</param>
/// <param name="Y">From top to bottom.</param>
/// <param name="Group">What it belongs to, which has a colour.</param>
public sealed record ScatterPoint(double X, double Y, string Group)
{
    /// <summary>Whether it has a ring around it.</summary>
    public bool IsMarked { get; init; }
}

/// <summary>Points in the plane, coloured by what they belong to. Only where they lie to each other counts,
/// so that there are no axes.</summary>
/// <param name="Title">Said above.</param>
/// <param name="Points">Drawn in their order, those with a ring last.</param>
public sealed record ScatterChart(string Title, params IReadOnlyList<ScatterPoint> Points) : Chart
{
    const double Side = 720, Margin = 16, TitleHeight = 34, LegendWidth = 280, Line = 20, Radius = 3.2, TitleSize = 15, TextSize = 12;
    const int MostTextColumns = 26;

    /// <summary>What a ring stands for, said in the legend; null leaves it out.</summary>
    public string? Mark { get; init; }

    /// <summary>Size of the part with the points, without the legend.</summary>
    internal const double FieldWidth = Side + 2 * Margin, FieldHeight = Side + TitleHeight + 2 * Margin;

    /// <inheritdoc/>
    public override double Width => Side + LegendWidth + 2 * Margin;

    /// <inheritdoc/>
    public override double Height => FieldHeight;

    static int MostGroups => (int)(Side / Line) - 3;

    /// <summary>The groups in the ordinal order of their names, each with its colour.</summary>
    internal ImmutableArray<(string Name, int Count, string Colour)> Groups
    {
        get
        {
            var groups = Points.GroupBy(point => point.Group).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
            return [.. groups.Select((group, i) => (group.Key, group.Count(), ColourOf(i, groups.Length)))];
        }
    }

    /// <summary>Where a point stands in the picture.</summary>
    internal IEnumerable<(double X, double Y)> Places()
    {
        var finite = Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToArray();
        var (left, right) = finite.Length == 0 ? (0, 1) : (finite.Min(point => point.X), finite.Max(point => point.X));
        var (top, bottom) = finite.Length == 0 ? (0, 1) : (finite.Min(point => point.Y), finite.Max(point => point.Y));
        var scale = (Side - 4 * Radius) / Math.Max(Math.Max(right - left, bottom - top), 1e-12);
        return Points.Select(point => (Margin + Side / 2 + (point.X - (left + right) / 2) * scale,
            Margin + TitleHeight + Side / 2 + (point.Y - (top + bottom) / 2) * scale));
    }

    internal override void Draw(SvgWriter svg, double top)
    {
        svg.Text(DisplayText.Visible(Title), Margin, top + Margin + TitleSize, new(TitleSize));
        var colours = Groups.ToDictionary(group => group.Name, group => group.Colour);
        foreach (var (point, (x, y)) in Points.Zip(Places()).OrderBy(pair => pair.First.IsMarked)
            .Where(pair => double.IsFinite(pair.First.X) && double.IsFinite(pair.First.Y)))
        {
            svg.Dot(x, top + y, Radius, colours[point.Group]);
            if (point.IsMarked)
                svg.Ring(x, top + y, 2 * Radius, "#111");
        }
        Legend(svg, top + Margin + TitleHeight);
    }

    void Legend(SvgWriter svg, double top)
    {
        var left = Margin + Side + 2 * Margin;
        var groups = Groups;
        foreach (var ((name, count, colour), i) in groups.Take(MostGroups).Select((group, i) => (group, i)))
        {
            svg.Dot(left, top + i * Line + TextSize / 2, 5, colour);
            svg.Text(
                $"{DisplayText.Shorten(DisplayText.Visible(name), MostTextColumns)}  {count.ToString("N0", CultureInfo.InvariantCulture)}",
                left + 14, top + i * Line + TextSize - 2, new(TextSize));
        }
        var next = top + Math.Min(groups.Length, MostGroups) * Line;
        if (groups.Length > MostGroups)
            svg.Text($"and {groups.Length - MostGroups} more", left + 14, (next += Line) - Line + TextSize - 2, new(TextSize));
        if (Mark is null)
            return;
        svg.Ring(left, next + Line / 2 + TextSize / 2, 2 * Radius, "#111");
        svg.Text($"{Mark}  {Points.Count(point => point.IsMarked).ToString("N0", CultureInfo.InvariantCulture)}", left + 14,
            next + Line / 2 + TextSize - 2, new(TextSize));
    }

    // Ten that are told apart well, and for more of them hues around the circle in three brightnesses.
    static string ColourOf(int number, int count)
    {
        string[] few = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#ee7733", "#009988", "#332288"];
        if (count <= few.Length)
            return few[number];
        var (hue, lightness) = (360.0 * number / count, number % 3 * 0.15 + 0.35);
        return FromHue(hue, lightness);
    }

    // Source: CSS Color 4, HSL to RGB, of a saturation of 0.7.
    static string FromHue(double hue, double lightness)
    {
        const double saturation = 0.7;
        var reach = saturation * Math.Min(lightness, 1 - lightness);
        int Channel(int offset)
        {
            var k = (offset + hue / 30) % 12;
            return (int)Math.Round(255 * (lightness - reach * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1))));
        }
        return $"#{Channel(0):x2}{Channel(8):x2}{Channel(4):x2}";
    }
}
