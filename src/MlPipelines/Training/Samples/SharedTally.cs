namespace MlPipelines;

/// <summary>What all processes of a training come to together.</summary>
static class SharedTally
{
    /// <summary>Their counts and losses, and whether one of them was asked to stop; which samples are right is not told.</summary>
    public static (Tally Tally, bool IsStopped) Together(this Ranks ranks, Tally own)
    {
        if (!ranks.AreSeveral)
            return (own, false);
        var (sums, isStopped) = ranks.Together(own.Count, own.CountRight, own.SumOfLosses);
        return (new(own.Classes, (long)sums[0], (long)sums[1], sums[2]), isStopped);
    }

    /// <summary>The same with which samples were right, in the order of the ranks.</summary>
    public static Tally Judged(this Ranks ranks, Tally own)
    {
        if (!ranks.AreSeveral)
            return own;
        var all = ranks.Together(own).Tally;
        var right = ranks.Gather([.. own.Right.Select(one => one ? (byte)1 : (byte)0)]).SelectMany(each => each).Select(one => one == 1);
        return new(own.Classes, all.Count, all.CountRight, all.SumOfLosses, right);
    }
}
