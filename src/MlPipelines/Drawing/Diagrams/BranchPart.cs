namespace MlPipelines;

/// <summary>Ways beside each other, and where they meet; the first one is straight on.</summary>
sealed class BranchPart(IReadOnlyList<(DiagramPart? Way, int Count)> ways, DiagramPart join) : DiagramPart
{
    const double Between = 18, Bend = 14, SkipWidth = 26, CountHeight = 16;

    public override double Width =>
        Axis + Math.Max(ways.Sum(WidthOf) + Between * (ways.Count - 1) - AxisOf(ways[0]), join.Width - join.Axis);

    public override double Height => 2 * Bend + Tallest + ChainPart.Gap / 2 + join.Height;

    public override double Axis => Math.Max(AxisOf(ways[0]), join.Axis);

    double Tallest => ways.Max(way => (way.Way?.Height ?? 0) + (way.Count > 1 ? CountHeight : 0));

    public override void Draw(SvgWriter svg, double left, double top)
    {
        var axis = left + Axis;
        var at = axis - AxisOf(ways[0]);
        var meeting = top + Bend + Tallest + Bend;
        foreach (var (way, count) in ways)
        {
            var x = at + AxisOf((way, count));
            var bottom = top + Bend + (way?.Height ?? 0);
            svg.Line([(axis, top + Bend / 2), (x, top + Bend / 2), (x, top + Bend)], LineColour);
            svg.Line([(x, bottom), (x, meeting - Bend / 2), (axis, meeting - Bend / 2)], LineColour);
            way?.Draw(svg, at, top + Bend);
            if (count > 1)
                svg.Text($"× {count}", x + 6, bottom + CountHeight - 4, new(11, Fill: "#8b5fb3"));
            at += WidthOf((way, count)) + Between;
        }
        svg.Line([(axis, top), (axis, top + Bend / 2)], LineColour);
        Arrow(svg, axis, meeting - Bend / 2, meeting + ChainPart.Gap / 2);
        join.Draw(svg, axis - join.Axis, meeting + ChainPart.Gap / 2);
    }

    static double WidthOf((DiagramPart? Way, int Count) way) => way.Way?.Width ?? SkipWidth;

    static double AxisOf((DiagramPart? Way, int Count) way) => way.Way?.Axis ?? SkipWidth / 2;
}
