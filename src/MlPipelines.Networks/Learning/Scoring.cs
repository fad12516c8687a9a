using MlPipelines.Execution;
using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>The network in its prediction mode, bound to the state wherever it is.</summary>
sealed class Scoring : IDisposable
{
    readonly BoundGraph bound;

    public Scoring(Graph network, int batch, SessionSettings options, LearnerState state)
    {
        Batch = batch;
        var logits = TrainingGraph.LogitsOf(network).WithBatch(batch);
        var fed = logits.Parameters.Where(parameter => state.Has(network.NameOf(parameter)))
            .ToDictionary(parameter => parameter, parameter => Value.Input(network.NameOf(parameter), parameter.Shape));
        var graph = new Graph([.. logits.Inputs, .. fed.Values], logits.Outputs).Replace((Value value) => fed.GetValueOrDefault(value));
        bound = new(graph, options, state, state.Scored, []);
        Image = bound.Own(graph.NameOf(graph.Inputs[0]))!;
    }

    public int Batch { get; }
    public TensorBuffer Image { get; }
    public ReadOnlySpan<float> Logits => bound.Own(TrainingGraph.Logits)!.Elements<float>();

    public void Run() => bound.Run();

    public void Dispose() => bound.Dispose();
}
