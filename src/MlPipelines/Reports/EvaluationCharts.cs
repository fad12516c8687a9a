using System.Globalization;

namespace MlPipelines;

/// <summary>An evaluation as charts.</summary>
public static class EvaluationCharts
{
    /// <summary>Most lines that a chart tells apart by colour.</summary>
    const int MostLines = 6;

    /// <summary>Columns that the name of a class takes at most.</summary>
    const int LongestName = 24;

    /// <summary>All charts that the evaluation has, by the names of their files.</summary>
    internal static IEnumerable<(string Name, Chart Chart)> Of(ClassificationReport report)
    {
        if (report.PerClass.Any(one => one.Areas is not null))
        {
            yield return ("roc", report.ToRocChart());
            yield return ("precision_recall", report.ToPrecisionRecallChart());
        }
        if (report.Coverage is null)
            yield break;
        yield return ("calibration", report.ToReliabilityChart());
        yield return ("coverage", report.ToCoverageChart());
    }

    /// <summary>Hits against false alarms, each class against all others, with chance as a broken line.</summary>
    /// <param name="report">The evaluation.</param>
    /// <param name="classes">Names of the classes; none takes the six that are told worst.</param>
    /// <exception cref="ArgumentException">A class is not there, or has no curve.</exception>
    public static Chart ToRocChart(this ClassificationReport report, params IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(report);
        var lines = Chosen(report, classes, one => one.Areas?.Roc).Select(one =>
            new Series(Named(one, one.RocCurve!.Area), [.. one.RocCurve.Points.Select(point => point.TruePositiveRate)])
            {
                X = [.. one.RocCurve.Points.Select(point => point.FalsePositiveRate)],
            });
        return Square(Titled("ROC: mean area", report.MacroAreaUnderRocCurve), "false positive rate", "true positive rate",
            [.. lines, new("chance", [0, 1], Dashed: true) { X = [0, 1], IsGuide = true }]);
    }

    /// <summary>Precision against recall, each class against all others.</summary>
    /// <inheritdoc cref="ToRocChart" path="/param"/>
    /// <inheritdoc cref="ToRocChart" path="/exception"/>
    public static Chart ToPrecisionRecallChart(this ClassificationReport report, params IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(report);
        var lines = Chosen(report, classes, one => one.Areas?.PrecisionRecall).Select(one => new Series(
            Named(one, one.PrecisionRecallCurve!.Area), [.. one.PrecisionRecallCurve.Points.Select(point => point.Precision)])
        {
            X = [.. one.PrecisionRecallCurve.Points.Select(point => point.Recall)],
        });
        return Square(Titled("Precision and recall: mean area", report.MacroAreaUnderPrecisionRecallCurve), "recall", "precision",
            [.. lines]);
    }

    /// <summary>Accuracy over the best score, bin by bin, with its 95 % interval and, as a broken line, what honest scores would
    /// give.</summary>
    /// <param name="report">The evaluation.</param>
    /// <exception cref="ArgumentException">It has no scores.</exception>
    public static Chart ToReliabilityChart(this ClassificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var bins = report.Reliability.Where(bin => bin.Count > 0).ToArray();
        if (bins.Length == 0)
            throw new ArgumentException("The evaluation has no scores.", nameof(report));
        double[] x = [.. bins.Select(bin => bin.Confidence)];
        return Square(Titled("Calibration: expected error", report.ExpectedCalibrationError), "best score", "share that is right",
        [
            new("accuracy", [.. bins.Select(bin => bin.Accuracy)]) { X = x, HasDots = true },
            new("from", [.. bins.Select(bin => bin.AccuracyInterval.Lower)]) { X = x, IsGuide = true },
            new("to (95 %)", [.. bins.Select(bin => bin.AccuracyInterval.Upper)]) { X = x, IsGuide = true },
            new("honest", [0, 1], Dashed: true) { X = [0, 1], IsGuide = true },
        ]);
    }

    /// <summary>Accuracy of what is answered, over the share that is, when low scores are answered with 'unknown'.</summary>
    /// <param name="report">The evaluation.</param>
    /// <exception cref="ArgumentException">It has no scores.</exception>
    public static Chart ToCoverageChart(this ClassificationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var curve = report.Coverage ?? throw new ArgumentException("The evaluation has no scores.", nameof(report));
        double[] x = [.. curve.Points.Select(point => point.Coverage)];
        return new LineChart(Titled("Accuracy of what is answered: mean risk", curve.Risk), "share of images answered", [0, 1],
            new("accuracy", [.. curve.Points.Select(point => point.Accuracy)]) { X = x },
            new("least (95 %)", [.. curve.Points.Select(point => point.AccuracyInterval.Lower)], Dashed: true)
            {
                X = x,
                IsGuide = true,
            })
        {
            YName = "share that is right",
        };
    }

    static string Titled(string words, double figure) => string.Create(CultureInfo.InvariantCulture, $"{words} {figure:0.000}");

    static string Named(ClassMetrics one, double area) =>
        string.Create(CultureInfo.InvariantCulture, $"{DisplayText.Shorten(DisplayText.Visible(one.Name), LongestName)} {area:0.000}");

    static LineChart Square(string title, string x, string y, IReadOnlyList<Series> lines) =>
        new(title, x, [0, 1], lines) { YName = y, YRange = new(0, 1), IsSquare = true };

    static IEnumerable<ClassMetrics> Chosen(ClassificationReport report, IReadOnlyList<string> names, Func<ClassMetrics, double?> areaOf)
    {
        if (names.Count == 0)
            return report.PerClass.Where(one => areaOf(one) is not null).OrderBy(one => areaOf(one)).Take(MostLines);
        return names.Select(name => report.PerClass.FirstOrDefault(one => one.Name == name) is not { } found
            ? throw new ArgumentException($"There is no class '{name}'. There are "
                + $"{string.Join(", ", report.PerClass.Select(known => known.Name))}.", nameof(names))
            : areaOf(found) is null
            ? throw new ArgumentException($"Class '{name}' has no curve: no row is of it, or each row is, or there are no scores.",
                nameof(names))
            : found);
    }
}
