using MlPipelines.Graphs;

namespace MlPipelines.Layers;

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

    /// <summary>The images that a functional network starts from, in Keras's order of sizes. [N,channels,height,width].</summary>
    public static Value Input(int height, int width, int channels) => Value.Input(InputName, new Input(height, width, channels).Shape);

    /// <summary>The graph for images of one size, its weights not drawn yet.</summary>
    /// <exception cref="GraphException">A layer does not fit images of that size; the message names it.</exception>
    public abstract Graph Build(int height, int width, int channels);

    /// <summary>The graph for the images that the network is made for.</summary>
    /// <exception cref="InvalidOperationException">The network takes any size.</exception>
    public Graph Build() => Takes is { } takes ? Build(takes.Height, takes.Width, takes.Channels)
        : throw new InvalidOperationException("The network takes images of any size, so it has to be told one: Build(height, width, channels). Or let it begin with an Input.");

    /// <summary>The part of the network that ends with the layer of that name.</summary>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those there are.</exception>
    public abstract Network CutAt(string layer);

    /// <summary>The network as JSON.</summary>
    public abstract string ToJson();

    /// <summary>The network that <see cref="ToJson"/> of a sequential one described.</summary>
    /// <exception cref="InvalidDataException">The text describes no sequential network; the message says where.</exception>
    public static Network FromJson(string json) => NetworkJson.Read(json);

    /// <summary>Layers, shapes and numbers of parameters for images of one size.</summary>
    public Summary Summary(int height, int width, int channels) => Layers.Summary.Of(Build(height, width, channels));

    /// <summary>Layers, shapes and numbers of parameters for the images that the network is made for.</summary>
    public Summary Summary() => Layers.Summary.Of(Build());

    private protected static ArgumentException NoLayer(string layer, IEnumerable<string> names) =>
        new($"Layer '{layer}' is not in the network; it has {string.Join(", ", names)}.", nameof(layer));
}
