using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Rows that count for another class than that of their label.</summary>
/// <remarks>A row counts for the most probable of the classes whose score is at least the mean that the rows of that label have; those that
/// count for another class than their label are doubtful. Source: Northcutt, Jiang, Chuang 2021, doi:10.1613/jair.1.12125, §3.1: the
/// off-diagonals of the confident joint. The scores have to be of models that have not learnt from the rows.</remarks>
static class ConfidentLearning
{
    /// <summary>The doubtful rows, those first whose label has the least score beside that of the other class.</summary>
    public static ImmutableArray<LikelyLabelError> Find(ScoredRows rows)
    {
        var thresholds = Enumerable.Range(0, rows.KnownCount).Select(of => rows.Rows.Where(row => row.Label == of)
            .Select(row => (double)row.Scores[of]).DefaultIfEmpty(double.PositiveInfinity).Average()).ToArray();
        return [.. rows.Rows.Where(row => row.Label < rows.KnownCount).Select(row => (Row: row, Of: Counted(row.Scores, thresholds)))
            .Where(pair => pair.Of is { } of && of != pair.Row.Label)
            .OrderBy(pair => pair.Row.Scores[pair.Row.Label] - pair.Row.Scores[pair.Of!.Value])
            .Select(pair => new LikelyLabelError(pair.Row.Id, pair.Row.Path, rows.ClassNames[pair.Row.Label],
                rows.ClassNames[pair.Of!.Value], pair.Row.Scores[pair.Row.Label], pair.Row.Scores[pair.Of.Value]))];
    }

    static int? Counted(float[] scores, double[] thresholds)
    {
        int? best = null;
        for (var of = 0; of < scores.Length; of++)
            if (scores[of] >= thresholds[of] && (best is not { } found || scores[of] > scores[found]))
                best = of;
        return best;
    }
}
