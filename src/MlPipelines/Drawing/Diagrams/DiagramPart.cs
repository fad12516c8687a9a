namespace MlPipelines;

/// <summary>A part of a diagram, through which a line comes in at the top and goes out at the bottom.</summary>
abstract class DiagramPart
{
    protected const string LineColour = "#667788";

    public abstract double Width { get; }

    public abstract double Height { get; }

    /// <summary>Where the line comes in and goes out, from the left edge.</summary>
    public abstract double Axis { get; }

    public abstract void Draw(SvgWriter svg, double left, double top);

    /// <summary>Makes single boxes as wide as others beside them.</summary>
    public virtual void Widen(double width) { }

    protected static void Arrow(SvgWriter svg, double x, double from, double to)
    {
        svg.Line([(x, from), (x, to)], LineColour);
        svg.Line([(x - 3.5, to - 5), (x, to), (x + 3.5, to - 5)], LineColour);
    }
}
