using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>What converters put behind the scores of a classifier, none of which is a tensor of numbers: scores by name, and the name of
/// the most probable class.</summary>
/// <remarks>Source: ONNX's domain ai.onnx.ml, operator sets 1 to 5, as skl2onnx, onnxmltools and Custom Vision write it.</remarks>
sealed class ClassLabelNodes
{
    /// <summary>ONNX's domain of classical machine learning.</summary>
    public const string Domain = "ai.onnx.ml";

    const string ByName = "ZipMap";

    /// <summary>By which input what becomes a label comes in.</summary>
    static readonly FrozenDictionary<string, int> labelling = new Dictionary<string, int>
    {
        [ByName] = 0,
        ["LabelEncoder"] = 0,
        ["CategoryMapper"] = 0,
        ["ArrayFeatureExtractor"] = 1,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Attributes with names, and those with the numbers that belong to them.</summary>
    static readonly ImmutableArray<(string Names, string? Numbers)> attributes =
    [
        ("classlabels_strings", null), ("classlabels_int64s", null), ("classes_strings", null), ("values_strings", "keys_int64s"),
        ("values_tensor", "keys_tensor"), ("values_tensor", "keys_int64s"), ("values_int64s", "keys_int64s"),
        ("cats_strings", "cats_int64s"),
    ];

    static readonly FrozenSet<string> neutral =
        FrozenSet.Create(StringComparer.Ordinal, "Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten");

    readonly GraphProto graph;
    readonly Dictionary<string, NodeProto> producers = new(StringComparer.Ordinal);

    public ClassLabelNodes(GraphProto graph)
    {
        this.graph = graph;
        foreach (var node in graph.Node)
            foreach (var output in node.Output)
                producers.TryAdd(output, node);
    }

    /// <summary>The graph's outputs, each once: scores without their names; labels, of which nothing can be learnt, only where there is
    /// nothing else, and then the scores that they come from.</summary>
    public string[] Outputs()
    {
        var all = graph.Output.Select(output => (Scores: ScoresOf(output.Name, out var isLabel), IsLabel: isLabel)).ToArray();
        return [.. (all.All(one => one.IsLabel) ? all : all.Where(one => !one.IsLabel)).Select(one => one.Scores).Distinct()];
    }

    /// <summary>The scores that a value is made of where it is one of labels; else the value itself.</summary>
    public string ScoresOf(string value) => ScoresOf(value, out _);

    /// <summary>The names of the classes, in the order of the scores; null where no node holds any.</summary>
    public static ImmutableArray<string>? NamesIn(ReadOnlyMemory<byte> onnx)
    {
        var graph = OnnxMetadata.Parse(onnx).Graph;
        var nodes = graph.Node.Where(node => node.Domain == Domain && labelling.ContainsKey(node.OpType))
            .OrderBy(node => node.OpType == ByName ? 0 : 1);
        return nodes.Select(node => OfAttributes(node) ?? OfInput(graph, node)).FirstOrDefault(names => names is { Length: > 0 });
    }

    string ScoresOf(string output, out bool isLabel)
    {
        var (scores, value) = (output, output);
        isLabel = false;
        // A hostile graph may be a circle.
        for (var steps = graph.Node.Count; steps > 0 && producers.GetValueOrDefault(value) is { } node; steps--)
        {
            var labels = node.Domain == Domain && labelling.ContainsKey(node.OpType);
            if (!labels && node.OpType != "ArgMax" && !neutral.Contains(node.OpType))
                break;
            var place = labels ? labelling[node.OpType] : 0;
            if (place >= node.Input.Count)
                break;
            value = node.Input[place];
            if (labels || node.OpType == "ArgMax")
                (scores, isLabel) = (value, isLabel || node.OpType != ByName);
        }
        return scores;
    }

    static ImmutableArray<string>? OfAttributes(NodeProto node)
    {
        AttributeProto? Attribute(string? name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        foreach (var (names, numbers) in attributes)
            if (Attribute(names) is { } held && (numbers is null || Attribute(numbers) is not null))
            {
                var (texts, places) = (Texts(held), Attribute(numbers) is { } keys ? Texts(keys) : null);
                if (texts.Length > 0 && (places is null || places.Length == texts.Length))
                    return places is null ? [.. texts] : Ordered(texts, places);
            }
        return null;
    }

    static ImmutableArray<string>? Ordered(string[] names, string[] places)
    {
        var sorted = names.Zip(places).OrderBy(pair => long.TryParse(pair.Second, out var place) ? place : -1).ToArray();
        return sorted.Index().All(pair => pair.Item.Second == pair.Index.ToString(CultureInfo.InvariantCulture))
            ? [.. sorted.Select(pair => pair.First)] : null;
    }

    // The classes of ArrayFeatureExtractor are stored, one of which the most probable place picks.
    static ImmutableArray<string>? OfInput(GraphProto graph, NodeProto node) =>
        node.OpType == "ArrayFeatureExtractor" && graph.Initializer.FirstOrDefault(tensor => tensor.Name == node.Input[0]) is { } stored
            ? [.. Texts(stored)] : null;

    static string[] Texts(AttributeProto attribute) => attribute.T is { } tensor ? Texts(tensor)
        : attribute.Strings.Count > 0 ? [.. attribute.Strings.Select(text => text.ToStringUtf8())]
        : [.. attribute.Ints.Select(number => number.ToString(CultureInfo.InvariantCulture))];

    static string[] Texts(TensorProto tensor) => (ElementType)tensor.DataType switch
    {
        ElementType.String => [.. tensor.StringData.Select(text => text.ToStringUtf8())],
        ElementType.Int64 => Numbers(tensor.Int64Data, tensor),
        ElementType.Int32 => Numbers(tensor.Int32Data, tensor),
        _ => [],
    };

    static string[] Numbers<T>(IReadOnlyCollection<T> listed, TensorProto tensor) where T : unmanaged, IFormattable
    {
        T[] numbers = listed.Count > 0 ? [.. listed] : MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray();
        return Array.ConvertAll(numbers, number => number.ToString(null, CultureInfo.InvariantCulture));
    }
}
