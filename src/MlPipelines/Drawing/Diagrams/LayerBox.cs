using System.Globalization;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A layer: what its result looks like, what it computes, its size and its name.</summary>
sealed class LayerBox : DiagramPart
{
    const double Margin = 8, PictureWidth = 58, TitleSize = 12, SmallSize = 10, NameSize = 9;
    const int LongestLine = 30, LongestName = 34;

    readonly LayerStage layer;
    readonly VolumeScale scale;
    readonly List<(string Text, TextStyle Style)> lines = [];
    double width;

    /// <param name="layer">The layer.</param>
    /// <param name="scale">How large results are drawn.</param>
    /// <param name="named">Whether its name is written: not where it stands for several.</param>
    public LayerBox(LayerStage layer, VolumeScale scale, bool named)
    {
        (this.layer, this.scale) = (layer, scale);
        Add(layer.Title, 2, new(TitleSize));
        Add(layer.Then, 2, new(SmallSize, Fill: "#555"));
        Add(SizeOf(layer.Output), 1, new(SmallSize, Fill: "#1f5fa8"));
        if (named)
            lines.Add((DisplayText.Shorten(DisplayText.Visible(layer.Name), LongestName), new(NameSize, Fill: "#999")));
        width = PictureWidth + 2 * Margin + lines.Max(line => WidthOf(line.Text, line.Style.Size));
    }

    public override double Width => width;

    public override double Height => Math.Max(VolumeScale.Side + 14, 2 * Margin + lines.Sum(line => Pitch(line.Style)));

    public override double Axis => width / 2;

    public override void Widen(double width) => this.width = Math.Max(this.width, width);

    public override void Draw(SvgWriter svg, double left, double top)
    {
        var (border, fill) = ColoursOf(layer.Kind);
        svg.Rectangle(left, top, Width, Height, border);
        svg.Rectangle(left + 1, top + 1, Width - 2, Height - 2, fill, Tip);
        scale.Draw(svg, layer.Output, (left + Margin + VolumeScale.Side / 2, top + Height / 2), border);
        var line = top + (Height - lines.Sum(one => Pitch(one.Style))) / 2;
        foreach (var (text, style) in lines)
        {
            line += Pitch(style);
            svg.Text(text, left + PictureWidth + Margin, line - 4, style);
        }
    }

    /// <summary>A size without the batch: 64 × 56×56, or a number of features.</summary>
    public static string SizeOf(Shape shape) => shape.Rank switch
    {
        < 2 => "one number",
        2 => $"{Number(shape[1])}",
        _ => $"{Number(shape[1])} × {string.Join('×', shape.Skip(2).Select(Number))}",
    };

    static string Number(int size) => size == Shape.Unknown ? "?" : size.ToString(CultureInfo.InvariantCulture);

    string Tip => DisplayText.Visible(layer.Name) + (layer.Parameters > 0
        ? string.Create(CultureInfo.InvariantCulture, $": {layer.Parameters:N0} parameters") : "");

    void Add(string text, int most, TextStyle style) =>
        lines.AddRange(WrappedText.Lines(text, LongestLine, most).Select(line => (line, style)));

    static double Pitch(TextStyle style) => style.Size + 4;

    static double WidthOf(string text, double size) => StrokeFont.Covers(text) ? StrokeFont.Width(text, size)
        : DisplayText.Width(text) * size * 0.72;

    static (string Border, string Fill) ColoursOf(StageKind kind) => kind switch
    {
        StageKind.Convolution => ("#4a7fb5", "#eaf2fa"),
        StageKind.Pooling => ("#4f9a66", "#ebf6ee"),
        StageKind.Dense => ("#c9822f", "#fdf3e6"),
        StageKind.Join => ("#8b5fb3", "#f4eefa"),
        StageKind.Image => ("#555", "#f4f4f4"),
        _ => ("#999", "#fafafa"),
    };
}
