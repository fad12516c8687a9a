namespace MlPipelines;

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
