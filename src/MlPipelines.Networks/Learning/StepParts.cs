using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Inputs, outputs and state of a graph under construction that replaces state.</summary>
sealed class StepParts(Graph network, LearningRules rules)
{
    readonly List<Value> inputs = [];
    readonly List<TrainedState> states = [];
    readonly List<(string Name, Value Value)> outputs = [];
    readonly Dictionary<string, Value> scalars = [];
    readonly Dictionary<Value, Value> fed = [];
    readonly ImmutableHashSet<string> biases = WeightGroups.BiasesOf(network);

    public Value Scalar(string name) => scalars.TryGetValue(name, out var known) ? known : scalars[name] = Optimizer.Scalar(name);

    public void Output(string name, Value value) => outputs.Add((name, value));

    /// <summary>Weights, slots and averages after an update.</summary>
    /// <param name="parameters">The weights that change.</param>
    /// <param name="gradients">One of each weight.</param>
    public void Update(IReadOnlyList<Value> parameters, IReadOnlyList<Value> gradients)
    {
        foreach (var (parameter, gradient) in parameters.Zip(rules.Clipped(gradients)))
        {
            var name = network.NameOf(parameter);
            var slots = rules.Optimizer.SlotsOf(parameter.Shape).Select(slot => Value.Input($"{name}.{slot}", parameter.Shape)).ToArray();
            var scalarsOf = rules.ScalarsOf(rules.Groups.GroupOf(name), biases.Contains(name));
            var next = rules.Optimizer.Update(parameter, gradient, slots, [.. scalarsOf.Select(Scalar)]);
            AddParameter(parameter, next[0], running: false);
            foreach (var (slot, after) in slots.Zip(next.Skip(1)))
                Add(slot.Name, Tensor.Zeros(ElementType.Float, parameter.Shape), slot, after);
            Average(parameter, next[0]);
        }
    }

    /// <summary>What is fed in place of a parameter, and what it becomes.</summary>
    public void AddParameter(Value parameter, Value next, bool running) =>
        Add(network.NameOf(parameter), Start(parameter), Feed(parameter), next, parameter, running);

    public void Add(string name, Tensor start, Value now, Value next, Value? parameter = null, bool running = false)
    {
        states.Add(new(name, start, parameter) { IsRunning = running });
        inputs.Add(now);
        outputs.Add((states[^1].Next, next));
    }

    public void Average(Value parameter, Value next)
    {
        if (rules.Averaging is null)
            return;
        var decay = Scalar(LearningRules.Decay);
        var now = Value.Input(TrainedState.AverageOf(network.NameOf(parameter)), parameter.Shape);
        Add(now.Name, Start(parameter), now, now * decay + next * (1 - decay));
    }

    /// <summary>A parameter that is fed and stays.</summary>
    public Value Feed(Value parameter) =>
        fed.TryGetValue(parameter, out var known) ? known : fed[parameter] = Value.Input(network.NameOf(parameter), parameter.Shape);

    public TrainingGraph ToGraph(IEnumerable<Value> first, IEnumerable<(Value Input, float Rate)> masks)
    {
        // Parameters become inputs only here, all at once, so that what was built before may name them.
        var graph = new Graph([.. first, .. scalars.Values, .. inputs, .. fed.Values.Except(inputs)],
            outputs).Replace((Value value) => fed.GetValueOrDefault(value));
        return new(graph, [.. states], [.. masks.Select(mask => new MaskInput(graph.NameOf(mask.Input), mask.Rate))]);
    }

    // The network is initialised: what its initializers draw is the tensor they hold, so that no dice are needed.
    static Tensor Start(Value parameter) => parameter.Initializer!.Draw(parameter.Shape, default);
}
