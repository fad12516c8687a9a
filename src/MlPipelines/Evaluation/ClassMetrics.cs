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
}

/// <summary>A range of values.</summary>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>The range in which a probability lies with 95 % confidence, seen <paramref name="successes"/> times in
    /// <paramref name="trials"/>.</summary>
    /// <remarks>Source: Wilson 1927, doi:10.1080/01621459.1927.10502953. NaN without trials.</remarks>
    public static Interval Wilson(double successes, double trials)
    {
        const double z = 1.959963984540054;
        var (p, spread) = (successes / trials, 1 + z * z / trials);
        var centre = (p + z * z / (2 * trials)) / spread;
        var half = z / spread * Math.Sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials));
        return new(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{Lower:0.0000}, {Upper:0.0000}]";
}
