using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Rows whose best score lies in a range.</summary>
/// <param name="Lower">Where the range begins; rows of that very score belong to the bin below.</param>
/// <param name="Upper">Where it ends.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Confidence">Mean of their best scores; NaN without rows.</param>
/// <param name="Accuracy">Share of them predicted rightly; NaN without rows.</param>
public sealed record ReliabilityBin(double Lower, double Upper, int Count, double Confidence, double Accuracy)
{
    /// <summary>Where the accuracy lies with 95 % confidence.</summary>
    public Interval AccuracyInterval => Interval.Wilson(Math.Round(Accuracy * Count), Count);
}

/// <summary>Whether scores are probabilities: of the rows with a best score near 0.8, 80 % should be right.</summary>
public static class Calibration
{
    /// <summary>Number of bins where none is given.</summary>
    const int Bins = 15;

    /// <summary>Expected calibration error.</summary>
    /// <param name="scores">Probability of each class for each row.</param>
    /// <param name="correct">Whether each row is predicted rightly.</param>
    /// <param name="bins">Number of bins of equal width, each open below and closed above.</param>
    /// <remarks>Source: Guo et al. 2017, arXiv:1706.04599, eq. 3. NaN without rows.</remarks>
    public static double ExpectedError(IReadOnlyList<float[]> scores, IReadOnlyList<bool> correct, int bins = Bins) =>
        ExpectedError(Reliability(scores, correct, bins));

    /// <summary>Confidence and accuracy, bin by bin: the reliability diagram.</summary>
    /// <inheritdoc cref="ExpectedError(IReadOnlyList{float[]}, IReadOnlyList{bool}, int)" path="/param"/>
    /// <returns>All bins, also those without rows.</returns>
    public static ImmutableArray<ReliabilityBin> Reliability(IReadOnlyList<float[]> scores, IReadOnlyList<bool> correct, int bins = Bins)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(correct);
        Check.AtLeast(bins, 1);
        var (confidences, hits, rows) = (new double[bins], new int[bins], new int[bins]);
        for (var row = 0; row < scores.Count; row++)
        {
            var best = scores[row].Length == 0 ? 0 : (double)scores[row].Max();
            // A score on a border belongs to the bin below it.
            var bin = Math.Clamp((int)Math.Ceiling(best * bins) - 1, 0, bins - 1);
            confidences[bin] += best;
            hits[bin] += correct[row] ? 1 : 0;
            rows[bin]++;
        }
        return [.. Enumerable.Range(0, bins).Select(bin => new ReliabilityBin((double)bin / bins, (bin + 1.0) / bins, rows[bin],
            confidences[bin] / rows[bin], (double)hits[bin] / rows[bin]))];
    }

    internal static double ExpectedError(ImmutableArray<ReliabilityBin> bins)
    {
        var filled = bins.Where(bin => bin.Count > 0).ToArray();
        return filled.Sum(bin => Math.Abs(bin.Accuracy - bin.Confidence) * bin.Count) / filled.Sum(bin => bin.Count);
    }
}
