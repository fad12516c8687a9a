using System.Collections.Immutable;
using MlPipelines.Autodiff;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Training;

/// <summary>A random mask that a step is fed: 0 with the probability given, 1 / (1 − rate) otherwise.</summary>
/// <param name="Name">Name of the graph's input.</param>
/// <param name="Shape">Shape of the mask, batch first.</param>
/// <param name="Rate">Probability of 0.</param>
public sealed record MaskInput(string Name, Shape Shape, float Rate);

/// <summary>Something that a step replaces: a parameter, a running statistic or a slot of the optimizer.</summary>
/// <param name="Name">Name of the graph's input; the output with the new value is called the same with <c>.next</c> behind it.</param>
/// <param name="Start">Value before the first step.</param>
/// <param name="Parameter">The network's parameter of the same content; null for a slot.</param>
public sealed record TrainedState(string Name, Tensor Start, Value? Parameter)
{
    public string Next => Name + ".next";
}

/// <summary>One step of training as one graph: forward in training mode, loss, gradients, and the optimizer's updates.</summary>
/// <remarks>
/// Inputs: <c>image</c> (as the network's), <c>target</c> [N,classes], the masks, the optimizer's scalars, all state.
/// Outputs: <c>loss</c> (a single number), <c>logits</c> [N,classes], all state's next values.
/// </remarks>
public sealed class TrainingGraph
{
    public const string Image = "image", Target = "target", Loss = "loss", Logits = "logits";

    TrainingGraph(Graph graph, ImmutableArray<TrainedState> states, ImmutableArray<MaskInput> masks) => (Graph, States, Masks) = (graph, states, masks);

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
        var mode = new TrainingMode();
        var forward = mode.Apply(LogitsOf(network).WithBatch(batch));
        var logits = forward[Logits];
        var target = Value.Input(Target, logits.Shape);
        var cost = loss.Of(logits, target);
        var parameters = forward.Parameters.Where(parameter => parameter.IsTrainable).ToArray();
        var gradients = Gradients.Of(cost, parameters);

        var scalars = optimizer.Scalars.Select(Optimizer.Scalar).ToArray();
        var states = ImmutableArray.CreateBuilder<TrainedState>();
        var inputs = new List<Value>();
        var outputs = new List<(string Name, Value Value)> { (Loss, cost), (Logits, logits) };
        void AddState(string name, Tensor start, Value now, Value next, Value? parameter)
        {
            states.Add(new(name, start, parameter));
            inputs.Add(now);
            outputs.Add((states[^1].Next, next));
        }

        var fed = new Dictionary<Value, Value>();
        for (var i = 0; i < parameters.Length; i++)
        {
            var (parameter, name) = (parameters[i], network.NameOf(parameters[i]));
            var slots = optimizer.Slots.Select(slot => Value.Input($"{name}.{slot}", parameter.Shape)).ToArray();
            var next = optimizer.Update(parameter, gradients[i], slots, scalars);
            fed[parameter] = Value.Input(name, parameter.Shape);
            AddState(name, Start(parameter), fed[parameter], next[0], parameter);
            for (var slot = 0; slot < slots.Length; slot++)
                AddState(slots[slot].Name, Tensor.Zeros(ElementType.Float, parameter.Shape), slots[slot], next[slot + 1], null);
        }
        foreach (var (statistic, next) in mode.Statistics)
        {
            fed[statistic] = Value.Input(network.NameOf(statistic), statistic.Shape);
            AddState(fed[statistic].Name, Start(statistic), fed[statistic], next, statistic);
        }
        Value[] all = [.. forward.Inputs, target, .. scalars, .. inputs];
        var graph = new Graph([.. all, .. fed.Values.Except(inputs)], outputs).Replace((Value value) => fed.GetValueOrDefault(value));
        return new(graph, states.ToImmutable(), [.. mode.Masks.Select(mask => new MaskInput(graph.NameOf(mask.Input), mask.Input.Shape, mask.Rate))]);
    }

    /// <summary>The network up to its logits: without the Softmax at its end, if it has one.</summary>
    public static Graph LogitsOf(Graph network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (network.Inputs.Length != 1 || network.Outputs.Length != 1)
            throw new GraphException($"The network has {network.Inputs.Length} inputs and {network.Outputs.Length} outputs, training needs one of each.");
        var output = network.Outputs[0].Value;
        if (output.Shape.Rank != 2)
            throw new GraphException($"The network's output '{network.Outputs[0].Name}' has shape {output.Shape}, needs [batch,classes]. Add Flatten or GlobalAveragePooling2D and Dense.");
        return new Graph(network.Inputs, (Logits, output.Node is { Operator.Type: "Softmax" } softmax ? softmax.Input(0) : output));
    }

    static Tensor Start(Value parameter) => parameter.Initializer!.Draw(parameter.Shape, default);
}
