using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Some parts of a diagram, one below the other.</summary>
sealed class DiagramColumn(IReadOnlyList<DiagramPart> parts)
{
    readonly ChainPart chain = new(parts);

    public double Width => chain.Width;

    public double Height => chain.Height;

    public double Axis => chain.Axis;

    public void Draw(SvgWriter svg, double left, double top) => chain.Draw(svg, left, top);

    /// <summary>Columns of about one height: one where that is not above <paramref name="tallest"/>, else as many as make a picture that is
    /// about as wide as high.</summary>
    public static ImmutableArray<DiagramColumn> Of(IReadOnlyList<DiagramPart> parts, double tallest)
    {
        var whole = new ChainPart(parts);
        var most = Math.Max(tallest, Math.Sqrt(whole.Height * whole.Width * 0.8));
        var count = (int)Math.Ceiling(whole.Height / most);
        var (low, high) = (parts.Max(part => part.Height), whole.Height);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Filled(parts, middle).Count <= count ? (low, middle) : (middle, high);
        }
        return [.. Filled(parts, high).Select(column => new DiagramColumn(column))];
    }

    static List<List<DiagramPart>> Filled(IReadOnlyList<DiagramPart> parts, double limit)
    {
        var columns = new List<List<DiagramPart>>();
        var height = double.PositiveInfinity;
        foreach (var part in parts)
        {
            if (height + ChainPart.Gap + part.Height > limit)
            {
                columns.Add([]);
                height = -ChainPart.Gap;
            }
            columns[^1].Add(part);
            height += ChainPart.Gap + part.Height;
        }
        return columns;
    }
}
