namespace MlPipelines;

/// <summary>Whether scores are probabilities: of the rows with a best score near 0.8, 80 % should be right.</summary>
public static class Calibration
{
    /// <summary>Expected calibration error.</summary>
    /// <param name="scores">Probability of each class for each row.</param>
    /// <param name="correct">Whether each row is predicted rightly.</param>
    /// <param name="bins">Number of bins of equal width, each open below and closed above.</param>
    /// <remarks>Source: Guo et al. 2017, arXiv:1706.04599, eq. 3. NaN without rows.</remarks>
    public static double ExpectedError(IReadOnlyList<float[]> scores, IReadOnlyList<bool> correct, int bins = 15)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(correct);
        Check.AtLeast(bins, 1);
        if (scores.Count == 0)
            return double.NaN;
        var (confidences, hits) = (new double[bins], new int[bins]);
        for (var row = 0; row < scores.Count; row++)
        {
            var best = scores[row].Length == 0 ? 0 : (double)scores[row].Max();
            // A score on a border belongs to the bin below it.
            var bin = Math.Clamp((int)Math.Ceiling(best * bins) - 1, 0, bins - 1);
            confidences[bin] += best;
            hits[bin] += correct[row] ? 1 : 0;
        }
        // A bin's share of the rows times the distance of its means is the distance of its sums, divided by all rows.
        return confidences.Zip(hits, (confidence, hit) => Math.Abs(hit - confidence)).Sum() / scores.Count;
    }
}
