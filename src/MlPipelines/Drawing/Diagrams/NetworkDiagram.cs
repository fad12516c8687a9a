using System.Collections.Immutable;
using System.Globalization;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>A network as a picture: its stages from the image to the result, each with what it computes and the size of its result,
/// channels first; branches and skip connections beside each other.</summary>
/// <remarks>Blocks are found by structure, whatever layers are called. Small networks are drawn layer by layer; in larger ones equal blocks
/// that follow each other are drawn once, with their number.</remarks>
public sealed record NetworkDiagram : Chart
{
    const double Margin = 24, Header = 84, ColumnGap = 44, TitleSize = 15, TallestColumn = 1000;
    const int FromFolded = 24, MostLinked = 12, LongestTitle = 60;

    readonly string subtitle;
    readonly ImmutableArray<DiagramColumn> columns;

    /// <param name="network">The network.</param>
    /// <param name="title">Said above.</param>
    /// <param name="input">The images that it gets; null for those that it takes.</param>
    /// <param name="folded">Whether equal blocks that follow each other are drawn once; null for networks of more than 24
    /// layers.</param>
    /// <exception cref="InvalidOperationException">The network takes images of any size, and none is given.</exception>
    /// <exception cref="MlPipelines.Graphs.GraphException">A layer does not fit images of that size.</exception>
    public NetworkDiagram(Network network, string title, Input? input = null, bool? folded = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(title);
        Title = DisplayText.Shorten(DisplayText.Visible(title), LongestTitle);
        var graph = input is null ? network.Build() : network.Build(input.Height, input.Width, input.Channels);
        var stages = NetworkStages.Of(graph);
        var layers = stages.Sum(stage => stage.Layers) - 1;
        subtitle = string.Create(CultureInfo.InvariantCulture,
            $"{layers} layers, {graph.Parameters.Sum(one => one.Shape.Length):N0} parameters. Sizes: channels × height×width.");
        var scale = new VolumeScale(graph.Inputs[0].Shape.Skip(2).Append(1).Max());
        DiagramPart[] parts = [.. (folded ?? layers > FromFolded ? FoldedStages.Of(stages) : FoldedStages.Named(stages))
            .Select(stage => Part(stage, scale, named: true))];
        var width = parts.OfType<LayerBox>().Max(box => box.Width);
        foreach (var part in parts)
            part.Widen(width);
        columns = DiagramColumn.Of(parts, TallestColumn);
    }

    /// <summary>Said above.</summary>
    public string Title { get; }

    /// <inheritdoc/>
    public override double Width => Math.Max(2 * Margin + columns.Sum(column => column.Width) + ColumnGap * (columns.Length - 1),
        2 * Margin + Math.Max(DisplayText.Width(Title) * TitleSize * 0.72, StrokeFont.Width(subtitle, 11)));

    /// <inheritdoc/>
    public override double Height => Header + columns.Max(column => column.Height) + 2 * Margin;

    internal override void Draw(SvgWriter svg, double top)
    {
        svg.Text(Title, Margin, top + 28, new(TitleSize));
        svg.Text(subtitle, Margin, top + 50, new(11, Fill: "#666"));
        var (left, first) = (Margin, top + Header);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
            column.Draw(svg, left, first);
            if (i + 1 < columns.Length)
                Connect(svg, (left + column.Axis, first + column.Height),
                    (left + column.Width + ColumnGap + columns[i + 1].Axis, first), left + column.Width + ColumnGap / 2);
            left += column.Width + ColumnGap;
        }
    }

    // Down, beside the column, up, and into the next one.
    static void Connect(SvgWriter svg, (double X, double Y) from, (double X, double Y) to, double between)
    {
        const string colour = "#667788";
        svg.Line([from, (from.X, from.Y + 12), (between, from.Y + 12), (between, to.Y - 14), (to.X, to.Y - 14), to], colour);
        svg.Line([(to.X - 3.5, to.Y - 5), to, (to.X + 3.5, to.Y - 5)], colour);
    }

    static DiagramPart Part(Stage stage, VolumeScale scale, bool named) => stage switch
    {
        LayerStage layer => new LayerBox(layer, scale, named),
        BranchingStage branching => Branches(branching, scale, named),
        TangledStage { Inside.Length: <= MostLinked } tangled =>
            new TanglePart([.. tangled.Inside.Select(layer => new LayerBox(layer, scale, named))], tangled.Links),
        TangledStage tangled => new LayerBox(Summed(tangled), scale, named),
        BlockStage block => new FramePart(
            new ChainPart([.. block.Inside.Select(inner => Part(inner, scale, named && block.Times == 1))]), block.Title, block.Times),
        _ => throw new InvalidOperationException($"A {stage.GetType().Name} cannot be drawn."),
    };

    // The longest way is straight on.
    static BranchPart Branches(BranchingStage branching, VolumeScale scale, bool named) => new(
        [.. branching.Ways.Zip(branching.Counts).OrderByDescending(way => way.First.Sum(stage => stage.Layers))
            .Select(way => (way.First.IsEmpty ? null : (DiagramPart)new ChainPart(
                [.. way.First.Select(stage => Part(stage, scale, named && way.Second == 1))]), way.Second))],
        new LayerBox(branching.Join, scale, named));

    static LayerStage Summed(TangledStage tangled)
    {
        const int shown = 4;
        var counts = tangled.Inside.CountBy(layer => layer.Title.Split(',', ' ')[0]).OrderByDescending(count => count.Value).ToArray();
        return new(tangled.Inside[^1].Name, $"{tangled.Layers} linked layers, {tangled.Links.Length} links",
            string.Join(", ", counts.Take(shown).Select(count => $"{count.Value} {count.Key}")), tangled.Output, tangled.Parameters)
        {
            Kind = StageKind.Join,
        };
    }
}
