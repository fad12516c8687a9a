using System.Collections.Immutable;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A network that takes images and gives one value. It describes; <see cref="Build(int, int, int)"/> makes the graph.</summary>
public abstract class Network
{
    /// <summary>Name of the built graph's only input, [N,C,H,W].</summary>
    public const string InputName = "image";

    /// <summary>Name of the built graph's only output.</summary>
    public const string OutputName = "output";

    private protected Network() { }

    /// <summary>The images that the network is made for; null where it takes any.</summary>
    public abstract Input? Takes { get; }

    /// <summary>Channels of the images that it is made for, of any size; null where it takes any.</summary>
    internal virtual int? TakenChannels => Takes?.Channels;

    /// <summary>The images that a functional network starts from, in Keras's order of sizes. [N,channels,height,width].</summary>
    public static Value Input(int height, int width, int channels) => Value.Input(InputName, new Input(height, width, channels).Shape);

    /// <summary>The graph for images of one size, its weights not drawn yet.</summary>
    /// <exception cref="GraphException">A layer does not fit images of that size; the message names it.</exception>
    public abstract Graph Build(int height, int width, int channels);

    /// <summary>The graph for the images that the network is made for.</summary>
    /// <exception cref="InvalidOperationException">The network takes any size.</exception>
    public Graph Build() => Takes is { } takes ? Build(takes.Height, takes.Width, takes.Channels)
        : throw new InvalidOperationException("The network takes images of any size, so it has to be told one: Build(height, width, "
            + "channels). Or let it begin with an Input.");

    /// <summary>The part of the network that ends with the layer of that name; what this gives are its features.</summary>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those there are.</exception>
    public abstract Network CutAt(string layer);

    /// <summary>The network with layers behind its end.</summary>
    /// <exception cref="GraphException">A layer does not fit; the message names it.</exception>
    public abstract Network Append(params IEnumerable<Layer> layers);

    /// <summary>A network from an ONNX file, with its weights: operator sets 7 to 25, any batch size, weights of any floating-point width,
    /// also beside the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="preprocessing">What the network wants done with pixels 0–255 in RGB;
    /// <see cref="Preprocessing.None"/> when left out.</param>
    /// <param name="output">The output wanted, where the file has several; or an inner value,
    /// behind which the file may hold anything.</param>
    /// <exception cref="InvalidDataException">It is no ONNX file, or it does not take images.</exception>
    /// <exception cref="GraphException">It has an operator that is not read here, or values that do not fit;
    /// the message names the node.</exception>
    public static GraphNetwork FromOnnx(string path, Preprocessing? preprocessing = null, string? output = null) =>
        GraphNetwork.Read(path, preprocessing ?? Preprocessing.None, output);

    /// <summary>What the user should know about the network: how it differs from the file it was read from.</summary>
    public virtual ImmutableArray<string> Warnings => [];

    /// <summary>The layers with their operators, shapes and parameters, and where the classifier begins.</summary>
    public NetworkInspection Inspect() => NetworkInspection.Of(Plain, End) with { Warnings = Warnings };

    /// <summary>The network up to the features that its classifier starts from, [N, features], as <see cref="Inspect"/> proposes; a
    /// network that ends in features, or was cut by name, up to its end.</summary>
    /// <remarks>Maps become their mean over all places, or a vector of all places where the classifier has a weight for each.</remarks>
    /// <exception cref="GraphException">Scores of classes come from something else than weighted sums; cut by name instead.</exception>
    public Network CutAtFeatures()
    {
        var end = IsCut ? NetworkEnd.AtOutput(Plain) : NetworkEnd.Of(Plain);
        var cut = From(new Graph(Plain.Inputs, (OutputName, end.Features)));
        return (end.ToVector() is { } layer ? (GraphNetwork)cut.Append(layer) : cut).Cut;
    }

    /// <summary>The network with another classifier on its features.</summary>
    /// <param name="head">The layers of the new classifier, such as <c>new Dense(10)</c>.</param>
    /// <exception cref="GraphException">There is no classifier to be found; cut by name instead.</exception>
    public Network WithClassifier(params IEnumerable<Layer> head) => CutAtFeatures().Append(head);

    /// <summary>The network, of which training leaves alone all weights up to a layer, or all there are.</summary>
    /// <param name="upTo">The last layer that keeps its weights; null for all layers so far.</param>
    /// <remarks>Batch normalisation that is frozen keeps its stored statistics.</remarks>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those there are.</exception>
    public Network Freeze(string? upTo = null) =>
        Trainable(Weights.UpTo(Plain, upTo is null ? null : ((GraphNetwork)From(Plain).CutAt(upTo)).Plain[OutputName]), false);

    /// <summary>The network as it predicts, nothing of which is learnt: frozen, and without dropout.</summary>
    internal Network Finished() => From(InferenceMode.WithoutDropout(Plain)).Freeze();

    /// <summary>The network, of which training leaves alone the weights of those names.</summary>
    /// <param name="pattern">A name in which * stands for any text and ? for any letter.</param>
    /// <exception cref="ArgumentException">No weight has such a name.</exception>
    public Network FreezeWhere(string pattern) => Trainable(Weights.Named(Plain, pattern), false);

    /// <summary>The network, of which training changes the weights of those names again.</summary>
    /// <param name="pattern">A name in which * stands for any text and ? for any letter; all when left out.</param>
    /// <exception cref="ArgumentException">No weight has such a name.</exception>
    public Network Unfreeze(string pattern = "*") => Trainable(Weights.Named(Plain, pattern), true);

    /// <summary>The parts of the network from the image to the features that its classifier starts from, in that order;
    /// the classifier's weights are in none.</summary>
    /// <remarks>Found by structure; a block ends where everything computed so far is one value.</remarks>
    public IReadOnlyList<NetworkBlock> Blocks => NetworkBlock.Of(Plain, End);

    /// <summary>The network, of which training changes only the last blocks, and the classifier as before.</summary>
    /// <param name="count">How many of <see cref="Blocks"/>, counted from the classifier: 0 for none,
    /// 1 more each time for gradual unfreezing.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer blocks.</exception>
    public Network UnfreezeLast(int count)
    {
        var (graph, blocks) = (Plain, NetworkBlock.Of(Plain, End));
        var first = blocks.Length - Check.Within(count, 0, blocks.Length);
        HashSet<Value> Of(IEnumerable<NetworkBlock> some)
        {
            var names = some.SelectMany(block => block.Weights).ToHashSet(StringComparer.Ordinal);
            return [.. graph.Parameters.Where(parameter => names.Contains(graph.NameOf(parameter)))];
        }
        var (frozen, free) = (Of(blocks.Take(first)), Of(blocks.Skip(first)));
        return From(graph.Replace(value => frozen.Contains(value) && value.IsTrainable || free.Contains(value) && !value.IsTrainable
            ? Value.Parameter(graph.NameOf(value), value.Shape, value.Initializer!, !value.IsTrainable) : null));
    }

    /// <summary>The graph for the images that the network is made for, before anything is adapted to others.</summary>
    private protected abstract Graph Plain { get; }

    /// <summary>Whether it was cut, so that it ends in features whatever its last layers look like.</summary>
    private protected abstract bool IsCut { get; }

    /// <summary>Name of the layer that the network ended with when layers were put behind it after a cut; null where none were.</summary>
    private protected abstract string? BackboneEnd { get; }

    /// <summary>A network of a changed <see cref="Plain"/>, which ends as this one does.</summary>
    private protected abstract GraphNetwork From(Graph changed);

    NetworkEnd? End => IsCut ? NetworkEnd.AtOutput(Plain) : NetworkEnd.Find(Plain);

    GraphNetwork Trainable(HashSet<Value> weights, bool trainable)
    {
        var graph = Plain;
        return From(graph.Replace(value => weights.Contains(value)
            && value.IsTrainable != trainable ? Value.Parameter(graph.NameOf(value), value.Shape, value.Initializer!, trainable) : null));
    }

    /// <summary>The network as JSON.</summary>
    public abstract string ToJson();

    /// <summary>The network that <see cref="ToJson"/> of a sequential one described.</summary>
    /// <exception cref="InvalidDataException">The text describes no sequential network; the message says where.</exception>
    public static Network FromJson(string json) => NetworkJson.Read(json);

    /// <summary>The layers from the image to the output, for images of one size, with what each can be asked for by.</summary>
    public ImmutableArray<NetworkLayer> LayersFor(int height, int width, int channels) => NetworkLayer.Of(Build(height, width, channels));

    /// <summary>Layers, shapes and numbers of parameters for images of one size.</summary>
    public Summary Summary(int height, int width, int channels) => SummaryOf(Build(height, width, channels));

    /// <summary>Layers, shapes and numbers of parameters for the images that the network is made for.</summary>
    public Summary Summary() => SummaryOf(Build());

    Summary SummaryOf(Graph built) => Networks.Summary.Of(built,
        built.Nodes.LastOrDefault(node => node.Name == BackboneEnd)?.Outputs[0]
        ?? (IsCut ? NetworkEnd.AtOutput(built) : NetworkEnd.Find(built))?.Features);

    // Networks are cut near their end.
    internal static ArgumentException NoLayer(string layer, IEnumerable<string> names)
    {
        const int most = 20;
        string[] all = [.. names];
        var last = string.Join(", ", all.TakeLast(most));
        return new($"Layer '{layer}' is not in the network; it has {(all.Length > most ? $"{all.Length} layers, at the end " : "")}{last}.",
            nameof(layer));
    }
}
