using System.Collections.Frozen;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>The operators of ai.onnx.ml that compute with numbers and stand behind networks for images, in ONNX's own.</summary>
/// <remarks>Source: ONNX's ai.onnx.ml, operator set 1.</remarks>
static class MlOperators
{
    static readonly FrozenDictionary<string, Func<Source, Value>> all = new Dictionary<string, Func<Source, Value>>
    {
        ["Normalizer"] = Normalized,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsRead(NodeProto node) => node.Domain == ClassLabelNodes.Domain && all.ContainsKey(node.OpType);

    public static IReadOnlyList<Value> Results(Source node) => [all[node.Type](node)];

    // A row of zeros stays one.
    static Value Normalized(Source node)
    {
        var x = node.Input(0);
        var axis = x.Shape.Rank - 1;
        var norm = node.Attributes.Text("norm", "MAX") switch
        {
            "MAX" => Op.ReduceMax(x, [axis]),
            "L1" => Op.ReduceSum(Op.Abs(x), [axis]),
            "L2" => Op.Sqrt(Op.ReduceSum(x * x, [axis])),
            var other => throw node.Error($"its norm is '{other}', needs MAX, L1 or L2."),
        };
        var one = Value.Constant(Tensor.Scalar(1f), $"{node.Name}.one");
        return Op.Div(x, Op.Where(Op.Equal(norm, Value.Constant(Tensor.Scalar(0f), $"{node.Name}.zero")), one, norm));
    }
}
