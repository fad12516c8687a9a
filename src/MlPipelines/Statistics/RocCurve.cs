using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A point of a <see cref="RocCurve"/>.</summary>
/// <param name="Threshold">Score from which rows are taken for the class; +∞ takes none.</param>
/// <param name="FalsePositiveRate">Share of the other classes' rows that are taken for it.</param>
/// <param name="TruePositiveRate">Share of its own rows that are.</param>
public readonly record struct RocPoint(double Threshold, double FalsePositiveRate, double TruePositiveRate);

/// <summary>Receiver operating characteristic of one class against all others: what each threshold of its score lets through.</summary>
public sealed record RocCurve
{
    internal RocCurve(ScoreRanking ranking)
    {
        var points = ImmutableArray.CreateBuilder<RocPoint>();
        points.Add(new(double.PositiveInfinity, 0, 0));
        var (before, area) = (new ScoreRanking.Step(0, 0, 0), 0.0);
        foreach (var (index, step) in ranking.Steps.Index())
        {
            area += (step.Others - before.Others) * ((double)step.Hits + before.Hits);
            // A point in the middle of a straight line says nothing.
            if (index + 1 == ranking.Steps.Length || !IsStraight(before, step, ranking.Steps[index + 1]))
                points.Add(new(step.Score, (double)step.Others / ranking.Others, (double)step.Hits / ranking.Hits));
            before = step;
        }
        (Points, Area) = (points.ToImmutable(), area / (2.0 * ranking.Hits * ranking.Others));
    }

    /// <summary>From (0, 0) to (1, 1), by falling threshold; corners alone.</summary>
    public ImmutableArray<RocPoint> Points { get; }

    /// <summary>Area under the curve: how probable it is that a row of the class has a higher score for it than another row; a half by
    /// chance. Equal scores count half.</summary>
    /// <remarks>Source: Hanley, McNeil 1982, doi:10.1148/radiology.143.1.7063747.</remarks>
    public double Area { get; }

    static bool IsStraight(ScoreRanking.Step a, ScoreRanking.Step b, ScoreRanking.Step c) =>
        (long)(b.Hits - a.Hits) * (c.Others - b.Others) == (long)(c.Hits - b.Hits) * (b.Others - a.Others);
}
