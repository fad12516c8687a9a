using System.Text.RegularExpressions;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>A part of a network, in Keras's words. A layer is a description: each use of it makes weights of its own.</summary>
public abstract partial record Layer
{
    readonly string? name;

    /// <summary>Name in the network; when left out, the layer's type in snake case, numbered where there are several:
    /// conv2d, conv2d_1.</summary>
    /// <exception cref="ArgumentException">It is blank, or holds a '/', which parts a layer's name from those of its weights.</exception>
    public string? Name
    {
        get => name;
        init => name = value is null ? null
            : Check.Named(value).Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"Layer name: got '{value}', needs one without '/'.", nameof(value))
            : value;
    }

    internal string DefaultName => BeforeCapital().Replace(BeforeWord().Replace(GetType().Name, "$1_$2"), "$1_$2").ToLowerInvariant();

    /// <summary>Applies the layer to a value.</summary>
    /// <exception cref="GraphException">The value does not fit; the message names the layer.</exception>
    public Value On(Value x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Named([x], () => Apply(x));
    }

    /// <summary>What the layer computes; weights and nodes are named within the layer, such as <c>kernel</c>.</summary>
    protected abstract Value Apply(Value x);

    private protected Value Named(IReadOnlyList<Value> inputs, Func<Value> apply)
    {
        var label = LayerNames.Choose(Name, DefaultName, inputs);
        try
        {
            return LayerNames.Within(label, inputs, apply());
        }
        catch (GraphException exception) when (exception.Node is { } node)
        {
            throw new GraphException($"{label} ({GetType().Name})", exception.Message[(node.Length + 2)..]);
        }
    }

    /// <summary>An error about this layer's input.</summary>
    private protected GraphException Error(string message) => new(GetType().Name, message);

    /// <summary>Number of channels, or features, of a value: its axis 1.</summary>
    private protected int Channels(Value x, int rank)
    {
        CheckRank(x, rank);
        return x.Shape[1];
    }

    /// <summary>Whether a value has so many axes, and a number of channels that is known.</summary>
    private protected void CheckRank(Value x, int rank)
    {
        if (x.Shape.Rank != rank)
            throw Error($"input has shape {x.Shape}, needs {rank} axes"
                + (rank == 4 ? ": [batch,channels,height,width]. Is a Flatten or a global pooling before it one too many?" : "."));
        if (x.Shape[1] <= 0)
            throw Error($"input has shape {x.Shape}, needs a number of channels that is known. Give the network a fixed input size.");
    }

    [GeneratedRegex("(.)([A-Z][a-z]+)")]
    private static partial Regex BeforeWord();

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex BeforeCapital();
}
