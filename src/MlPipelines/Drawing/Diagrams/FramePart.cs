namespace MlPipelines;

/// <summary>A part in a frame with a title, and how often it stands one behind the other.</summary>
sealed class FramePart(DiagramPart inside, string title, int times) : DiagramPart
{
    const double Margin = 12, TitleHeight = 22, Inlet = 14, TitleSize = 11;

    string Text => times > 1 ? $"{title} × {times}" : title;

    public override double Axis => Margin + inside.Axis;

    public override double Width => 2 * Margin + Math.Max(inside.Width, StrokeFont.Width(Text, TitleSize));

    public override double Height => TitleHeight + Inlet + inside.Height + Margin;

    public override void Draw(SvgWriter svg, double left, double top)
    {
        var (right, bottom) = (left + Width, top + Height);
        svg.Line([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], "#b08fd0", 1.2, dashed: true);
        svg.Text(Text, left + Margin, top + 16, new(TitleSize, Fill: "#6b3f93"));
        Arrow(svg, left + Axis, top + TitleHeight, top + TitleHeight + Inlet);
        inside.Draw(svg, left + Margin, top + TitleHeight + Inlet);
        svg.Line([(left + Axis, bottom - Margin), (left + Axis, bottom)], LineColour);
    }
}
