using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>Turns a network as it predicts into the network as it learns: dropout becomes a mask that is fed, normalisation takes the
/// batch's own statistics and moves the stored ones.</summary>
/// <remarks>A normalisation whose scale is frozen keeps its stored statistics.</remarks>
/// <param name="mostMomentum">How much of a stored statistic stays at most in a step, whatever the network says.</param>
sealed class TrainingMode(float mostMomentum = 1)
{
    public List<(Value Input, float Rate)> Masks { get; } = [];

    /// <summary>Each stored statistic with its next value.</summary>
    public List<(Value Statistic, Value Next)> Statistics { get; } = [];

    public Graph Apply(Graph network) => network.Replace((_, node) => node.Operator.Type switch
    {
        nameof(Op.Dropout) => [Masked(node)],
        nameof(Op.BatchNormalization) when node.Input(1).IsTrainable && node.Attributes.Int("training_mode") == 0 => [Normalized(node)],
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
        var learning =
            Op.BatchNormalizationTraining(node.Input(0), node.Input(1), node.Input(2), node.Attributes.Float("epsilon", 1e-5f), node.Name);
        var momentum = Math.Min(node.Attributes.Float("momentum", 0.9f), mostMomentum);
        Statistics.Add((node.Input(3), node.Input(3) * momentum + learning[1] * (1 - momentum)));
        Statistics.Add((node.Input(4), node.Input(4) * momentum + learning[2] * (1 - momentum)));
        return learning[0];
    }
}
