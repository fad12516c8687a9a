using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Some epochs with a schedule of their own.</summary>
/// <param name="First">The first of them, from 0.</param>
/// <param name="Epochs">How many.</param>
/// <param name="Rate">Learning rate that the schedule starts from.</param>
/// <param name="Schedule">How it changes.</param>
readonly record struct TrainingPhase(int First, int Epochs, float Rate, LearningRateSchedule Schedule)
{
    /// <summary>What the schedule is told of one step.</summary>
    /// <param name="step">Its number over all epochs, from 0.</param>
    /// <param name="stepsPerEpoch">At least 1.</param>
    /// <param name="history">All epochs that are over.</param>
    /// <param name="batchSize">Samples that an update learns from.</param>
    public TrainingMoment MomentOf(long step, int stepsPerEpoch, IReadOnlyList<EpochMetrics> history, int batchSize = 32) =>
        new(step - (long)First * stepsPerEpoch, stepsPerEpoch, Epochs, First == 0 ? history : [.. history.Skip(First)], batchSize);
}

/// <summary>What is trained in which epoch, and how fast.</summary>
/// <param name="Groups">The network's blocks and its classifier.</param>
/// <param name="Phases">One after another.</param>
/// <param name="Unfreezing">When blocks are set free; null for all at the start of the second phase.</param>
sealed record TrainingPlan(WeightGroups Groups, ImmutableArray<TrainingPhase> Phases, GradualUnfreezing? Unfreezing)
{
    public const string Head = "head", WholeNetwork = "network";

    /// <summary>Whether the first epoch is no going through the samples, but the classifier solved from their features.</summary>
    public bool SolvesHead { get; init; }

    /// <summary>Weights that stay as they are in all epochs, by name: of normalisations that keep their statistics and scale.</summary>
    public ImmutableHashSet<string> Kept { get; init; } = [];

    /// <summary>What is trained in an epoch, where that changes.</summary>
    public string? NameOf(int epoch) => Phases.Length == 1 ? null : epoch < Phases[^1].First ? Head : WholeNetwork;

    public int Epochs => Phases.Sum(phase => phase.Epochs);

    public TrainingPhase PhaseOf(int epoch) => Phases.Last(phase => phase.First <= epoch);

    /// <summary>Groups that are left alone in an epoch.</summary>
    public int FrozenAt(int epoch) => Unfreezing?.FrozenAt(epoch, Groups.Count - 1) ?? (epoch < Phases[^1].First ? Groups.Count - 1 : 0);
}
