using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Training;

/// <summary>The network in its prediction mode, bound to the state of both sides.</summary>
sealed class Scoring : IDisposable
{
    readonly Session session;
    readonly Binding[] bindings;

    public Scoring(Graph network, int batch, SessionOptions options, Dictionary<string, TensorBuffer>[] sides)
    {
        Batch = batch;
        var logits = TrainingGraph.LogitsOf(network).WithBatch(batch);
        var fed = logits.Parameters.Where(parameter => sides[0].ContainsKey(network.NameOf(parameter)))
            .ToDictionary(parameter => parameter, parameter => Value.Input(network.NameOf(parameter), parameter.Shape));
        var graph = new Graph([.. logits.Inputs, .. fed.Values], logits.Outputs).Replace((Value value) => fed.GetValueOrDefault(value));
        session = Lowering.SessionOf(graph, options);
        Image = new(ElementType.Float, logits.Inputs[0].Shape);
        LogitsBuffer = new(ElementType.Float, logits[TrainingGraph.Logits].Shape);
        bindings = [.. sides.Select(side => session.Bind(
            graph.Inputs.ToDictionary(graph.NameOf, input => side.GetValueOrDefault(graph.NameOf(input)) ?? Image),
            new Dictionary<string, TensorBuffer> { [TrainingGraph.Logits] = LogitsBuffer }))];
    }

    public int Batch { get; }
    public int Side { get; set; }
    public TensorBuffer Image { get; }
    public ReadOnlySpan<float> Logits => LogitsBuffer.Elements<float>();
    TensorBuffer LogitsBuffer { get; }

    public void Run() => bindings[Side].Run();

    public void Dispose()
    {
        foreach (var binding in bindings)
            binding.Dispose();
        session.Dispose();
        Image.Dispose();
        LogitsBuffer.Dispose();
    }
}
