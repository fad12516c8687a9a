using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Tensors;

namespace MlPipelines.Training;

/// <summary>One training graph bound to the state: from one side to the other, and back.</summary>
sealed class TrainingStep : IDisposable
{
    readonly Session session;
    readonly Binding[] bindings;
    readonly Dictionary<string, TensorBuffer> own = [];
    readonly TrainingGraph graph;

    public TrainingStep(TrainingGraph graph, SessionOptions options, Dictionary<string, TensorBuffer>[] sides)
    {
        this.graph = graph;
        session = Lowering.SessionOf(graph.Graph, options);
        foreach (var input in graph.Graph.Inputs.Where(input => !sides[0].ContainsKey(input.Name)))
            own[graph.Graph.NameOf(input)] = new(input.Type, input.Shape);
        foreach (var name in new[] { TrainingGraph.Loss, TrainingGraph.Logits })
            own[name] = new(ElementType.Float, graph.Graph[name].Shape);
        bindings = [Bind(sides[0], sides[1]), Bind(sides[1], sides[0])];
    }

    public TensorBuffer Image => own[TrainingGraph.Image];
    public TensorBuffer Target => own[TrainingGraph.Target];
    public ReadOnlySpan<float> Logits => own[TrainingGraph.Logits].Elements<float>();
    public float Loss => own[TrainingGraph.Loss].Elements<float>()[0];
    public IEnumerable<(TensorBuffer Buffer, float Rate)> Masks => graph.Masks.Select(mask => (own[mask.Name], mask.Rate));

    public void SetScalars(IReadOnlyList<string> names, float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            if (own.TryGetValue(names[i], out var buffer))
                buffer.Elements<float>()[0] = values[i];
    }

    public void Run(int side) => bindings[side].Run();

    public void Dispose()
    {
        foreach (var binding in bindings)
            binding.Dispose();
        session.Dispose();
        foreach (var buffer in own.Values)
            buffer.Dispose();
    }

    Binding Bind(Dictionary<string, TensorBuffer> from, Dictionary<string, TensorBuffer> to) => session.Bind(
        graph.Graph.Inputs.Select(graph.Graph.NameOf).ToDictionary(name => name, name => from.GetValueOrDefault(name) ?? own[name]),
        graph.States.ToDictionary(state => state.Next, state => to[state.Name])
            .Append(new(TrainingGraph.Loss, own[TrainingGraph.Loss])).Append(new(TrainingGraph.Logits, own[TrainingGraph.Logits])).ToDictionary());
}
