namespace MlPipelines.Execution.Kernels;

/// <summary>Statistics of normalisations over the samples of all processes that learn together, each of which has some of its
/// own.</summary>
/// <param name="gather">Gives this process's numbers to all and gets theirs, in the order of the ranks; those of one that has no samples
/// are empty.</param>
/// <remarks>Every process makes the same calls in the same order: the graphs of all differ in the size of their batch alone.
/// Source: Chan, Golub, LeVeque 1979, for moments of parts.</remarks>
sealed class StatisticsExchange(Func<double[], IReadOnlyList<double[]>> gather)
{
    /// <summary>Numbers behind each channel, over all processes, and two numbers a channel.</summary>
    public readonly record struct Totals(double Count, double[] First, double[] Second);

    /// <summary>Each channel's mean and the sum of squared distances from it.</summary>
    /// <param name="own">Those of this process.</param>
    public Totals Moments(Totals own)
    {
        var parts = Gathered(own);
        var count = parts.Sum(part => part.Count);
        var means = new double[own.First.Length];
        var squares = new double[own.First.Length];
        for (var channel = 0; channel < means.Length; channel++)
        {
            foreach (var part in parts)
                means[channel] += part.First[channel] * (part.Count / count);
            foreach (var part in parts)
                squares[channel] += part.Second[channel] + part.Count * Math.Pow(part.First[channel] - means[channel], 2);
        }
        return new(count, means, squares);
    }

    /// <summary>Each channel's sums.</summary>
    /// <param name="own">Those of this process.</param>
    public Totals Sums(Totals own)
    {
        var sum = new Totals(0, new double[own.First.Length], new double[own.First.Length]);
        foreach (var part in Gathered(own))
        {
            sum = sum with { Count = sum.Count + part.Count };
            for (var channel = 0; channel < sum.First.Length; channel++)
            {
                sum.First[channel] += part.First[channel];
                sum.Second[channel] += part.Second[channel];
            }
        }
        return sum;
    }

    /// <summary>Takes part in so many calls of the others without samples of its own.</summary>
    public void Attend(int calls)
    {
        for (var call = 0; call < calls; call++)
            gather([]);
    }

    Totals[] Gathered(Totals own)
    {
        var channels = own.First.Length;
        double[][] parts = [.. gather([own.Count, .. own.First, .. own.Second]).Where(part => part.Length > 0)];
        return parts.All(part => part.Length == 1 + 2 * channels)
            ? [.. parts.Select(part => new Totals(part[0], part[1..(1 + channels)], part[(1 + channels)..]))]
            : throw new InvalidOperationException($"Processes exchange statistics of {channels} channels, and one of them of "
                + $"{string.Join(", ", parts.Select(part => (part.Length - 1) / 2).Where(count => count != channels))}.");
    }
}
