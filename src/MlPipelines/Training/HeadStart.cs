using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>The classifier of a network that is about to be fine-tuned, solved from the features that the network gives as it is:
/// from there
/// on steps need not unlearn what it has learnt.</summary>
/// <param name="network">Initialised.</param>
/// <param name="groups">The network's blocks; the last group is the classifier.</param>
/// <param name="data">The samples.</param>
/// <param name="loss">What is made small.</param>
/// <param name="options">Where features are kept, and how classes count.</param>
/// <param name="run">Where, and who is told.</param>
/// <remarks>Source: Kumar, Raghunathan, Jones, Ma, Liang 2022, arXiv:2202.10054.</remarks>
sealed class HeadStart(Graph network, WeightGroups groups, TrainingData data, CategoricalCrossEntropy loss,
    ImageClassificationTrainer.Options options, TrainingRun run)
{
    static readonly LinearHead head = new();

    readonly Graph frozen = Frozen(network, groups);
    TrainingTask? task;

    /// <summary>Whether the classifier is one weighted sum of features that fit into memory.</summary>
    public static bool IsPossible(Graph network, WeightGroups groups, long samples) =>
        FrozenPart.Of(Frozen(network, groups).Initialize(0)) is { } part
        && part.Length * samples * sizeof(float) <= TrainingTask.MostBytes
        && TrainingGraph.LogitsOf(part.Rest) is var rest
        && rest.Parameters.Where(parameter => parameter.IsTrainable).Select(parameter => parameter.Shape.Rank).Order().SequenceEqual([1, 2])
        && rest.Nodes.All(node => node.Operator.Type is nameof(Op.Gemm) or nameof(Op.MatMul) or nameof(Op.Add) or nameof(Op.Flatten)
            or nameof(Op.Transpose));

    /// <summary>The classifier's weights, and what it comes to.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (KeptState Head, EpochMetrics Metrics) Solve()
    {
        var solved = Solve(Task);
        return (new(WeightsOf(solved.Fitted.Network), solved.Right), solved.Metrics);
    }

    /// <summary>The network with the classifier solved from all samples, those that were watched among them where they are a part of those
    /// given to learn from, and nothing else changed.</summary>
    public FittedHead FromAll()
    {
        var all = data.IsValidationPart && Task.Validation is not null
            ? Task with { Train = Task.Train.With(Task.Validation), Validation = null } : Task;
        var solved = Solve(all).Fitted;
        var weights = WeightsOf(solved.Network);
        return solved with { Network = network.WithParameters(parameter => weights.GetValueOrDefault(network.NameOf(parameter))) };
    }

    TrainingTask Task => task ??= TrainingTask.Of(
        new(frozen, data.Input, data.Train.Unchanged(), data.Validation, whole => whole), null, isNeeded: true, options.Output, run);

    SolvedHead Solve(TrainingTask task) =>
        new WholeBatchTraining(task, head, head.Fit, data.Labels.Length, run).Run(loss, options.Sampling);

    static Dictionary<string, Tensor> WeightsOf(Graph rest) => rest.Parameters.Where(parameter => parameter.IsTrainable)
        .ToDictionary(rest.NameOf, parameter => parameter.Initializer!.Content!, StringComparer.Ordinal);

    static Graph Frozen(Graph network, WeightGroups groups) =>
        InferenceMode.WithoutDropout(groups.Frozen(network, groups.Count - 1));
}
