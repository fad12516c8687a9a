using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Gives each user of a stored tensor a tensor of its own where only an exporter's thrift made them one: equal starting values,
/// such as zeros, which training would then keep equal.</summary>
/// <remarks>A tensor of different numbers that several nodes use is one weight on purpose, and stays one. Statistics are never shared with
/// weights. PyTorch's exporter merges equal tensors and writes Identity nodes for them.</remarks>
static class SharedTensors
{
    public static void Part(GraphProto graph, TensorReader tensors)
    {
        var users = graph.Node.SelectMany(node => node.Input.Select((name, place) => (name, use: (node, place))))
            .ToLookup(pair => pair.name, pair => pair.use, StringComparer.Ordinal);
        var names = graph.Initializer.Select(tensor => tensor.Name).Concat(graph.Node.SelectMany(node => node.Output))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var tensor in graph.Initializer.Where(tensor =>
            (ElementType)tensor.DataType is ElementType.Float or ElementType.Float16 or ElementType.BFloat16 or ElementType.Double
            && tensor.Dims.Count > 0).ToArray())
        {
            var uses = users[tensor.Name].Skip(1).ToArray();
            if (uses.Length == 0 || !IsOneNumber(tensors.Read(tensor)))
                continue;
            foreach (var (node, place) in uses)
            {
                var copy = new TensorProto(tensor) { Name = Free(NameIn(node, place, users), names) };
                node.Input[place] = copy.Name;
                graph.Initializer.Add(copy);
            }
        }
    }

    // Names say what the tensor is to the node that computes with it, which may come behind an Identity.
    static string NameIn(NodeProto node, int place, ILookup<string, (NodeProto Node, int Place)> users)
    {
        while (node.OpType == "Identity" && node.Output.Count > 0 && users[node.Output[0]].Take(1).ToArray() is [var user])
            (node, place) = user;
        var part = (node.OpType, place) switch
        {
            (nameof(Op.BatchNormalization), 3) => "mean",
            (nameof(Op.BatchNormalization), 4) => "variance",
            ({ } type, 1) when type.EndsWith("Normalization", StringComparison.Ordinal) => "scale",
            ({ } type, 2) when type.EndsWith("Normalization", StringComparison.Ordinal) => "bias",
            (nameof(Op.Conv) or nameof(Op.ConvTranspose) or nameof(Op.Gemm), 1) => "weight",
            (nameof(Op.Conv) or nameof(Op.ConvTranspose) or nameof(Op.Gemm), 2) => "bias",
            _ => $"input{place}",
        };
        return $"{(node.Name.Length > 0 ? node.Name : node.OpType)}/{part}";
    }

    /// <summary>Whether all elements are the same floating-point number.</summary>
    public static bool IsOneNumber(Tensor tensor) =>
        tensor.Type == ElementType.Float && tensor.Elements<float>() is { IsEmpty: false } numbers
        && !numbers.ContainsAnyExcept(numbers[0]);

    static string Free(string name, HashSet<string> taken)
    {
        var free = name;
        for (var i = 1; !taken.Add(free); i++)
            free = $"{name}_{i}";
        return free;
    }
}
