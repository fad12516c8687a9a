using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A picture of numbers; charts are put together by <see cref="ChartColumn"/>.</summary>
public abstract record Chart
{
    /// <summary>In pixels.</summary>
    public abstract double Width { get; }

    /// <summary>In pixels.</summary>
    public abstract double Height { get; }

    /// <summary>The chart alone, as SVG.</summary>
    public string ToSvg() => ToSvg(hasFonts: false);

    /// <summary>The chart as SVG whose letters are drawn here, or are left to the fonts of whoever shows it.</summary>
    internal string ToSvg(bool hasFonts)
    {
        var svg = new SvgWriter(Width, Height) { HasFonts = hasFonts };
        Draw(svg, 0);
        return svg.ToString();
    }

    /// <summary>Saves the chart as .svg or .png, by the name's extension.</summary>
    /// <exception cref="ArgumentException">The extension is none of them.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        switch (Path.GetExtension(Check.Named(path)).ToUpperInvariant())
        {
            case ".SVG": AtomicFile.WriteWithFolder(path, ToSvg()); break;
            case ".PNG": AtomicFile.WriteWithFolder(path, Image.FromSvg(ToSvg()).Encode(".png")); break;
            case var other: throw new ArgumentException($"{path}: got the extension '{other}', needs .svg or .png.", nameof(path));
        }
    }

    /// <summary>Draws this chart with its upper edge at <paramref name="top"/>.</summary>
    internal abstract void Draw(SvgWriter svg, double top);
}

/// <summary>Charts one below the other.</summary>
public sealed record ChartColumn(params IReadOnlyList<Chart> Charts) : Chart
{
    /// <inheritdoc/>
    public override double Width => Charts.Max(chart => chart.Width);
    /// <inheritdoc/>
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
