using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A point of a <see cref="CoverageCurve"/>: what is answered from a score on.</summary>
/// <param name="Threshold">Best score from which a row is answered.</param>
/// <param name="Coverage">Share of the rows that are answered.</param>
/// <param name="Accuracy">Share of those that are answered rightly.</param>
/// <param name="AccuracyInterval">Where that accuracy lies with 95 % confidence.</param>
public readonly record struct CoveragePoint(double Threshold, double Coverage, double Accuracy, Interval AccuracyInterval);

/// <summary>What a classifier gains by saying 'unknown' where its best score is low: accuracy against the share of rows that it still
/// answers.</summary>
public sealed record CoverageCurve
{
    internal CoverageCurve(ScoreRanking ranking)
    {
        var rows = ranking.Hits + ranking.Others;
        Points = [.. ranking.Steps.Select(step => new CoveragePoint(step.Score, (double)step.Rows / rows, (double)step.Hits / step.Rows,
            Interval.Wilson(step.Hits, step.Rows)))];
        var (answered, sum) = (0, 0.0);
        foreach (var step in ranking.Steps)
        {
            sum += (step.Rows - answered) * ((double)step.Others / step.Rows);
            answered = step.Rows;
        }
        Risk = rows == 0 ? double.NaN : sum / rows;
    }

    /// <summary>From the highest score down to where all rows are answered.</summary>
    public ImmutableArray<CoveragePoint> Points { get; }

    /// <summary>Mean share of mistakes over all coverages: the area under risk and coverage, 0 at best.</summary>
    /// <remarks>Source: Geifman, El-Yaniv 2017, arXiv:1705.08500; as a sum over rows, Ding and others 2020, arXiv:1903.02050.</remarks>
    public double Risk { get; }

    /// <summary>What is answered from a score on; null where no row has such a score.</summary>
    /// <param name="threshold">From 0 to 1.</param>
    public CoveragePoint? From(double threshold)
    {
        Check.Within((float)threshold, 0, 1, nameof(threshold));
        return Points.Where(point => point.Threshold >= threshold).Select(point => (CoveragePoint?)point).LastOrDefault();
    }

    /// <summary>The point that answers most rows with at least this accuracy; null where none does.</summary>
    /// <param name="accuracy">From 0 to 1.</param>
    /// <param name="confident">Whether the lower end of the accuracy's interval has to reach it, so that a few rows that happen to be right
    /// do not suffice. The threshold is chosen by these rows: judge it by others.</param>
    public CoveragePoint? At(double accuracy, bool confident = false)
    {
        Check.Within((float)accuracy, 0, 1, nameof(accuracy));
        return Points.Where(point => (confident ? point.AccuracyInterval.Lower : point.Accuracy) >= accuracy)
            .Select(point => (CoveragePoint?)point).LastOrDefault();
    }
}
