namespace MlPipelines;

/// <summary>Boxes one below the other with links between any of them, each in a lane of its own at the right.</summary>
sealed class TanglePart : DiagramPart
{
    const double Gap = 20, Lane = 9;

    readonly IReadOnlyList<LayerBox> boxes;
    readonly List<(int From, int To, int Lane)> arcs = [];
    readonly HashSet<int> straight;

    /// <param name="boxes">From top to bottom.</param>
    /// <param name="links">Numbers of boxes, −1 for what comes in.</param>
    public TanglePart(IReadOnlyList<LayerBox> boxes, IReadOnlyList<(int From, int To)> links)
    {
        this.boxes = boxes;
        foreach (var box in boxes)
            box.Widen(boxes.Max(one => one.Width));
        straight = [.. links.Where(link => link.To == link.From + 1).Select(link => link.To)];
        var ends = new List<int>();
        foreach (var (from, to) in links.Where(link => link.To > link.From + 1).OrderBy(link => link.From).ThenBy(link => link.To))
        {
            var lane = ends.FindIndex(end => end < from);
            if (lane < 0)
            {
                lane = ends.Count;
                ends.Add(to);
            }
            ends[lane] = to;
            arcs.Add((from, to, lane));
        }
    }

    public override double Width => boxes[0].Width + Lane * (2 + arcs.Select(arc => arc.Lane).DefaultIfEmpty(-1).Max());

    public override double Height => Gap + boxes.Sum(box => box.Height) + (boxes.Count - 1) * Gap;

    public override double Axis => boxes[0].Axis;

    public override void Draw(SvgWriter svg, double left, double top)
    {
        var tops = new double[boxes.Count];
        var down = top + Gap;
        foreach (var (place, box) in boxes.Index())
        {
            tops[place] = down;
            if (straight.Contains(place))
                Arrow(svg, left + Axis, down - Gap, down);
            box.Draw(svg, left, down);
            down += box.Height + Gap;
        }
        var right = left + boxes[0].Width;
        foreach (var (from, to, lane) in arcs)
        {
            var x = right + Lane * (lane + 1);
            var (out_, into) = (from < 0 ? top + 4 : tops[from] + boxes[from].Height * 0.7, tops[to] + boxes[to].Height * 0.3);
            svg.Line([(from < 0 ? left + Axis : right, out_), (x, out_), (x, into), (right, into)], LineColour);
            svg.Line([(right + 5, into - 3.5), (right, into), (right + 5, into + 3.5)], LineColour);
        }
        if (arcs.Any(arc => arc.From < 0))
            svg.Line([(left + Axis, top), (left + Axis, top + 4)], LineColour);
    }
}
