namespace MlPipelines;

/// <summary>How far apart the accuracies of types are on a set, and what that is to be compared with.</summary>
/// <param name="Spread">As a share, from 0 to 1.</param>
/// <param name="Interval">95 % of the spreads of sets drawn anew from the set's own pictures (bootstrap within classes).</param>
/// <param name="RandomMean">Mean spread of random balanced sets of the same size.</param>
/// <param name="RandomInterval">95 % of those.</param>
/// <param name="RandomShare">Share of those whose spread is at least this.</param>
/// <param name="DifficultyInterval">95 % of the spreads of random sets of the same difficulty: of each class as many pictures that no
/// member,
/// one member, two, … get right.</param>
public sealed record SpreadFigures(double Spread, Interval Interval, double RandomMean, Interval RandomInterval, double RandomShare,
    Interval DifficultyInterval)
{
    /// <summary>Whether it lies above 95 % of random sets.</summary>
    public bool IsAboveRandom => Spread > RandomInterval.Upper;

    /// <summary>Whether it lies within what sets that are only as difficult have.</summary>
    public bool IsOnlyDifficulty => Spread <= DifficultyInterval.Upper;
}

/// <summary>Computes <see cref="SpreadFigures"/>.</summary>
/// <param name="shares">Of the members that are asked.</param>
/// <param name="pool">The pictures that sets are drawn from.</param>
/// <param name="measure">What spread is.</param>
/// <param name="draws">How many sets are drawn.</param>
sealed class SpreadComparison(TypeShares shares, BalancedPool pool, SpreadMeasure measure, int draws)
{
    public SpreadFigures Of(int[] pictures, Dice dice)
    {
        var (spread, classOf) = (SpreadOn(pictures), ClassOf());
        var random = Spreads(dice.Split(0), pool.Draw);
        var own = pictures.GroupBy(picture => classOf[picture]).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        var again = Spreads(dice.Split(1), drawn => [.. own.SelectMany((group, place) => WithReplacement(group, drawn.Split(place)))]);
        var alike = pool.ByClass.SelectMany(all => all).GroupBy(picture => (classOf[picture], shares.RightCounts[picture]))
            .ToDictionary(group => group.Key, group => group.Order().ToArray());
        var strata = pictures.CountBy(picture => (classOf[picture], shares.RightCounts[picture])).OrderBy(stratum => stratum.Key)
            .Select(stratum => (Pictures: alike[stratum.Key], Count: stratum.Value)).ToArray();
        var difficult = Spreads(dice.Split(2), drawn =>
            [.. strata.SelectMany((stratum, place) => BalancedPool.Shuffled(stratum.Pictures, drawn.Split(place)).Take(stratum.Count))]);
        return new(spread, Middle(again), random.Average(), Middle(random), random.Count(one => one >= spread) / (double)draws,
            Middle(difficult));
    }

    public double SpreadOn(IReadOnlyCollection<int> pictures)
    {
        var sums = shares.Accuracies(pictures);
        return measure.Of(sums, 1);
    }

    double[] Spreads(Dice dice, Func<Dice, int[]> draw)
    {
        var spreads = new double[draws];
        Parallel.For(0, draws, i => spreads[i] = SpreadOn(draw(dice.Split(i))));
        return spreads;
    }

    Dictionary<int, int> ClassOf() =>
        pool.ByClass.SelectMany((pictures, of) => pictures.Select(picture => KeyValuePair.Create(picture, of))).ToDictionary();

    static IEnumerable<int> WithReplacement(int[] pictures, Dice dice)
    {
        for (var i = 0; i < pictures.Length; i++)
            yield return pictures[dice.Below(pictures.Length)];
    }

    // Between the values nearest to 2.5 % and 97.5 %.
    static Interval Middle(double[] values)
    {
        var sorted = values.Order().ToArray();
        return new(sorted[(int)(0.025 * (sorted.Length - 1))], sorted[(int)Math.Ceiling(0.975 * (sorted.Length - 1))]);
    }
}
