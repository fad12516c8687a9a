namespace MlPipelines;

/// <summary>Scores p become p^(1/T) / Σ p^(1/T).</summary>
static class Temperature
{
    /// <summary>Where a temperature is looked for: beyond, scores are all but equal, or all but certain.</summary>
    const double Least = 0.01, Most = 100;

    /// <summary>Score that counts as none: its logarithm is finite.</summary>
    public const float Smallest = 1e-30f;

    /// <summary>The temperature with the least mean log-loss.</summary>
    /// <param name="scores">Of each row; finite.</param>
    /// <param name="labels">Index of each row's class.</param>
    /// <remarks>The loss is convex in 1/T, so that its slope has one zero, which is found by halving.</remarks>
    public static float Fit(IReadOnlyList<float[]> scores, IReadOnlyList<int> labels)
    {
        double[][] logarithms = [.. scores.Select(row => Array.ConvertAll(row, score => Math.Log(Math.Max(score, Smallest))))];
        var (low, high) = (1 / Most, 1 / Least);
        for (var step = 0; step < 60; step++)
        {
            var middle = Math.Sqrt(low * high);
            if (Slope(middle) < 0)
                low = middle;
            else
                high = middle;
        }
        return (float)(1 / Math.Sqrt(low * high));

        // Expected logarithm under the scaled scores, less that of the true class.
        double Slope(double inverse) => logarithms.Select((row, index) =>
        {
            var most = row.Max();
            var (sum, expected) = (0.0, 0.0);
            foreach (var logarithm in row)
            {
                var weight = Math.Exp(inverse * (logarithm - most));
                sum += weight;
                expected += weight * logarithm;
            }
            return expected / sum - row[labels[index]];
        }).Sum();
    }

    /// <summary>Scales scores where they lie; what is no number makes all of its row no number.</summary>
    public static void Apply(Span<float> scores, float temperature)
    {
        var most = double.NegativeInfinity;
        foreach (var score in scores)
            most = Math.Max(most, Math.Log(Math.Max(score, Smallest)));
        var sum = 0.0;
        foreach (ref var score in scores)
        {
            score = (float)Math.Exp((Math.Log(Math.Max(score, Smallest)) - most) / temperature);
            sum += score;
        }
        foreach (ref var score in scores)
            score = (float)(score / sum);
    }
}
