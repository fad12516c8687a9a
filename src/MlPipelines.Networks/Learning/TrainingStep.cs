using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>One training graph bound to the state: from where it is now to its other side.</summary>
sealed class TrainingStep : IDisposable
{
    readonly Session session;
    readonly Binding?[] bindings = new Binding?[LearnerState.Places];
    readonly Dictionary<string, TensorBuffer> own = [];
    readonly TrainingGraph graph;
    readonly LearnerState state;

    public TrainingStep(TrainingGraph graph, SessionSettings options, LearnerState state)
    {
        (this.graph, this.state) = (graph, state);
        session = Lowering.SessionOf(graph.Graph, options);
        foreach (var input in graph.Graph.Inputs.Where(input => !state.Has(graph.Graph.NameOf(input))))
            own[graph.Graph.NameOf(input)] = new(input.Type, input.Shape);
        foreach (var name in Results)
            own[name] = new(ElementType.Float, graph.Graph[name].Shape);
    }

    IEnumerable<string> Results =>
        graph.Graph.Outputs.Select(output => output.Name).Where(name => name is TrainingGraph.Loss or TrainingGraph.Logits);

    public TensorBuffer Image => own[TrainingGraph.Image];
    public TensorBuffer Target => own[TrainingGraph.Target];

    /// <summary>Weights of the samples; null where all count alike.</summary>
    public TensorBuffer? Weights => own.GetValueOrDefault(TrainingGraph.Weight);

    public ReadOnlySpan<float> Logits => own[TrainingGraph.Logits].Elements<float>();
    public float Loss => own[TrainingGraph.Loss].Elements<float>()[0];
    public IEnumerable<(TensorBuffer Buffer, float Rate)> Masks => graph.Masks.Select(mask => (own[mask.Name], mask.Rate));

    public void SetScalars(IReadOnlyList<string> names, params float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            if (own.TryGetValue(names[i], out var buffer))
                buffer.Elements<float>()[0] = values[i];
    }

    /// <summary>Runs the graph, after which the state is what it made of it.</summary>
    public void Run()
    {
        (bindings[state.Place] ??= Bind(state.Place)).Run();
        state.Turn(graph.States);
    }

    public void Dispose()
    {
        foreach (var binding in bindings)
            binding?.Dispose();
        session.Dispose();
        foreach (var buffer in own.Values)
            buffer.Dispose();
    }

    Binding Bind(int place) => session.Bind(
        graph.Graph.Inputs.Select(graph.Graph.NameOf)
        .ToDictionary(name => name, name => own.GetValueOrDefault(name) ?? state.At(name, place)),
        graph.States.Select(each => (each.Next, Buffer: state.Beside(each.Name, place))).Concat(Results.Select(name => (name, own[name])))
        .ToDictionary());
}
