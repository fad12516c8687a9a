namespace MlPipelines;

/// <summary>How well one class is recognised.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Support">Number of rows of this class.</param>
/// <param name="PredictedCount">Number of rows predicted as this class.</param>
public sealed record ClassMetrics(string Name, long Support, long PredictedCount)
{
    /// <summary>Share of the rows predicted as this class that are of it; 0 when none is predicted.</summary>
    public required double Precision { get; init; }

    /// <summary>Share of the rows of this class that are predicted as it; 0 when there is none.</summary>
    public required double Recall { get; init; }

    /// <summary>Harmonic mean of precision and recall; 0 when both are 0.</summary>
    public required double F1Score { get; init; }

    /// <summary>Mean negative natural logarithm of the score of this class over its rows; NaN when there is none.</summary>
    public required double LogLoss { get; init; }

    /// <summary>What each threshold of the class's score lets through; null when scores are unknown, or no row or each row is of the
    /// class.</summary>
    public RocCurve? RocCurve => field ??= Ranking?.Invoke() is { } ranking ? new(ranking) : null;

    /// <summary>Precision and recall at each threshold of the class's score; null as <see cref="RocCurve"/> is.</summary>
    public PrecisionRecallCurve? PrecisionRecallCurve => field ??= Ranking?.Invoke() is { } ranking ? new(ranking) : null;

    /// <summary>Ranks the rows by their score for this class; null where there is nothing to tell apart.</summary>
    internal Func<ScoreRanking?>? Ranking { get; init; }

    /// <summary>Areas under the two curves, without keeping these: of a thousand classes they would be gigabytes.</summary>
    internal (double Roc, double PrecisionRecall)? Areas =>
        field ??= Ranking?.Invoke() is { } ranking ? (new RocCurve(ranking).Area, new PrecisionRecallCurve(ranking).Area) : null;
}
