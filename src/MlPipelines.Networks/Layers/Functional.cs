using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A network of layers that were applied to values, so that they may branch and join.</summary>
public sealed class Functional : Network
{
    readonly Value output;
    readonly Graph graph;

    /// <param name="input">What <see cref="Network.Input"/> gave.</param>
    /// <param name="output">What the layers made of it.</param>
    /// <exception cref="ArgumentException">The input is no image.</exception>
    /// <exception cref="GraphException">The output depends on another input.</exception>
    public Functional(Value input, Value output)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Kind != ValueKind.Input || input.Shape.Rank != 4 || input.Shape.Skip(1).Any(size => size < 1))
            throw new ArgumentException($"Functional: got '{input.Name}' {input.Shape} as input, needs images [?,channels,height,width]. "
                + "Make it by Network.Input.", nameof(input));
        this.output = LayerNames.Distinct(output);
        Image = input;
        Takes = new Input(input.Shape[2], input.Shape[3], input.Shape[1]);
        graph = new Graph([input], (OutputName, this.output));
    }

    Functional(Value input, Value output, bool isCut, string? backboneEnd)
        : this(input, output) => (IsCut, BackboneEnd) = (isCut, backboneEnd);

    /// <inheritdoc/>
    public override Input Takes { get; }

    /// <summary>The images that the network starts from.</summary>
    public Value Image { get; }

    /// <inheritdoc/>
    public override Graph Build(int height, int width, int channels)
    {
        var image = Takes.On(Input(height, width, channels));
        return graph.Replace(value => value == Image ? image : null);
    }

    /// <inheritdoc/>
    public override Network CutAt(string layer) => graph.Nodes.FirstOrDefault(node => node.Name == layer) is { } last
        ? new Functional(Image, last.Outputs[0], isCut: true, BackboneEnd)
        : throw NoLayer(layer, graph.Nodes.Select(LayerNames.Of).Distinct());

    /// <inheritdoc/>
    public override Network Append(params IEnumerable<Layer> layers) =>
        new Functional(Image, layers.Aggregate(output, (x, layer) => layer.On(x)), isCut: false,
            IsCut ? output.Node?.Name : BackboneEnd);

    private protected override Graph Plain => graph;

    private protected override bool IsCut { get; }

    private protected override string? BackboneEnd { get; }

    private protected override GraphNetwork From(Graph changed) =>
        new(changed, Preprocessing.None, isCut: IsCut, backboneEnd: BackboneEnd);

    /// <summary>Layers, shapes and numbers of parameters as JSON: a record of what ran, from which no network is made again.</summary>
    public override string ToJson() => NetworkJson.Write(this, Networks.Summary.Of(graph));
}
