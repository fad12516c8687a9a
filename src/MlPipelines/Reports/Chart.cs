using MlPipelines.Evaluation;

namespace MlPipelines.Reports;

/// <summary>A picture of numbers; charts are put together by <see cref="ChartColumn"/>.</summary>
public abstract record Chart
{
    public abstract double Width { get; }
    public abstract double Height { get; }

    /// <summary>The chart alone, as SVG.</summary>
    public string ToSvg()
    {
        var svg = new SvgWriter(Width, Height);
        Draw(svg, 0);
        return svg.ToString();
    }

    /// <summary>Draws this chart with its upper edge at <paramref name="top"/>.</summary>
    internal abstract void Draw(SvgWriter svg, double top);
}

/// <summary>Charts one below the other.</summary>
public sealed record ChartColumn(params IReadOnlyList<Chart> Charts) : Chart
{
    public override double Width => Charts.Max(chart => chart.Width);
    public override double Height => Charts.Sum(chart => chart.Height);

    internal override void Draw(SvgWriter svg, double top)
    {
        foreach (var chart in Charts)
        {
            chart.Draw(svg, top);
            top += chart.Height;
        }
    }
}
