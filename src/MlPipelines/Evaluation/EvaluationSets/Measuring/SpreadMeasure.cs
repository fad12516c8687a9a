namespace MlPipelines;

/// <summary>How far apart the accuracies of types are.</summary>
public enum SpreadMeasure
{
    /// <summary>The greatest less the least.</summary>
    Range,

    /// <summary>Their standard deviation, which grows with the distance of all of them.</summary>
    Deviation,
}

/// <summary>Measures of accuracies.</summary>
static class Spreads
{
    /// <summary>The spread of sums of shares over so many pictures.</summary>
    public static double Of(this SpreadMeasure measure, ReadOnlySpan<double> sums, int pictures)
    {
        if (measure == SpreadMeasure.Range)
        {
            var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var sum in sums)
                (least, most) = (Math.Min(least, sum), Math.Max(most, sum));
            return (most - least) / pictures;
        }
        var (total, squares) = (0.0, 0.0);
        foreach (var sum in sums)
            total += sum;
        foreach (var sum in sums)
            squares += (sum - total / sums.Length) * (sum - total / sums.Length);
        return Math.Sqrt(squares / sums.Length) / pictures;
    }

    /// <summary>The share of pairs whose order is the opposite one; of those that are equal on either side none.</summary>
    public static double Reversal(ReadOnlySpan<double> here, ReadOnlySpan<double> elsewhere)
    {
        var (reversed, pairs) = (0, 0);
        for (var a = 0; a < here.Length; a++)
            for (var b = a + 1; b < here.Length; b++, pairs++)
                reversed += (here[a] - here[b]) * (elsewhere[a] - elsewhere[b]) < 0 ? 1 : 0;
        return pairs == 0 ? 0 : reversed / (double)pairs;
    }
}
