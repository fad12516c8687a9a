using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Which trial comes next and which candidate leads, by the trials so far and what was passed over: all candidates learn from a
/// small share of the samples, the better third of them and the best of each family from a larger one, and so on.</summary>
/// <remarks>Better is who is right more often, by more than one standard error; within it, who has the smaller log-loss. Source: Jamieson,
/// Talwalkar 2016, arXiv:1502.07943, with a factor of 3; families are ours. The paper's bound takes for granted that those who lead with
/// few samples lead with many, which heads and whole networks do not: of photographs of clothing a head on MobileNetV2 names 76 % rightly
/// and the network fine-tuned at 128 pixels 71 % where they learn from 272, 84 and (at 224) 93 % from 3,068.</remarks>
sealed class SuccessiveHalving
{
    /// <summary>By how much the share grows, and the field shrinks, from rung to rung.</summary>
    public const int Factor = 3;

    // A last round of one would choose nothing.
    const int FewestPromoted = 2;

    readonly ImmutableArray<Candidate> candidates;

    /// <param name="candidates">In the order in which they are tried first; of equally good ones the first leads.</param>
    /// <param name="shares">The share of each rung, rising to 1.</param>
    /// <exception cref="ArgumentException">There is no candidate or no share, or two have one name.</exception>
    public SuccessiveHalving(ImmutableArray<Candidate> candidates, ImmutableArray<double> shares)
    {
        if (candidates.IsDefaultOrEmpty || shares.IsDefaultOrEmpty)
            throw new ArgumentException($"candidates: got {(candidates.IsDefaultOrEmpty ? "none" : "no share for them")}, needs at least "
                + "one of each.", nameof(candidates));
        if (candidates.GroupBy(one => one.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            throw new ArgumentException($"candidates: got two of the name '{twice}', each needs a name of its own.", nameof(candidates));
        (this.candidates, Shares) = (candidates, shares);
    }

    /// <summary>The share of each rung.</summary>
    public ImmutableArray<double> Shares { get; }

    /// <summary>The shares of so many rungs: each a third of the next, the last all.</summary>
    public static ImmutableArray<double> SharesOf(int rungs) =>
        [.. Enumerable.Range(1, Check.AtLeast(rungs, 1)).Select(rung => 1 / Math.Pow(Factor, rungs - rung))];

    /// <summary>The candidate of a name.</summary>
    public Candidate Named(string name) => candidates.First(one => one.Name == name);

    /// <summary>What is tried next; null when all is.</summary>
    /// <param name="finished">The trials so far.</param>
    /// <param name="passedOver">Candidates that are not tried, and the rung from which on they are not.</param>
    public (Candidate Candidate, int Rung)? Next(IReadOnlyCollection<BuildTrial> finished,
        IReadOnlyCollection<TrialPlace> passedOver)
    {
        ImmutableArray<Candidate> field = [.. candidates.Where(one => !passedOver.Contains(new(one.Name, 0)))];
        for (var rung = 0; rung < Shares.Length; rung++)
        {
            var done = finished.Where(trial => trial.Rung == rung).ToDictionary(trial => trial.Candidate, StringComparer.Ordinal);
            if (field.FirstOrDefault(one => !done.ContainsKey(one.Name)) is { } next)
                return (next, rung);
            field = Promoted([.. Ranked(field, one => done[one.Name])], rung + 1, passedOver);
        }
        return null;
    }

    // Those of the better third that may go on, and of each family that is not among these the best that may. Where time does not allow
    // all, how those do that gain early is known well enough from the round before.
    static ImmutableArray<Candidate> Promoted(ImmutableArray<Candidate> ranked, int rung, IReadOnlyCollection<TrialPlace> passedOver)
    {
        var third = Math.Max(FewestPromoted, (ranked.Length + Factor - 1) / Factor);
        Candidate[] better = [.. ranked.Take(third).Where(MayGoOn)];
        return [.. better.Concat(ranked.Skip(third).Where(MayGoOn).ExceptBy(better.Select(one => one.Family), one => one.Family)
            .DistinctBy(one => one.Family)).OrderByDescending(one => one.GainsLate)];

        bool MayGoOn(Candidate one) => !passedOver.Contains(new(one.Name, rung));
    }

    /// <summary>The best candidate so far, each by its last trial.</summary>
    /// <param name="finished">The trials so far, one at least.</param>
    public (Candidate Candidate, BuildTrial Trial) Leader(IReadOnlyCollection<BuildTrial> finished)
    {
        var last = finished.GroupBy(trial => trial.Candidate, StringComparer.Ordinal)
            .ToDictionary(own => own.Key, own => own.MaxBy(trial => trial.Rung)!, StringComparer.Ordinal);
        var best = Ranked(candidates.Where(one => last.ContainsKey(one.Name)), one => last[one.Name]).First();
        return (best, last[best.Name]);
    }

    // Of those whose accuracy is within one standard error of the best, the one with the smallest log-loss; of equal ones the first.
    static IEnumerable<Candidate> Ranked(IEnumerable<Candidate> field, Func<Candidate, BuildTrial> trialOf)
    {
        for (var left = field.ToList(); left.Count > 0;)
        {
            var best = left.Select(trialOf).MaxBy(trial => trial.Accuracy)!;
            var error = Math.Sqrt(best.Accuracy * (1 - best.Accuracy) / best.Count);
            var next = left.Where(one => trialOf(one).Accuracy >= best.Accuracy - error).MinBy(one => trialOf(one).LogLoss)!;
            left.Remove(next);
            yield return next;
        }
    }
}
