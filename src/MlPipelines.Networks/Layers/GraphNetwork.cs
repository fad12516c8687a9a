using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>A network that is a graph: one read from an ONNX file, or what cutting, continuing and freezing make of a network. Its layers
/// are called as the file's nodes.</summary>
public sealed class GraphNetwork : Network
{
    readonly Graph graph;
    readonly string? noted;

    internal GraphNetwork(Graph graph, Preprocessing preprocessing, ImmutableArray<string> warnings = default, string? noted = null,
        bool isCut = false, string? backboneEnd = null) =>
        (this.graph, Preprocessing, Warnings, this.noted, IsCut, BackboneEnd) =
            (graph, preprocessing, warnings.IsDefault ? [] : warnings, noted, isCut, backboneEnd);

    /// <summary>What is done with pixels 0–255, RGB, before the first layer.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The same in words; where it is none, what the file says that its own first layers do.</summary>
    public string PreprocessingText => Preprocessing == Preprocessing.None && noted is not null ? noted : Preprocessing.ToString();

    /// <summary>What the network does differently from the file it was read from, such as the rounding of a quantised one.</summary>
    public override ImmutableArray<string> Warnings { get; }

    /// <summary>The images that the network was made for; null where it takes any size.</summary>
    public override Input? Takes =>
        Image.Shape is [_, > 0 and var channels, > 0 and var height, > 0 and var width] ? new(height, width, channels) : null;

    /// <summary>Channels of the images that the network was made for: 3 for colours, 1 for grey, 4 for colours and alpha.</summary>
    public int Channels => Image.Shape[1];

    internal override int? TakenChannels => Channels;

    Value Image => graph.Inputs[0];

    internal HashSet<string> WeightNames => [.. graph.Parameters.Select(graph.NameOf)];

    /// <summary>The same network with something else done with pixels before its first layer.</summary>
    public GraphNetwork With(Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        return new(graph, preprocessing, Warnings, noted, IsCut, BackboneEnd);
    }

    /// <summary>Reads an ONNX file.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file, or it does not take images.</exception>
    /// <exception cref="GraphException">It has an operator that is not read here, or values that do not fit.</exception>
    internal static GraphNetwork Read(string path, Preprocessing preprocessing, string? output)
    {
        var file = OnnxFile.ReadUpTo(Check.Named(path), output);
        var (predicting, warning) = InferenceMode.Of(path, file.Graph);
        var whole = WithChannels(predicting);
        var image = ImageOf(path, whole);
        StoredNumbers.Check(path, whole);
        try
        {
            var graph = ChannelsFirst.Of(new Graph([image], (OutputName, whole.Outputs[0].Value)));
            return new(FreedBatch.Of(WithGlobalPooling(graph)), preprocessing,
                warning is null ? file.Warnings : file.Warnings.Add(warning), file.Metadata.GetValueOrDefault(Preprocessing.MetadataKey));
        }
        catch (GraphException exception)
        {
            throw new GraphException($"{path}: its batch is fixed at {image.Shape[0]} and cannot be freed: {exception.Message}", exception);
        }
    }

    /// <remarks>Images of other numbers of channels are adapted: grey ones are repeated for a network of colours, the first convolutions
    /// get weights of zero for further channels, and those of a grey network a third of their weights for each colour.</remarks>
    public override Graph Build(int height, int width, int channels)
    {
        var (image, needed) = (Input(height, width, channels), Channels);
        if (channels < needed && (channels, needed) != (1, 3))
            throw new GraphException($"The network takes images of {needed} channels, got {channels}.");
        var x = Preprocessing.On(image, needed);
        var wider = channels > needed ? WiderInput.Of(graph, channels) : [];
        try
        {
            var built = graph.Replace(value => value == Image ? x : wider.GetValueOrDefault(value));
            return FreedBatch.Folded(new Graph([image], (OutputName, built[OutputName])));
        }
        catch (GraphException exception) when (Takes is { } takes && (takes.Height, takes.Width) != (height, width))
        {
            throw new GraphException($"{exception.Message} The network was made for images of {takes.Width}×{takes.Height} pixels, got "
                + $"{width}×{height}.", exception);
        }
    }

    /// <inheritdoc/>
    public override Network CutAt(string layer) => With(isCut: true, BackboneEnd,
        graph.Nodes.FirstOrDefault(node => node.Name == layer)?.Outputs[0]
        ?? graph.Nodes.SelectMany(node => node.Outputs).FirstOrDefault(value => graph.NameOf(value) == layer || value.Name == layer)
        ?? throw NoLayer(layer, graph.Nodes.Select(node => node.Name)));

    /// <inheritdoc/>
    public override Network Append(params IEnumerable<Layer> layers) =>
        With(isCut: false, IsCut ? graph[OutputName].Node?.Name : BackboneEnd,
            layers.Aggregate(graph[OutputName], (x, layer) => layer.On(x)));

    /// <inheritdoc/>
    public override string ToJson() => NetworkJson.Write(this, Networks.Summary.Of(graph), Preprocessing);

    private protected override Graph Plain => graph;

    private protected override bool IsCut { get; }

    private protected override string? BackboneEnd { get; }

    private protected override GraphNetwork From(Graph changed) => new(changed, Preprocessing, Warnings, noted, IsCut, BackboneEnd);

    /// <summary>This network, which ends in features.</summary>
    internal GraphNetwork Cut => new(graph, Preprocessing, Warnings, noted, isCut: true, BackboneEnd);

    GraphNetwork With(bool isCut, string? backboneEnd, Value output) =>
        new(new Graph(graph.Inputs, (OutputName, output)), Preprocessing, Warnings, noted, isCut, backboneEnd);

    // A mean over the whole map is meant as one, whatever the size of the image is then.
    static Graph WithGlobalPooling(Graph graph) => graph.Replace((node, copy) => node.Operator.Type == nameof(Op.AveragePool)
        && node.Input(0).Shape is [_, _, > 1 and var height, var width] && node.Attributes.Ints("kernel_shape") is [var rows, var columns]
        && (rows, columns) == (height, width) && node.Outputs[0].Shape is [_, _, 1, 1]
        && !node.Attributes.Ints("pads", []).Any(pad => pad != 0)
            ? [Op.GlobalAveragePool(copy.Input(0))] : null);

    // A file that leaves the number of channels open says it by the convolution that takes them.
    static Graph WithChannels(Graph graph) => graph.Replace(value => value is { Kind: ValueKind.Input, Shape: [_, Shape.Unknown, _, _] }
        && graph.Nodes.FirstOrDefault(node => node.Operator.Type == nameof(Op.Conv) && node.Input(0) == value) is { } first
            ? Value.Input(value.Name, value.Shape.With(1, first.Input(1).Shape[1] * (int)first.Attributes.Int("group", 1)), value.Type)
            : null);

    // Inputs that the value wanted does not depend on may be anything.
    static Value ImageOf(string path, Graph graph)
    {
        var used = graph.Nodes.SelectMany(node => node.Inputs).Append(graph.Outputs[0].Value).OfType<Value>().ToHashSet();
        Value[] inputs = [.. graph.Inputs.Where(used.Contains)];
        return inputs is [{ Type: ElementType.Float, Shape: [_, _, _, _] } image]
            && (image.Shape[1] > 0 || ChannelsFirst.IsLast(image.Shape)) ? image
            : throw new InvalidDataException($"{path}: takes {(inputs.Length == 0 ? "nothing" : Listed(inputs))}, needs one input of "
                + "images, Float[batch,channels,height,width], with a number of channels that is known. Is it a network for images?");
    }

    static string Listed(IEnumerable<Value> values) =>
        string.Join(", ", values.Select(value => $"'{value.Name}' {value.Type}{value.Shape}"));
}
