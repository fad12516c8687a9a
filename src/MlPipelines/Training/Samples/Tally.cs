namespace MlPipelines;

/// <summary>Loss and accuracy over the samples met so far.</summary>
/// <param name="classes">Number of classes.</param>
/// <param name="count">Samples met before.</param>
/// <param name="countRight">How many of those were right.</param>
/// <param name="loss">Sum of their losses.</param>
/// <param name="right">Whether each of them was right, where that is known.</param>
sealed class Tally(int classes, long count = 0, long countRight = 0, double loss = 0, IEnumerable<bool>? right = null)
{
    readonly List<bool> right = [.. right ?? []];

    /// <summary>Number of classes.</summary>
    public int Classes => classes;

    public long Count { get; private set; } = count;

    /// <summary>How many samples are right.</summary>
    public long CountRight { get; private set; } = countRight;

    /// <summary>The losses of all samples together.</summary>
    public double SumOfLosses { get; private set; } = loss;

    public double Loss => Count == 0 ? double.NaN : SumOfLosses / Count;
    public double Accuracy => Count == 0 ? double.NaN : (double)CountRight / Count;

    /// <summary>Whether each sample met is right, in the order in which they were met.</summary>
    public IReadOnlyList<bool> Right => right;

    /// <param name="batch">The samples.</param>
    /// <param name="logits">[at least batch, classes].</param>
    /// <param name="mean">Mean loss of the batch where it is known already; otherwise the plain cross-entropy is taken.</param>
    public void Add(Sample[] batch, ReadOnlySpan<float> logits, float? mean = null)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            var row = logits.Slice(i * classes, classes);
            var (largest, place) = (row[0], 0);
            for (var c = 1; c < classes; c++)
                if (row[c] > largest)
                    (largest, place) = (row[c], c);
            right.Add(place == batch[i].Label);
            if (right[^1])
                CountRight++;
            if (mean is null)
                SumOfLosses += CrossEntropy(row, largest, batch[i].Label);
        }
        SumOfLosses += (mean ?? 0) * (double)batch.Length;
        Count += batch.Length;
    }

    /// <summary>Adds what others came to; which of them are right is not kept.</summary>
    public void Add(Tally others)
    {
        Count += others.Count;
        CountRight += others.CountRight;
        SumOfLosses += others.SumOfLosses;
    }

    static double CrossEntropy(ReadOnlySpan<float> logits, float largest, int label)
    {
        var sum = 0.0;
        foreach (var logit in logits)
            // Less the largest, so that nothing overflows.
            sum += Math.Exp(logit - largest);
        return Math.Log(sum) - (logits[label] - largest);
    }
}
