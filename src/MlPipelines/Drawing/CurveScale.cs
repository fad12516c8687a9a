namespace MlPipelines;

/// <summary>From where to where values are drawn.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
/// <param name="IsLog">Whether by their logarithms.</param>
readonly record struct CurveScale(double Least, double Most, bool IsLog)
{
    /// <summary>Whether there is no value.</summary>
    public bool IsEmpty => double.IsNaN(Least);

    /// <summary>Whether there is one value only.</summary>
    public bool IsFlat => Least == Most;

    /// <summary>The scale of all that are finite.</summary>
    public static CurveScale Of(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new(double.NaN, double.NaN, IsLog: false);
        var (least, most) = (finite.Min(), finite.Max());
        // A loss that has come to nothing has no logarithm, and is drawn where the smallest other one is.
        var positive = least < 0 ? [] : finite.Where(value => value > 0).ToArray();
        return positive.Length > 0 && most > TextCurve.LogFrom * positive.Min() ? new(positive.Min(), most, IsLog: true)
            : new(least, most, IsLog: false);
    }

    /// <summary>Where a value lies, from 0 for the smallest to 1 for the largest; half way where all are one.</summary>
    public double PlaceOf(double value) => IsFlat ? 0.5
        : IsLog ? Math.Log(Math.Max(value, Least) / Least) / Math.Log(Most / Least)
        : (value / 2 - Least / 2) / (Most / 2 - Least / 2);
}
