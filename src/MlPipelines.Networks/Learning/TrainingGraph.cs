using System.Collections.Immutable;
using MlPipelines.Autodiff;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A random mask that a step is fed: 0 with the probability given, 1 / (1 − rate) otherwise.</summary>
/// <param name="Name">Name of the graph's input.</param>
/// <param name="Rate">Probability of 0.</param>
sealed record MaskInput(string Name, float Rate);

/// <summary>Something that a step replaces: a parameter, a running statistic or a slot of the optimizer.</summary>
/// <param name="Name">Name of the graph's input; the output with the new value is called the same with <c>.next</c> behind it.</param>
/// <param name="Start">Value before the first step.</param>
/// <param name="Parameter">The network's parameter of the same content; null for a slot.</param>
sealed record TrainedState(string Name, Tensor Start, Value? Parameter)
{
    public string Next => Name + ".next";

    /// <summary>Whether each batch changes it, and not each update: the two differ when gradients are accumulated.</summary>
    internal bool IsRunning { get; init; }

    internal static string AverageOf(string parameter) => parameter + ".average";
}

/// <summary>One step of training as one graph: forward in training mode, loss, gradients, and the optimizer's updates.</summary>
/// <remarks>
/// Inputs: <c>image</c> (as the network's), <c>target</c> [N,classes], <c>weight</c> [N] where samples are weighted, the masks, the
/// optimizer's scalars, all state.
/// Outputs: <c>loss</c> (a single number), <c>logits</c> [N,classes], all state's next values.
/// </remarks>
sealed class TrainingGraph
{
    public const string Image = "image", Target = "target", Loss = "loss", Logits = "logits";

    internal TrainingGraph(Graph graph, ImmutableArray<TrainedState> states, ImmutableArray<MaskInput> masks) =>
        (Graph, States, Masks) = (graph, states, masks);

    public Graph Graph { get; }
    public ImmutableArray<TrainedState> States { get; }
    public ImmutableArray<MaskInput> Masks { get; }

    /// <param name="network">Initialised; its one output is [N,classes], probabilities by Softmax or logits.</param>
    /// <param name="batch">Samples in a step.</param>
    /// <param name="optimizer">How parameters change.</param>
    /// <param name="loss">What is made small.</param>
    /// <exception cref="GraphException">The network does not end in classes, or cannot be differentiated.</exception>
    public static TrainingGraph Of(Graph network, int batch, Optimizer optimizer, CategoricalCrossEntropy loss)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        return Of(network, batch, new LearningRules(optimizer, loss));
    }

    /// <summary>A step with everything that the rules say; when they sum, it only adds gradients, times the scalar <c>share</c>, to
    /// the sums <c>….gradient</c> times the scalar <c>kept</c>.</summary>
    internal static TrainingGraph Of(Graph network, int batch, LearningRules rules)
    {
        var mode = new TrainingMode(rules.MostMomentum);
        var forward = mode.Apply(LogitsOf(network).WithBatch(batch));
        var logits = forward[Logits];
        var target = Value.Input(Target, logits.Shape);
        var weights = rules.Weighted ? Value.Input(Weight, [batch]) : null;
        var cost = weights is null ? rules.Loss.Of(logits, target) : rules.Loss.Of(logits, target, weights);
        var parameters = Trainable(forward);
        var parts = new StepParts(network, rules);
        parts.Output(Loss, cost);
        parts.Output(Logits, logits);
        if (rules.Sums)
            foreach (var (parameter, gradient) in parameters.Zip(Gradients.OfWeights(cost * parts.Scalar(Share), parameters)))
            {
                parts.Feed(parameter);
                var sum = Value.Input(GradientOf(network.NameOf(parameter)), parameter.Shape);
                parts.Add(sum.Name, Tensor.Zeros(ElementType.Float, sum.Shape), sum, sum * parts.Scalar(Kept) + gradient, running: true);
            }
        else
            parts.Update(parameters, Gradients.OfWeights(cost, parameters));
        foreach (var (statistic, next) in mode.Statistics)
        {
            parts.AddParameter(statistic, next, running: true);
            // When gradients are accumulated, averages belong to the update's graph, which takes the statistics as they stand then.
            if (!rules.Sums)
                parts.Average(statistic, next);
        }
        return parts.ToGraph([.. forward.Inputs, target, .. new[] { weights }.OfType<Value>()], mode.Masks);
    }

    /// <summary>The update from accumulated gradients, times the scalar <c>share</c>.</summary>
    /// <remarks>Of the network itself only parameters and statistics are used, so that its batch is any.</remarks>
    internal static TrainingGraph Updating(Graph network, LearningRules rules)
    {
        var mode = new TrainingMode(rules.MostMomentum);
        var parameters = Trainable(mode.Apply(LogitsOf(network).WithBatch(1)));
        var parts = new StepParts(network, rules);
        var sums = parameters.Select(parameter => Value.Input(GradientOf(network.NameOf(parameter)), parameter.Shape)).ToArray();
        parts.Update(parameters, [.. sums.Select(sum => sum * parts.Scalar(Share))]);
        foreach (var (statistic, _) in mode.Statistics)
            parts.Average(statistic, statistic.Kind == ValueKind.Parameter ? parts.Feed(statistic) : statistic);
        return parts.ToGraph(sums, []);
    }

    internal const string Share = "share", Kept = "kept", Weight = "weight";

    internal static string GradientOf(string parameter) => parameter + ".gradient";

    static Value[] Trainable(Graph forward) => forward.Parameters.Where(parameter => parameter.IsTrainable)
        .ToArray() is { Length: > 0 } some ? some
        : throw new GraphException(
            "All weights of the network are frozen, so there is nothing to train. Unfreeze some, or give it a new classifier.");

    /// <summary>The network up to its logits: without the Softmax at its end, if it has one.</summary>
    public static Graph LogitsOf(Graph network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Inputs.Length != 1 || network.Outputs.Length != 1)
            throw new GraphException(
                $"The network has {network.Inputs.Length} inputs and {network.Outputs.Length} outputs, training needs one of each.");
        var output = network.Outputs[0].Value;
        if (output.Shape.Rank != 2)
            throw new GraphException($"The network's output '{network.Outputs[0].Name}' has shape {output.Shape}, needs [batch,classes]. "
                + "Add Flatten or GlobalAveragePooling2D and Dense.");
        return new Graph(network.Inputs,
            (Logits, output.Node is { Operator.Type: nameof(Op.Softmax) } softmax ? softmax.Input(0) : output));
    }
}
