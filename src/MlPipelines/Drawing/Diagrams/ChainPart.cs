namespace MlPipelines;

/// <summary>Parts one below the other.</summary>
sealed class ChainPart : DiagramPart
{
    public const double Gap = 20;

    readonly IReadOnlyList<DiagramPart> parts;

    public ChainPart(IReadOnlyList<DiagramPart> parts)
    {
        this.parts = parts;
        var width = parts.OfType<LayerBox>().Select(box => box.Width).DefaultIfEmpty(0).Max();
        foreach (var part in parts)
            part.Widen(width);
    }

    public override double Width => Axis + parts.Max(part => part.Width - part.Axis);

    public override double Height => parts.Sum(part => part.Height) + (parts.Count - 1) * Gap;

    public override double Axis => parts.Max(part => part.Axis);

    public override void Draw(SvgWriter svg, double left, double top)
    {
        foreach (var (place, part) in parts.Index())
        {
            if (place > 0)
                Arrow(svg, left + Axis, top - Gap, top);
            part.Draw(svg, left + Axis - part.Axis, top);
            top += part.Height + Gap;
        }
    }
}
