using MlPipelines.Graphs;

namespace MlPipelines.Training;

/// <summary>Turns a network as it predicts into the network as it learns: dropout becomes a mask that is fed, normalisation takes the batch's own statistics and moves the stored ones.</summary>
/// <remarks>A normalisation whose scale is frozen keeps its stored statistics.</remarks>
sealed class TrainingMode
{
    public List<(Value Input, float Rate)> Masks { get; } = [];

    /// <summary>Each stored statistic with its next value.</summary>
    public List<(Value Statistic, Value Next)> Statistics { get; } = [];

    public Graph Apply(Graph network) => network.Replace((Node node) => node.Operator.Type switch
    {
        "Dropout" => [Masked(node)],
        "BatchNormalization" when node.Input(1).IsTrainable && node.Attributes.Int("training_mode") == 0 => [Normalized(node)],
        _ => null,
    });

    Value Masked(Node node)
    {
        var rate = node.InputOrNull(1)?.Known?.Elements<float>()[0] ?? 0.5f;
        if (rate == 0)
            return node.Input(0);
        var mask = Value.Input($"{node.Name}/mask", node.Input(0).Shape);
        Masks.Add((mask, rate));
        return Op.Mul(node.Input(0), mask);
    }

    Value Normalized(Node node)
    {
        var learning = Node.Of(node.Operator, node.Inputs, node.Attributes.With("training_mode", 1), node.Name);
        Statistics.Add((node.Input(3), learning.Outputs[1]));
        Statistics.Add((node.Input(4), learning.Outputs[2]));
        return learning.Outputs[0];
    }
}
