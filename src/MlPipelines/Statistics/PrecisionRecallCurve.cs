using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A point of a <see cref="PrecisionRecallCurve"/>.</summary>
/// <param name="Threshold">Score from which rows are taken for the class; +∞ takes none.</param>
/// <param name="Recall">Share of the class's rows that are taken for it.</param>
/// <param name="Precision">Share of the rows taken for it that are of it; 1 where none is.</param>
public readonly record struct PrecisionRecallPoint(double Threshold, double Recall, double Precision);

/// <summary>Precision and recall of one class at each threshold of its score.</summary>
public sealed record PrecisionRecallCurve
{
    internal PrecisionRecallCurve(ScoreRanking ranking)
    {
        var points = ImmutableArray.CreateBuilder<PrecisionRecallPoint>();
        points.Add(new(double.PositiveInfinity, 0, 1));
        var (hits, area) = (0, 0.0);
        foreach (var step in ranking.Steps)
        {
            var precision = (double)step.Hits / step.Rows;
            area += (step.Hits - hits) * precision;
            points.Add(new(step.Score, (double)step.Hits / ranking.Hits, precision));
            hits = step.Hits;
        }
        (Points, Area) = (points.ToImmutable(), area / ranking.Hits);
    }

    /// <summary>From recall 0 to recall 1, by falling threshold.</summary>
    public ImmutableArray<PrecisionRecallPoint> Points { get; }

    /// <summary>Average precision: the precisions at each step of recall, weighted by the step. By chance it is the class's share of the
    /// rows. Nothing is drawn between points, which would flatter.</summary>
    /// <remarks>Source: Davis, Goadrich 2006, doi:10.1145/1143844.1143874, on why; scikit-learn's average_precision_score.</remarks>
    public double Area { get; }
}
