namespace MlPipelines;

/// <summary>Number, mean, sum of squared departures from it, least and greatest of some numbers, in double.</summary>
/// <remarks>Two such summaries join without loss. Source: Chan, Golub, LeVeque 1979, Updating formulae and a pairwise algorithm for
/// computing sample variances.</remarks>
readonly record struct Moments(long Count, double Mean, double Squares, double Minimum, double Maximum)
{
    /// <summary>Standard deviation of the numbers themselves: the sum is divided by their number.</summary>
    public double Deviation => Count == 0 ? 0 : Math.Sqrt(Squares / Count);

    /// <summary>The moments of numbers: the mean first, then departures from it.</summary>
    public static Moments Of(ReadOnlySpan<float> numbers)
    {
        var (count, sum, least, most) = (0L, 0.0, double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < numbers.Length; i++)
        {
            double number = numbers[i];
            sum += number;
            least = Math.Min(least, number);
            most = Math.Max(most, number);
            count++;
        }
        if (count == 0)
            return default;
        var (mean, squares, rest) = (sum / count, 0.0, 0.0);
        for (var i = 0; i < numbers.Length; i++)
        {
            var departure = numbers[i] - mean;
            // Adds up to 0 but for what the rounding of the mean has left.
            rest += departure;
            squares += departure * departure;
        }
        return new(count, mean + rest / count, squares - rest * rest / count, least, most);
    }

    public static Moments operator +(Moments one, Moments other)
    {
        if (one.Count == 0 || other.Count == 0)
            return one.Count == 0 ? other : one;
        var (count, apart) = (one.Count + other.Count, other.Mean - one.Mean);
        return new(count, one.Mean + apart * other.Count / count,
            one.Squares + other.Squares + apart * apart * one.Count / count * other.Count,
            Math.Min(one.Minimum, other.Minimum), Math.Max(one.Maximum, other.Maximum));
    }
}

/// <summary>Adds in pairs of like size, in the order given, so that rounding grows with the logarithm of the number of terms.</summary>
sealed class PairwiseSum<T>(Func<T, T, T> add)
{
    readonly List<(int Level, T Sum)> open = [];

    public void Add(T term)
    {
        var level = 0;
        for (; open is [.., var top] && top.Level == level; level++)
        {
            open.RemoveAt(open.Count - 1);
            term = add(top.Sum, term);
        }
        open.Add((level, term));
    }

    /// <summary>The sum so far, or <paramref name="zero"/> if nothing was added.</summary>
    public T Total(T zero) => open.Count == 0 ? zero : open.Select(part => part.Sum).Reverse().Aggregate((right, left) => add(left, right));
}
