namespace MlPipelines;

/// <summary>One way of making a classifier that a search may try.</summary>
abstract class Candidate
{
    /// <summary>Its name, which no other candidate of the search has.</summary>
    public abstract string Name { get; }

    /// <summary>What it has in common with those whose accuracy grows with the samples as its own does. Where more of a network is learnt,
    /// the gain comes later: few samples do not tell which of two families is the better one with many.</summary>
    public virtual string Family => "";

    /// <summary>Whether its family is one whose gain comes late, so that its larger trials tell more than those of others.</summary>
    public virtual bool GainsLate => false;

    /// <summary>What a trial would cost now.</summary>
    /// <param name="share">Share of the samples that it learns from, in (0, 1].</param>
    /// <param name="finished">The trials before it; what they have left behind is not done again.</param>
    public abstract TrialCost CostOf(double share, IReadOnlyCollection<BuildTrial> finished);

    /// <summary>What it would cost now to end the search with it: to learn from all samples, and to be judged by the last ones.</summary>
    /// <param name="finished">The trials before it.</param>
    public abstract TrialCost CostOfEnd(IReadOnlyCollection<BuildTrial> finished);

    /// <summary>What it costs to end the search with the model that its trial on all samples leaves, which is to be judged by the last
    /// ones; null where trials leave none.</summary>
    public virtual TrialCost? CostOfOwnEnd => null;

    /// <summary>Whether a trial has left its model.</summary>
    public virtual bool HasLeftModel => false;

    /// <summary>A little of what its trials do; null where that would not tell how fast they are.</summary>
    public virtual Rehearsal? Rehearsal() => null;

    /// <summary>Learns from a share of the samples, and says how it does on those that candidates are chosen by.</summary>
    /// <param name="share">The share, in (0, 1].</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract TrialScore Try(double share, CancellationToken cancellation);
}

/// <summary>A little of what a candidate's trials do, prepared.</summary>
/// <param name="Cost">How much it is.</param>
/// <param name="Run">Does it; any number of times.</param>
/// <param name="Prepared">What it holds; null for nothing.</param>
sealed record Rehearsal(TrialCost Cost, Action Run, IDisposable? Prepared = null) : IDisposable
{
    /// <summary>Lets go of what it holds.</summary>
    public void Dispose() => Prepared?.Dispose();
}

/// <summary>How much is to be done.</summary>
/// <param name="Kind">What is done; of one kind equal amounts take equal time.</param>
/// <param name="Amount">How much, in a unit that all kinds have.</param>
readonly record struct TrialCost(string Kind, double Amount);

/// <summary>How a fitted candidate does on the samples that candidates are chosen by.</summary>
/// <param name="Right">How many of them it names rightly.</param>
/// <param name="Count">How many there are.</param>
/// <param name="LogLoss">Mean negative logarithm of the true class's score.</param>
readonly record struct TrialScore(int Right, int Count, double LogLoss);
