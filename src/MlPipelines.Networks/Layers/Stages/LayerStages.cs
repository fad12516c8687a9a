using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>What a unit is called in a drawing.</summary>
static class LayerStages
{
    const string GlobalMean = "Global average pool";

    public static LayerStage Of(NetworkUnit unit)
    {
        var stage = new LayerStage(unit.Name, unit.Node is null ? "Image" : Title(unit.Node), string.Join(", ", unit.Then), unit.Output,
            unit.Parameters);
        return unit.Node is null ? stage with { Kind = StageKind.Image }
            : unit.Inputs.Count > 1 ? stage with { Kind = StageKind.Join }
            : unit.Node.Operator.Type switch
            {
                nameof(Op.Conv) or nameof(Op.ConvTranspose) => WithConvolution(stage, unit.Node),
                _ when stage.Title == GlobalMean => stage with { Kind = StageKind.Pooling },
                nameof(Op.MaxPool) or nameof(Op.AveragePool) or nameof(Op.GlobalMaxPool) => stage with { Kind = StageKind.Pooling },
                nameof(Op.Gemm) or nameof(Op.MatMul) => stage with { Kind = StageKind.Dense },
                _ => stage,
            };
    }

    static LayerStage WithConvolution(LayerStage stage, Node node) => stage with
    {
        Kind = StageKind.Convolution,
        IsDepthwise = IsDepthwise(node),
        Pointwise = !IsDepthwise(node) && Op.WindowOf(node).Kernel.All(size => size == 1)
            ? (node.Input(0).Shape[1], node.Outputs[0].Shape[1]) : null,
    };

    static bool IsDepthwise(Node node) => node.Operator.Type == nameof(Op.Conv) && Groups(node) > 1
        && Groups(node) == node.Input(0).Shape[1];

    static long Groups(Node node) => node.Attributes.Int("group", 1);

    static string Title(Node node) => node.Operator.Type switch
    {
        nameof(Op.Conv) when IsDepthwise(node) => $"Depthwise conv {Sliding(node, filters: Groups(node) != node.Outputs[0].Shape[1])}",
        nameof(Op.Conv) => $"Conv {Sliding(node)}",
        nameof(Op.ConvTranspose) => $"Transposed conv {Sliding(node)}",
        nameof(Op.MaxPool) => $"Max pool {Sliding(node, filters: false)}",
        nameof(Op.AveragePool) => $"Average pool {Sliding(node, filters: false)}",
        nameof(Op.GlobalAveragePool) => GlobalMean,
        nameof(Op.GlobalMaxPool) => "Global max pool",
        nameof(Op.ReduceMean) when node.Input(0).Shape.Rank == 4 && node.Outputs[0].Shape is [_, _] or [_, _, 1, 1] => GlobalMean,
        nameof(Op.Gemm) or nameof(Op.MatMul) => $"Dense {node.Outputs[0].Shape[^1]}",
        nameof(Op.BatchNormalization) => "BatchNorm",
        nameof(Op.Relu) => "ReLU",
        nameof(Op.Concat) => "Concatenate",
        nameof(Op.Mul) when OfSeveral(node) => "Multiply",
        nameof(Op.Add) or "Sum" when OfSeveral(node) => "Add",
        nameof(Op.Add) or nameof(Op.Sub) or nameof(Op.Mul) or nameof(Op.Div) when !OfSeveral(node) => "Rescale",
        var type => type,
    };

    static bool OfSeveral(Node node) => node.Inputs.OfType<Value>().Count(input => input.Kind is ValueKind.Result or ValueKind.Input
        && input.Known is null) > 1;

    static string Sliding(Node node, bool filters = true)
    {
        var window = Op.WindowOf(node);
        var groups = filters ? Groups(node) : 1;
        return string.Join('×', window.Kernel) + (filters ? $", {node.Outputs[0].Shape[1]}" : "")
            + (groups > 1 && !IsDepthwise(node) ? $", {groups} groups" : "") + Steps(", stride ", window.Strides)
            + Steps(", dilation ", window.Dilations);
    }

    static string Steps(string word, int[] steps) => steps.All(step => step == 1) ? ""
        : word + (steps.Distinct().Count() == 1 ? $"{steps[0]}" : string.Join('×', steps));
}
