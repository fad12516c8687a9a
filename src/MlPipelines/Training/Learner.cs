using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Training;

/// <summary>The state of a network under training, and the steps that change it.</summary>
/// <remarks>State is held twice: a step reads one copy and writes the other, and then they change places.</remarks>
sealed class Learner : IDisposable
{
    readonly Graph network;
    readonly Optimizer optimizer;
    readonly CategoricalCrossEntropy loss;
    readonly SessionOptions options;
    readonly Dictionary<string, TensorBuffer>[] sides = [[], []];
    readonly Dictionary<int, TrainingStep> steps = [];
    readonly Dictionary<string, TrainedState> states = [];
    Scoring? scoring;
    int now;

    /// <param name="network">Initialised; one input [?,C,H,W], one output [?,classes].</param>
    public Learner(Graph network, Optimizer optimizer, CategoricalCrossEntropy loss, SessionOptions options)
    {
        (this.network, this.optimizer, this.loss, this.options) = (network, optimizer, loss, options);
        foreach (var state in TrainingGraph.Of(network, 1, optimizer, loss).States)
        {
            states[state.Name] = state;
            foreach (var side in sides)
                side[state.Name] = TensorBuffer.Of(state.Start);
        }
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Input and output buffers of a step over so many samples.</summary>
    public TrainingStep StepOf(int batch)
    {
        if (steps.TryGetValue(batch, out var step))
            return step;
        return steps[batch] = new(TrainingGraph.Of(network, batch, optimizer, loss), options, sides);
    }

    /// <summary>Learns from what the step's buffers hold.</summary>
    public void Run(TrainingStep step, float rate)
    {
        step.SetScalars(optimizer.Scalars, optimizer.ScalarsAt(rate, Steps));
        step.Run(now);
        now = 1 - now;
        Steps++;
    }

    /// <summary>Scores samples with the network as it is now, in its prediction mode.</summary>
    public Scoring ScoringOf(int batch)
    {
        if (scoring?.Batch != batch)
        {
            scoring?.Dispose();
            scoring = new(network, batch, options, sides);
        }
        scoring.Side = now;
        return scoring;
    }

    /// <summary>Whether the network can still compute: no parameter is infinite, no number, or so large that its square is.</summary>
    public bool IsFinite
    {
        get
        {
            foreach (var state in states.Values)
                if (state.Parameter is not null)
                    foreach (var number in sides[now][state.Name].Elements<float>())
                        if (!float.IsFinite(number * number))
                            return false;
            return true;
        }
    }

    /// <summary>All state as it is now.</summary>
    public Dictionary<string, Tensor> Snapshot() => sides[now].ToDictionary(state => state.Key, state => state.Value.ToTensor());

    /// <summary>Goes back to a snapshot.</summary>
    public void Restore(Dictionary<string, Tensor> snapshot, long steps)
    {
        foreach (var (name, buffer) in sides[now])
            buffer.CopyFrom(snapshot.GetValueOrDefault(name) ?? throw new InvalidDataException($"Checkpoint: '{name}' is missing. Delete the checkpoint."));
        Steps = steps;
    }

    /// <summary>The network with the parameters of a snapshot.</summary>
    public Graph Trained(Dictionary<string, Tensor> snapshot)
    {
        var tensors = states.Values.Where(state => state.Parameter is not null).ToDictionary(state => state.Parameter!, state => snapshot[state.Name]);
        return network.WithParameters(parameter => tensors.GetValueOrDefault(parameter));
    }

    public void Dispose()
    {
        foreach (var step in steps.Values)
            step.Dispose();
        scoring?.Dispose();
        foreach (var buffer in sides.SelectMany(side => side.Values))
            buffer.Dispose();
    }
}
