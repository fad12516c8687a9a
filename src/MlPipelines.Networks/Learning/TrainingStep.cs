using MlPipelines.Execution;

namespace MlPipelines;

/// <summary>One training graph bound to the state: from where it is now to its other side.</summary>
sealed class TrainingStep(TrainingGraph graph, SessionSettings options, LearnerState state, SharedStatistics? statistics = null)
    : IDisposable
{
    readonly BoundGraph bound = new(graph.Graph, options, state, state.At, graph.States, statistics?.Exchange);

    public TensorBuffer Image => bound.Own(TrainingGraph.Image)!;
    public TensorBuffer Target => bound.Own(TrainingGraph.Target)!;

    /// <summary>Weights of the samples; null where all count alike.</summary>
    public TensorBuffer? Weights => bound.Own(TrainingGraph.Weight);

    public ReadOnlySpan<float> Logits => bound.Own(TrainingGraph.Logits)!.Elements<float>();
    public float Loss => bound.Own(TrainingGraph.Loss)!.Elements<float>()[0];
    public IEnumerable<(TensorBuffer Buffer, float Rate)> Masks => graph.Masks.Select(mask => (bound.Own(mask.Name)!, mask.Rate));

    public void SetScalars(IReadOnlyList<string> names, params float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            if (bound.Own(names[i]) is { } buffer)
                buffer.Elements<float>()[0] = values[i];
    }

    /// <summary>Runs the graph, after which the state is what it made of it.</summary>
    public void Run()
    {
        bound.Run();
        state.Swap(graph.States);
    }

    public void Dispose() => bound.Dispose();
}
