using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Takes the quantisation out of a file written with QuantizeLinear and DequantizeLinear: stored integers become float32, and a
/// pair around an activation becomes the clipping it does.</summary>
/// <remarks>Without its rounding, a quantised network can be trained; its scores differ by what the rounding did. Source: ONNX operators
/// QuantizeLinear and DequantizeLinear, opsets 10 to 21.</remarks>
sealed class Quantisation
{
    readonly GraphProto graph;
    readonly string file;
    readonly TensorReader tensors;
    readonly Dictionary<string, TensorProto> stored;
    readonly Dictionary<string, NodeProto> producers = new(StringComparer.Ordinal);
    int widened, pairs;

    Quantisation(GraphProto graph, string file, TensorReader tensors)
    {
        (this.graph, this.file, this.tensors) = (graph, file, tensors);
        stored = graph.Initializer.Concat(graph.Node.Where(node => node.OpType == "Constant" && node.Output.Count == 1)
                .SelectMany(node =>
                    node.Attribute.Where(attribute => attribute.T is not null).Take(1)
                    .Select(attribute => new TensorProto(attribute.T) { Name = node.Output[0] })))
            .GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        foreach (var node in graph.Node)
            foreach (var output in node.Output)
                producers.TryAdd(output, node);
    }

    /// <summary>Changes the message; says what was changed, null where nothing was.</summary>
    /// <exception cref="GraphException">A node's quantisation is of a kind that is not read here; the message names it.</exception>
    public static string? Remove(GraphProto graph, string file, TensorReader tensors)
    {
        var quantised = new Quantisation(graph, file, tensors);
        foreach (var node in graph.Node.Where(node => node.OpType == "DequantizeLinear" && node.Input.Count > 1 && node.Output.Count == 1)
            .ToArray())
            quantised.Replace(node);
        return quantised.widened + quantised.pairs == 0 ? null
            : $"{file} is quantised: {quantised.widened} stored tensors of integers were widened to float32, "
                + $"and {quantised.pairs} roundings of activations were left out but for their clipping. Scores differ a little from the "
                + "file's.";
    }

    void Replace(NodeProto node)
    {
        if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "block_size")?.I > 0)
            throw Error(node, "is quantised in blocks, needs one scale, or one per channel. Export it that way, or in float");
        if (stored.TryGetValue(node.Input[0], out var integers))
            Widen(node, integers);
        else if (producers.GetValueOrDefault(node.Input[0]) is { OpType: "QuantizeLinear" } pair && pair.Input.Count > 1)
            Join(pair, node);
    }

    void Widen(NodeProto node, TensorProto integers)
    {
        var tensor = tensors.Read(integers);
        var (scale, zero) = (Scale(node), Zero(node));
        var axis = scale.Length == 1 ? 0 : Axis(node, tensor.Shape.Rank);
        if (scale.Length > 1 && tensor.Shape[axis] != scale.Length || zero.Length > 1 && zero.Length != scale.Length)
            throw Error(node,
                $"has {scale.Length} scales and {zero.Length} zero points for axis {axis} of {tensor.Shape}; needs one, or one for each");
        var (from, inner) = (Integers(node, tensor), tensor.Shape.Skip(axis + 1).Aggregate(1, (product, size) => product * size));
        var numbers = new float[from.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var channel = scale.Length == 1 ? 0 : i / inner % scale.Length;
            numbers[i] = (from[i] - (zero.Length == 0 ? 0 : zero[zero.Length == 1 ? 0 : channel])) * scale[channel];
        }
        var floats = new TensorProto { Name = node.Output[0], DataType = (int)ElementType.Float };
        floats.Dims.Add(tensor.Shape.Select(size => (long)size));
        floats.FloatData.Add(numbers);
        graph.Initializer.Add(floats);
        graph.Node.Remove(node);
        widened++;
    }

    void Join(NodeProto quantize, NodeProto node)
    {
        var (scale, zero) = (Scale(node), Zero(node));
        if (!Scale(quantize).SequenceEqual(scale) || !Zero(quantize).SequenceEqual(zero))
            throw Error(node, $"undoes '{quantize.Name}' (QuantizeLinear) with another scale or zero point, needs the same");
        var (source, weight) = (quantize.Input[0], stored.ContainsKey(quantize.Input[0]));
        if (!weight && scale.Length > 1)
            throw Error(node, $"has {scale.Length} scales for an activation, needs one");
        node.Attribute.Clear();
        node.Input.Clear();
        node.Input.Add(source);
        node.OpType = weight ? "Identity" : nameof(Op.Clip);
        if (weight)
        {
            widened++;
            return;
        }
        var (least, most) = quantize.Input.Count > 2 && stored.TryGetValue(quantize.Input[2], out var point)
            ? Range(node, (ElementType)point.DataType) : (byte.MinValue, byte.MaxValue);
        var offset = zero.Length == 0 ? 0 : zero[0];
        node.Attribute.Add(new AttributeProto
        {
            Name = "min",
            Type = AttributeProto.Types.AttributeType.Float,
            F = (least - offset) * scale[0],
        });
        node.Attribute.Add(new AttributeProto
        {
            Name = "max",
            Type = AttributeProto.Types.AttributeType.Float,
            F = (most - offset) * scale[0],
        });
        pairs++;
    }

    float[] Scale(NodeProto node) => Stored(node, 1).Elements<float>().ToArray();

    long[] Zero(NodeProto node) => node.Input.Count > 2 && node.Input[2].Length > 0 ? Integers(node, Stored(node, 2)) : [];

    Tensor Stored(NodeProto node, int place) => stored.TryGetValue(node.Input[place], out var tensor) ? tensors.Read(tensor)
        : throw Error(node, $"has its {(place == 1 ? "scale" : "zero point")} '{node.Input[place]}' computed, needs it stored");

    int Axis(NodeProto node, int rank)
    {
        var axis = (int)(node.Attribute.FirstOrDefault(attribute => attribute.Name == "axis")?.I ?? 1);
        axis = axis < 0 ? axis + rank : axis;
        return axis >= 0 && axis < rank ? axis : throw Error(node, $"has its scales along axis {axis}, but {rank} axes");
    }

    long[] Integers(NodeProto node, Tensor tensor) => tensor.Type switch
    {
        ElementType.Int8 => [.. tensor.Elements<sbyte>().ToArray().Select(number => (long)number)],
        ElementType.UInt8 => [.. tensor.Elements<byte>().ToArray().Select(number => (long)number)],
        ElementType.Int16 => [.. tensor.Elements<short>().ToArray().Select(number => (long)number)],
        ElementType.UInt16 => [.. tensor.Elements<ushort>().ToArray().Select(number => (long)number)],
        ElementType.Int32 => [.. tensor.Elements<int>().ToArray().Select(number => (long)number)],
        var other => throw Error(node, $"holds {other}, needs integers of 8, 16 or 32 bits"),
    };

    (long Least, long Most) Range(NodeProto node, ElementType type) => type switch
    {
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        ElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        _ => throw Error(node, $"rounds an activation to {type}, needs integers of 8 or 16 bits"),
    };

    GraphException Error(NodeProto node, string message) =>
        new($"{(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() ?? "")} ({node.OpType})", $"{message}; in {file}.");
}
