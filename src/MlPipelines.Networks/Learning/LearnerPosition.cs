namespace MlPipelines;

/// <summary>How far a learner is.</summary>
/// <param name="Steps">Batches learnt from.</param>
/// <param name="Updates">Updates of each group of weights.</param>
/// <param name="Pending">Gradients that wait for more batches.</param>
sealed record LearnerPosition(long Steps, IReadOnlyList<long> Updates, PendingUpdate Pending)
{
    /// <summary>The same where another process has the sums of gradients that wait.</summary>
    public LearnerPosition WithoutSums() => this with { Pending = Pending with { Samples = 0 } };
}

/// <summary>An update whose gradients are still being added up.</summary>
/// <param name="Batches">Batches in the sums; none for no such update.</param>
/// <param name="Samples">Samples of those batches.</param>
/// <param name="Rate">Learning rate of the last of them.</param>
/// <param name="Momentum">Its momentum; null for the optimizer's own.</param>
readonly record struct PendingUpdate(int Batches, float Samples, float Rate, float? Momentum);
