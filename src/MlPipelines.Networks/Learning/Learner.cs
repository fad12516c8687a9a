using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A network under training, and the steps that change its state.</summary>
sealed class Learner : IDisposable
{
    readonly Graph network;
    readonly LearningRules rules;
    readonly SessionSettings options;
    readonly LearnerState state;
    // By batch size, which a training graph has fixed; all work on the one state.
    readonly Dictionary<int, TrainingStep> steps = [];

    // Each group counts for itself, as it may have been frozen at first: bias corrections start with its own first update.
    readonly long[] updates;
    readonly ICommunicator? communicator;
    TrainingStep? update;
    SharedUpdate? shared;
    SharedStatistics? statistics;
    Scoring? scoring;
    Graph thawed;
    int frozen;
    PendingUpdate pending;

    /// <param name="network">Initialised; one input [?,C,H,W], one output [?,classes].</param>
    /// <param name="rules">What is made small, and how.</param>
    /// <param name="options">What computes.</param>
    /// <param name="communicator">Processes that learn together, this one among them; null for this one alone.</param>
    public Learner(Graph network, LearningRules rules, SessionSettings options, ICommunicator? communicator = null)
    {
        rules = rules with { IsShared = communicator is not null };
        (this.network, this.rules, this.options, this.communicator, thawed) = (network, rules, options, communicator, network);
        updates = new long[rules.Groups.Count];
        state = new(
            TrainingGraph.Of(network, 1, rules).States.Concat(rules.Sums ? TrainingGraph.Updating(network, rules).States : []));
    }

    public Learner(Graph network, Optimizer optimizer, CategoricalCrossEntropy loss, SessionSettings options)
        : this(network, new(optimizer, loss), options) { }

    /// <summary>Batches learnt from so far.</summary>
    public long Steps { get; private set; }

    /// <summary>How far it is.</summary>
    public LearnerPosition Position => new(Steps, [.. updates], pending);

    /// <summary>From now on the weights of the first so many groups stay as they are. Weights may be set free,
    /// but not frozen again.</summary>
    public void Freeze(int groups)
    {
        if (groups == frozen)
            return;
        if (updates.AsSpan(0, groups).ContainsAnyExcept(0))
            throw new InvalidOperationException($"Learner: got {groups} frozen groups after updates {string.Join(", ", updates)}; weights "
                + "that have changed cannot be frozen.");
        (frozen, thawed) = (groups, rules.Groups.Frozen(network, groups));
        DisposeSteps();
    }

    /// <summary>Input and output buffers of a step over so many samples.</summary>
    public TrainingStep StepOf(int batch)
    {
        if (steps.TryGetValue(batch, out var step))
            return step;
        return steps[batch] = new(TrainingGraph.Of(thawed, batch, rules), options, state, Statistics);
    }

    // Null where each process takes those of its own share.
    SharedStatistics? Statistics => rules.SynchronizedNormalization && communicator is not null
        ? statistics ??= new(communicator, TrainingGraph.Of(thawed, 1, rules)) : null;

    /// <summary>Whether no gradients wait for more batches.</summary>
    public bool IsBetweenUpdates => pending.Batches == 0;

    /// <summary>Learns from what the step's buffers hold; when gradients are accumulated, every so many batches.</summary>
    /// <param name="step">Whose buffers; null where other processes have all samples of the batch.</param>
    /// <param name="rate">Learning rate of the last group.</param>
    /// <param name="momentum">Null for the optimizer's own.</param>
    public void Run(TrainingStep? step, float rate, float? momentum = null)
    {
        Steps++;
        if (!rules.Sums)
        {
            Update(step!, rate, momentum);
            return;
        }
        // The loss is a mean. Times its samples it is a sum, and gradients of batches of unlike sizes add up; Finish divides by them all.
        // The first batch keeps none of the sums that stand from the update before.
        var samples = step?.Image.Shape[0] ?? 0;
        step?.SetScalars([TrainingGraph.Share, TrainingGraph.Kept], samples, pending.Samples == 0 ? 0 : 1);
        if (Statistics is { } together)
            together.Run(step);
        else
            step?.Run();
        pending = new(pending.Batches + 1, pending.Samples + samples, rate, momentum);
        if (pending.Batches == rules.Accumulation)
            Finish();
    }

    /// <summary>Learns from gradients that wait for more, as at the end of an epoch.</summary>
    public void Finish()
    {
        if (pending.Batches == 0)
            return;
        update ??= new(TrainingGraph.Updating(thawed, rules), options, state);
        if (communicator is not null)
        {
            shared ??= new(communicator, state, TrainingGraph.Of(thawed, 1, rules).States);
            pending = pending with { Samples = shared.Exchange(pending.Samples) };
        }
        if (pending.Samples > 0)
        {
            update.SetScalars([TrainingGraph.Share], 1 / pending.Samples);
            Update(update, pending.Rate, pending.Momentum);
        }
        pending = default;
    }

    void Update(TrainingStep step, float rate, float? momentum)
    {
        for (var group = frozen; group < rules.Groups.Count; group++)
        {
            var (groupRate, made) = (rate * rules.Groups.Factors[group], updates[group]++);
            step.SetScalars(rules.ScalarsOf(group), rules.Optimizer.ScalarsAt(groupRate, made, momentum));
            if (rules.BiasFactor != 1)
                step.SetScalars(rules.ScalarsOf(group, biases: true),
                    rules.Optimizer.ScalarsAt(groupRate * rules.BiasFactor, made, momentum));
        }
        if (rules.Averaging is { } averaging)
            step.SetScalars([LearningRules.Decay], averaging.DecayAt(updates[^1] - 1));
        step.Run();
    }

    /// <summary>Scores samples with the network as it is now, in its prediction mode.</summary>
    public Scoring ScoringOf(int batch)
    {
        if (scoring?.Batch != batch)
        {
            scoring?.Dispose();
            scoring = new(network, batch, options, state);
        }
        return scoring;
    }

    /// <inheritdoc cref="LearnerState.IsFinite"/>
    public bool IsFinite => state.IsFinite;

    /// <summary>All state as it is now, with the sums of gradients that wait for an update.</summary>
    public Dictionary<string, Tensor> Snapshot() => state.Snapshot(pending.Batches > 0);

    /// <summary>Goes back to a snapshot.</summary>
    /// <param name="snapshot">What <see cref="Snapshot"/> gave.</param>
    /// <param name="position">What <see cref="Position"/> was then.</param>
    public void Restore(Dictionary<string, Tensor> snapshot, LearnerPosition position)
    {
        if (position.Updates.Count != updates.Length)
            throw new InvalidDataException($"Checkpoint: has numbers of updates of {position.Updates.Count} groups, the network "
                + $"has {updates.Length}. Delete the checkpoint.");
        state.Restore(snapshot, position.Pending.Batches > 0);
        position.Updates.ToArray().CopyTo(updates, 0);
        (Steps, pending) = (position.Steps, position.Pending);
    }

    /// <summary>The network with the parameters of a snapshot, or their averages.</summary>
    public Graph Trained(Dictionary<string, Tensor> snapshot)
    {
        var tensors = state.Parameters(snapshot);
        return network.WithParameters(parameter => tensors.GetValueOrDefault(parameter));
    }

    public void Dispose()
    {
        // The state's buffers last, since steps and scoring are bound to them.
        DisposeSteps();
        scoring?.Dispose();
        state.Dispose();
    }

    void DisposeSteps()
    {
        foreach (var step in steps.Values)
            step.Dispose();
        steps.Clear();
        update?.Dispose();
        (update, shared, statistics) = (null, null, null);
    }
}
