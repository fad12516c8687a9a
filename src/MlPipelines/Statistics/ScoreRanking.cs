using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Rows from the highest score down, with how many so far are hits and how many are not; rows of equal scores are one
/// step.</summary>
sealed class ScoreRanking
{
    /// <param name="Score">Of the rows of this step.</param>
    /// <param name="Hits">Rows so far that are what is looked for.</param>
    /// <param name="Others">Rows so far that are not.</param>
    public readonly record struct Step(float Score, int Hits, int Others)
    {
        public int Rows => Hits + Others;
    }

    /// <param name="scores">Of each row; what is no number ranks last.</param>
    /// <param name="hits">Whether each row is what is looked for.</param>
    public ScoreRanking(float[] scores, bool[] hits)
    {
        var order = Enumerable.Range(0, scores.Length).ToArray();
        var keys = Array.ConvertAll(scores, score => float.IsNaN(score) ? float.PositiveInfinity : -score);
        Array.Sort(keys, order);
        var steps = ImmutableArray.CreateBuilder<Step>(order.Length);
        var (found, others) = (0, 0);
        for (var place = 0; place < order.Length; place++)
        {
            if (hits[order[place]])
                found++;
            else
                others++;
            if (place + 1 == order.Length || keys[place + 1] != keys[place])
                steps.Add(new(scores[order[place]], found, others));
        }
        (Steps, Hits, Others) = (steps.ToImmutable(), found, others);
    }

    public ImmutableArray<Step> Steps { get; }

    /// <summary>All rows that are what is looked for.</summary>
    public int Hits { get; }

    /// <summary>All rows that are not.</summary>
    public int Others { get; }
}
