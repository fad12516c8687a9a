namespace MlPipelines;

/// <summary>Loss and accuracy over the samples met so far.</summary>
/// <param name="classes">Number of classes.</param>
sealed class Tally(int classes)
{
    readonly List<bool> right = [];
    double loss;

    public long Count { get; private set; }
    public double Loss => Count == 0 ? double.NaN : loss / Count;
    public double Accuracy => Count == 0 ? double.NaN : (double)right.Count(one => one) / Count;

    /// <summary>Whether each sample is right, in the order in which they were met.</summary>
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
            if (mean is null)
                loss += CrossEntropy(row, largest, batch[i].Label);
        }
        loss += (mean ?? 0) * (double)batch.Length;
        Count += batch.Length;
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
