using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>How well a classifier does on labelled data, by ML.NET's names; what is undefined follows scikit-learn (0 for a ratio without
/// cases, NaN where no number is right).</summary>
public sealed class ClassificationReport
{
    /// <summary>Smallest score that counts in the log-loss, as in ML.NET.</summary>
    const double Epsilon = 1e-15;

    readonly IReadOnlyList<int> ranks;
    readonly Lazy<CoverageCurve?> coverage;

    /// <param name="classNames">Name of each class; the scores are in this order.
    /// Classes after the last score are unknown to the model: their score is 0.</param>
    /// <param name="labels">True class of each row, from 0.</param>
    /// <param name="predicted">Predicted class of each row, from 0.</param>
    /// <param name="scores">Probability of each class for each row; null when unknown: what depends on them is then NaN.</param>
    /// <param name="topKPredictionCount">K of <see cref="TopKAccuracy"/>; 0 for none.</param>
    /// <exception cref="ArgumentException">The lists do not fit together.</exception>
    /// <exception cref="InvalidDataException">There is no row.</exception>
    public ClassificationReport(IReadOnlyList<string> classNames, IReadOnlyList<int> labels, IReadOnlyList<int> predicted,
        IReadOnlyList<float[]>? scores = null, int topKPredictionCount = 0)
    {
        ConfusionMatrix = new NamedConfusionMatrix(classNames, labels, predicted);
        if (labels.Count == 0)
            throw new InvalidDataException(
                "Report: got no row with a label and a prediction, needs at least one. Is the folder empty, or was every file skipped?");
        if (scores is not null && scores.Count != labels.Count)
            throw new ArgumentException($"scores: got {scores.Count} rows, needs {labels.Count}, as many as labels.", nameof(scores));
        TopKPredictionCount = Check.AtLeast(topKPredictionCount, 0);
        RowCount = labels.Count;

        var correct = labels.Zip(predicted).Count(pair => pair.First == pair.Second);
        MicroAccuracy = (double)correct / RowCount;
        AccuracyInterval = Interval.Wilson(correct, RowCount);

        var losses = scores is null ? null : labels.Select((label, row) => Loss(scores[row], label)).ToArray();
        LogLoss = losses?.Average() ?? double.NaN;
        BrierScore = scores is null ? double.NaN : labels.Select((label, row) => Distance(scores[row], label)).Average();
        PerClass = [.. Enumerable.Range(0, classNames.Count).Select(index => Of(index, labels, losses) with
        {
            Ranking = scores is null ? null : () => RankingOf(index, labels, scores),
        })];
        LogLossReduction = 1 - LogLoss / Entropy;

        var seen = PerClass.Where(one => one.Support > 0).ToArray();
        MacroAccuracy = seen.Average(one => one.Recall);
        MacroF1Score = PerClass.Where(one => one.Support + one.PredictedCount > 0).Average(one => one.F1Score);
        WeightedF1Score = seen.Sum(one => one.F1Score * one.Support) / RowCount;
        var chance = PerClass.Sum(one => (double)one.Support * one.PredictedCount) / ((double)RowCount * RowCount);
        CohensKappa = chance == 1 ? double.NaN : (MicroAccuracy - chance) / (1 - chance);

        ranks = scores is null ? [] : [.. labels.Select((label, row) => Rank(scores[row], label))];
        TopKAccuracyForAllK = scores is null ? [] : [.. Enumerable.Range(1, classNames.Count).Select(TopK)];
        TopKAccuracy = TopKPredictionCount == 0 || scores is null ? 0 : TopK(TopKPredictionCount);
        bool[] right = [.. labels.Zip(predicted, (label, guess) => label == guess)];
        Reliability = scores is null ? [] : Calibration.Reliability(scores, right);
        coverage = new(() => scores is null ? null : new(new([.. scores.Select(row => row.Length == 0 ? 0 : row.Max())], right)));
    }

    /// <summary>Number of rows evaluated.</summary>
    public int RowCount { get; }

    /// <summary>Mean negative natural logarithm of the true class's score; scores below 1e-15 count as 1e-15.</summary>
    public double LogLoss { get; }

    /// <summary>How much better than always giving the classes' frequencies: 1 − log-loss / entropy of the labels.
    /// NaN or −∞ when all labels are the same.</summary>
    public double LogLossReduction { get; }

    /// <summary>Mean recall of the classes that have rows; also called balanced accuracy.</summary>
    public double MacroAccuracy { get; }

    /// <summary>Share of the rows predicted rightly.</summary>
    public double MicroAccuracy { get; }

    /// <summary>Where the accuracy lies with 95 % confidence.</summary>
    public Interval AccuracyInterval { get; }

    /// <summary>Share of the rows whose true class is among the <see cref="TopKPredictionCount"/> best scores; 0 when that is 0.</summary>
    public double TopKAccuracy { get; }

    /// <summary>K of the top-k accuracy; 0 for none.</summary>
    public int TopKPredictionCount { get; }

    /// <summary>Top-k accuracy for k = 1, 2, … up to the number of classes. Of equal scores the first class ranks first.</summary>
    public ImmutableArray<double> TopKAccuracyForAllK { get; }

    /// <summary>Log-loss over the rows of each class; NaN for a class without rows.</summary>
    public ImmutableArray<double> PerClassLogLoss => [.. PerClass.Select(one => one.LogLoss)];

    /// <summary>Precision, recall, F1 and support of each class.</summary>
    public ImmutableArray<ClassMetrics> PerClass { get; }

    /// <summary>Mean F1 of the classes that have rows or predictions.</summary>
    public double MacroF1Score { get; }

    /// <summary>Mean F1 weighted by the number of rows of each class.</summary>
    public double WeightedF1Score { get; }

    /// <summary>Agreement beyond chance; NaN when labels and predictions are one single class. Source: Cohen 1960,
    /// doi:10.1177/001316446002000104.</summary>
    public double CohensKappa { get; }

    /// <summary>Mean distance between best score and accuracy over 15 bins of the best score. Source: Guo et al. 2017,
    /// arXiv:1706.04599, eq. 3.</summary>
    public double ExpectedCalibrationError => Reliability.IsEmpty ? double.NaN : Calibration.ExpectedError(Reliability);

    /// <summary>Confidence and accuracy over 15 bins of the best score; none when scores are unknown.</summary>
    public ImmutableArray<ReliabilityBin> Reliability { get; }

    /// <summary>Mean over the rows of Σ (score − 1 for the true class, − 0 for each other)²: 0 at best, 2 at worst. It is low where scores
    /// are both sharp and honest.</summary>
    /// <remarks>Source: Brier 1950, doi:10.1175/1520-0493(1950)078&lt;0001:VOFEIT&gt;2.0.CO;2, its first form.</remarks>
    public double BrierScore { get; }

    /// <summary>Mean area under the ROC curve, each class against all others, of the classes that have rows and do not have all; NaN
    /// without any.</summary>
    public double MacroAreaUnderRocCurve => Mean(one => one.Areas?.Roc);

    /// <summary>Mean average precision, each class against all others, of the same classes; NaN without any.</summary>
    public double MacroAreaUnderPrecisionRecallCurve => Mean(one => one.Areas?.PrecisionRecall);

    /// <summary>Accuracy against the share of rows answered, by the best score; null when scores are unknown.</summary>
    public CoverageCurve? Coverage => coverage.Value;

    /// <summary>Who is taken for whom.</summary>
    public NamedConfusionMatrix ConfusionMatrix { get; }

    /// <summary>Rows that could not be read and are not part of the metrics.</summary>
    public ImmutableArray<SkippedRow> Skipped { get; init; } = [];

    /// <summary>Number of rows without a label, which are not part of the metrics.</summary>
    public int UnlabelledRowCount { get; init; }

    /// <summary>Number of rows of classes that the model does not know, which count as mistakes.</summary>
    public int UnknownClassRowCount { get; init; }

    double Entropy =>
        PerClass.Where(one => one.Support > 0).Sum(one => -(double)one.Support / RowCount * Math.Log((double)one.Support / RowCount));

    double TopK(int k) => (double)ranks.Count(rank => rank < k) / RowCount;

    ClassMetrics Of(int index, IReadOnlyList<int> labels, double[]? losses)
    {
        var hits = ConfusionMatrix.Counts[index][index];
        var (actual, guessed) = (ConfusionMatrix.ActualCount(index), ConfusionMatrix.PredictedCount(index));
        var own = losses?.Where((_, row) => labels[row] == index).ToArray();
        return new(ConfusionMatrix.ClassNames[index], (long)actual, (long)guessed)
        {
            Precision = ConfusionMatrix.PerClassPrecision[index],
            Recall = ConfusionMatrix.PerClassRecall[index],
            F1Score = actual + guessed == 0 ? 0 : 2 * hits / (actual + guessed),
            LogLoss = own is { Length: > 0 } ? own.Average() : double.NaN,
        };
    }

    // Each class sorts all rows; the sum is in the order of the classes, whoever is ready first.
    double Mean(Func<ClassMetrics, double?> areaOf) => PerClass.AsParallel().AsOrdered().Select(areaOf).ToArray().OfType<double>()
        .DefaultIfEmpty(double.NaN).Average();

    // A class that has no row, or all of them, or no score, cannot be told from others.
    static ScoreRanking? RankingOf(int index, IReadOnlyList<int> labels, IReadOnlyList<float[]> scores) =>
        index >= scores[0].Length || !labels.Contains(index) || labels.All(label => label == index) ? null
        : new([.. scores.Select(row => row[index])], [.. labels.Select(label => label == index)]);

    static double Distance(float[] score, int label)
    {
        // A class without a score has the score 0.
        var sum = label < score.Length ? 0 : 1.0;
        for (var index = 0; index < score.Length; index++)
        {
            var off = score[index] - (index == label ? 1.0 : 0);
            sum += off * off;
        }
        return sum;
    }

    internal static double Loss(float[] score, int label) =>
        -Math.Log(Math.Clamp(label < score.Length ? score[label] : 0, Epsilon, 1));

    static int Rank(float[] score, int label)
    {
        // No k is so large that a class without a score is among the best.
        if (label >= score.Length || float.IsNaN(score[label]))
            return int.MaxValue;
        var own = score[label];
        return score.Where((other, index) => other > own || other == own && index < label).Count();
    }
}
