using System.Collections.Immutable;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <remarks>Operators of the domain <c>mlpipelines</c>: steps of training that ONNX has no single operator for. Each has an expansion into
/// ONNX's own (<c>Autodiff.Expansions</c>), and may have a kernel of ours; but for FixedConv, which only the file of a session has whose
/// kernels hold the weights.</remarks>
public static partial class Op
{
    internal static readonly Operator[] Fused =
    [
        new(nameof(DirectConv), InferConv, Operator.OwnDomain),
        new(nameof(FixedConv), node => [new(ElementType.Float, [node.Input(0).Shape[0], (int)node.Attributes.Int("filters"),
            .. WindowOf(node).Over(node, node.Input(0).Shape)])], Operator.OwnDomain),
        new(nameof(ConvWeightGradient), node => [new(ElementType.Float, ShapeAttribute(node, "weight_shape"))], Operator.OwnDomain),
        new(nameof(ConvInputGradient), node => [new(ElementType.Float, [node.Input(0).Shape[0], .. ShapeAttribute(node, "input_shape")])],
            Operator.OwnDomain),
        new(nameof(ChannelSum), node => [new(ElementType.Float, [node.Input(0).Shape[1]])], Operator.OwnDomain),
        new(nameof(MaxPoolGradient), Same, Operator.OwnDomain),
        new(nameof(AveragePoolGradient), node => [new(ElementType.Float, [node.Input(0).Shape[0], .. ShapeAttribute(node, "input_shape")])],
            Operator.OwnDomain),
        new(nameof(GlobalAveragePoolGradient),
            node => [new(ElementType.Float, [node.Input(0).Shape[0], .. ShapeAttribute(node, "input_shape")])],
            Operator.OwnDomain),
        new(nameof(ReluGradient), Same, Operator.OwnDomain),
        new(nameof(ClipGradient), Same, Operator.OwnDomain),
        new(nameof(BatchNormalizationTraining),
            node => [new(ElementType.Float, node.Input(0).Shape), new(ElementType.Float, node.Input(1).Shape),
                new(ElementType.Float, node.Input(1).Shape)], Operator.OwnDomain),
        new(nameof(BatchNormalizationGradient),
            node => [new(ElementType.Float, node.Input(0).Shape), new(ElementType.Float, node.Input(2).Shape),
                new(ElementType.Float, node.Input(2).Shape)], Operator.OwnDomain),
        new("SgdUpdate", node => InferUpdate(node, 2), Operator.OwnDomain),
        new("RMSpropUpdate", node => InferUpdate(node, 2), Operator.OwnDomain),
        new("AdamUpdate", node => InferUpdate(node, 3), Operator.OwnDomain),
        new("AdadeltaUpdate", node => InferUpdate(node, 3), Operator.OwnDomain),
    ];

    /// <summary>A convolution with what follows it: x [N,C,H,W], w [K,C/group,kh,kw], b [K] → [N,K,H',W'].</summary>
    internal static Value DirectConv(ImmutableArray<Value?> inputs, Attributes sliding, string name) =>
        Apply(nameof(DirectConv), inputs.AsSpan(), sliding, name);

    /// <summary>A <see cref="DirectConv"/> whose weights its kernel holds: x [N,C,H,W], b [K] → [N,K,H',W'].</summary>
    internal static Value FixedConv(Value x, Value? b, Shape weight, Attributes sliding, string name) =>
        Apply(nameof(FixedConv), [x, b],
            sliding.With("filters", weight[0]).With("kernel_shape", weight.Skip(2).ToArray()), name);

    /// <summary>Gradient of a convolution's weight. x [N,C,H,W], dy [N,K,H',W'] → [K,C/group,kh,kw].</summary>
    public static Value ConvWeightGradient(Value x, Value dy, Shape weight, Attributes sliding) =>
        Apply(nameof(ConvWeightGradient), [x, dy],
            sliding.With("weight_shape", weight.ToArray()).With("kernel_shape", weight.Skip(2).ToArray()));

    /// <summary>Gradient of a convolution's input. dy [N,K,H',W'], w [K,C/group,kh,kw] → [N,C,H,W].</summary>
    public static Value ConvInputGradient(Value dy, Value w, Shape input, Attributes sliding) =>
        Apply(nameof(ConvInputGradient), [dy, w], sliding.With("input_shape", input.Skip(1).ToArray()));

    /// <summary>Sum over all axes but the channels. dy [N,C,…] → [C].</summary>
    public static Value ChannelSum(Value dy) => Apply(nameof(ChannelSum), [dy]);

    /// <summary>Gradient of max pooling: each window's goes to its first largest element.</summary>
    public static Value MaxPoolGradient(Value x, Value y, Value dy, Attributes window) =>
        Apply(nameof(MaxPoolGradient), [x, y, dy], window);

    /// <summary>Gradient of average pooling. dy [N,C,H',W'] → [N,C,H,W].</summary>
    public static Value AveragePoolGradient(Value dy, Shape input, Attributes window) =>
        Apply(nameof(AveragePoolGradient), [dy], window.With("input_shape", input.Skip(1).ToArray()));

    /// <summary>dy where y is positive, 0 elsewhere.</summary>
    public static Value ReluGradient(Value y, Value dy) => Apply(nameof(ReluGradient), [y, dy]);

    /// <summary>dy where x is from <paramref name="least"/> to <paramref name="most"/>, 0 elsewhere.</summary>
    public static Value ClipGradient(Value x, Value dy, float least, float most) =>
        Apply(nameof(ClipGradient), [x, dy], new() { { "least", least }, { "most", most } });

    /// <summary>Gradient of the mean over all places. dy [N,C,1,1] → [N,C,H,W].</summary>
    public static Value GlobalAveragePoolGradient(Value dy, Shape input) =>
        Apply(nameof(GlobalAveragePoolGradient), [dy], new() { { "input_shape", input.Skip(1).ToArray() } });

    /// <summary>Normalises each channel by the batch's own mean and (population) variance, which are the second and third result.</summary>
    public static IReadOnlyList<Value> BatchNormalizationTraining(Value x, Value scale, Value bias, float epsilon, string? name = null) =>
        Node.Of(Operator.Find(nameof(BatchNormalizationTraining)), [x, scale, bias], new() { { "epsilon", epsilon } }, name).Outputs;

    /// <summary>Gradients of normalisation by the batch's own statistics, with respect to input, scale and bias.</summary>
    public static IReadOnlyList<Value> BatchNormalizationGradient(Value x, Value dy, Value scale, Value mean, Value variance,
        float epsilon) =>
        Node.Of(Operator.Find(nameof(BatchNormalizationGradient)), [x, dy, scale, mean, variance],
            new() { { "epsilon", epsilon } }).Outputs;

    static Shape ShapeAttribute(Node node, string name) => [.. node.Attributes.Ints(name).Select(size => (int)size)];

    static Inferred[] InferUpdate(Node node, int states)
    {
        for (var i = 1; i <= states; i++)
            if (node.Input(i).Shape != node.Input(0).Shape)
                throw node.Error($"parameter has shape {node.Input(0).Shape}, input {i} has {node.Input(i).Shape}.");
        return [.. Enumerable.Repeat(new Inferred(ElementType.Float, node.Input(0).Shape), states)];
    }
}
