using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>The network in its prediction mode, bound to the state wherever it is.</summary>
sealed class Scoring : IDisposable
{
    readonly Session session;
    readonly Binding?[] bindings = new Binding?[LearnerState.Places];
    readonly Graph graph;
    readonly LearnerState state;

    public Scoring(Graph network, int batch, SessionSettings options, LearnerState state)
    {
        (Batch, this.state) = (batch, state);
        var logits = TrainingGraph.LogitsOf(network).WithBatch(batch);
        var fed = logits.Parameters.Where(parameter => state.Has(network.NameOf(parameter)))
            .ToDictionary(parameter => parameter, parameter => Value.Input(network.NameOf(parameter), parameter.Shape));
        graph = new Graph([.. logits.Inputs, .. fed.Values], logits.Outputs).Replace((Value value) => fed.GetValueOrDefault(value));
        session = Lowering.SessionOf(graph, options);
        Image = new(ElementType.Float, logits.Inputs[0].Shape);
        LogitsBuffer = new(ElementType.Float, logits[TrainingGraph.Logits].Shape);
    }

    public int Batch { get; }
    public TensorBuffer Image { get; }
    public ReadOnlySpan<float> Logits => LogitsBuffer.Elements<float>();
    TensorBuffer LogitsBuffer { get; }

    public void Run() => (bindings[state.Place] ??= Bind(state.Place)).Run();

    public void Dispose()
    {
        foreach (var binding in bindings)
            binding?.Dispose();
        session.Dispose();
        Image.Dispose();
        LogitsBuffer.Dispose();
    }

    Binding Bind(int place) => session.Bind(
        graph.Inputs.Select(graph.NameOf).ToDictionary(name => name, name => state.Has(name) ? state.Scored(name, place) : Image),
        new Dictionary<string, TensorBuffer> { [TrainingGraph.Logits] = LogitsBuffer });
}
