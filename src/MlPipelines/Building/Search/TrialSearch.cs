namespace MlPipelines;

/// <summary>What bounds a search.</summary>
/// <param name="Time">When it shall have ended, with all that comes after its trials; null for no bound.</param>
/// <param name="Trials">The most trials; null for no bound.</param>
sealed record SearchBudget(TimeSpan? Time, int? Trials);

/// <summary>Why a search has ended.</summary>
public enum SearchEnd
{
    /// <summary>All was tried that successive halving tries.</summary>
    AllTried,

    /// <summary>None of the trials that were left, with what comes after it, would have ended in time.</summary>
    Time,

    /// <summary>As many trials as were asked for were made.</summary>
    Trials,
}

/// <summary>What comes after the trials.</summary>
/// <param name="Time">How long it takes.</param>
/// <param name="IsOfTrial">Whether the model is the one that a trial has left, and not learnt anew from all samples.</param>
readonly record struct SearchEnding(TimeSpan Time, bool IsOfTrial);

/// <summary>Tries candidates until all is tried or a bound is met. What is tried, and in which order, depends on what came of the trials; a
/// trial that would not end in time is passed over.</summary>
/// <param name="halving">What is tried when.</param>
/// <param name="budget">What bounds it.</param>
/// <param name="store">Where finished trials are kept; null for nowhere.</param>
/// <param name="clock">Tells the time.</param>
sealed class TrialSearch(SuccessiveHalving halving, SearchBudget budget, TrialStore? store, TimeProvider clock)
{
    const int MostRehearsals = 8;
    static readonly TimeSpan timeToRehearse = TimeSpan.FromSeconds(1);

    /// <summary>Told of the name of a candidate whose trial begins.</summary>
    public Action<string>? Begins { get; init; }

    readonly MeasuredSpeed speed = new();
    readonly List<BuildTrial> finished = [];
    readonly HashSet<TrialPlace> passedOver = [];

    /// <summary>The trials so far, in their order.</summary>
    public IReadOnlyList<BuildTrial> Finished => finished;

    /// <summary>What comes after the trials with a candidate, and how long it will take by what they took: to learn from all samples where
    /// that ends in time, or where its trial has left no model that could be the end in its place.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="left">How much time is left; null for no bound.</param>
    public SearchEnding EndOf(Candidate candidate, TimeSpan? left) => EndOf(candidate, left, HasLeftModel(candidate));

    // A model whose trial was not finished, for it was stopped between the two, is that of no trial.
    bool HasLeftModel(Candidate candidate) => candidate.HasLeftModel
        && finished.Any(trial => trial.Candidate == candidate.Name && trial.Rung == LastRung);

    int LastRung => halving.Shares.Length - 1;

    SearchEnding EndOf(Candidate candidate, TimeSpan? left, bool hasLeftModel)
    {
        var anew = Seconds(candidate.CostOfEnd(finished));
        return anew > left && hasLeftModel && candidate.CostOfOwnEnd is { } own ? new(Seconds(own), IsOfTrial: true)
            : new(anew, IsOfTrial: false);
    }

    TimeSpan Seconds(TrialCost cost) => TimeSpan.FromSeconds(speed.SecondsOf(cost));

    /// <summary>The best candidate of those that would end in time; the best of all where none would, or time is not bounded.</summary>
    /// <param name="left">How much time is left; null for no bound.</param>
    public (Candidate Candidate, BuildTrial Trial) Leader(TimeSpan? left)
    {
        var inTime = finished.Where(trial => left is null || EndOf(halving.Named(trial.Candidate), left).Time <= left).ToArray();
        return halving.Leader(inTime.Length > 0 ? inTime : finished);
    }

    /// <summary>Goes on from the trials that the store holds until a bound is met, and tells of each, those included. What an earlier
    /// process passed over is tried where it fits now.</summary>
    /// <param name="spent">What was spent before.</param>
    /// <param name="told">Told of each trial; null for nobody.</param>
    /// <param name="cancellation">Ends it; what was finished until then is kept.</param>
    /// <remarks>At least one trial is made, however little time there is.</remarks>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidDataException">The store holds trials of another search.</exception>
    public SearchEnd Run(TimeSpan spent, Action<BuildTrial>? told, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        foreach (var kept in store?.Load() ?? [])
        {
            if (finished.Count == budget.Trials)
                return SearchEnd.Trials;
            Take(kept.Trial, Again(kept), told);
        }
        var before = spent + TimeSpan.FromSeconds(finished.Sum(trial => trial.Seconds));
        while (halving.Next(finished, passedOver) is var (candidate, rung))
        {
            if (finished.Count == budget.Trials)
                return SearchEnd.Trials;
            cancellation.ThrowIfCancellationRequested();
            if (finished.Count > 0 && budget.Time is not null)
                Rehearse(candidate, rung);
            if (finished.Count > 0 && budget.Time - before - clock.GetElapsedTime(start) is { } left
                && !Fits(candidate, rung, left))
            {
                passedOver.Add(new(candidate.Name, rung));
                continue;
            }
            var trial = Made(candidate, rung, cancellation);
            store?.Keep(new(trial, [.. passedOver]));
            Take(trial, candidate, told);
        }
        return passedOver.Count > 0 ? SearchEnd.Time : SearchEnd.AllTried;
    }

    // How long the first trial of a kind takes is not seen from the others: small networks take more time for a product than large ones.
    void Rehearse(Candidate candidate, int rung)
    {
        if (speed.Knows(candidate.CostOf(halving.Shares[rung], finished).Kind))
            return;
        using var rehearsal = candidate.Rehearsal();
        if (rehearsal is null)
            return;
        // Whatever else the machine does makes a run longer, and several times so where it is short: the quickest says what it can do.
        var (start, quickest) = (clock.GetTimestamp(), double.PositiveInfinity);
        for (var runs = 0; runs < MostRehearsals && (runs == 0 || clock.GetElapsedTime(start) < timeToRehearse); runs++)
        {
            var begun = clock.GetTimestamp();
            rehearsal.Run();
            quickest = Math.Min(quickest, clock.GetElapsedTime(begun).TotalSeconds);
        }
        speed.AddRehearsal(rehearsal.Cost, quickest);
    }

    // The candidate of a trial that an earlier process has made. What did not fit in its time may fit in that of this one.
    Candidate Again(KeptTrial kept)
    {
        var (number, name, rung, _) = kept.Trial;
        return halving.Next(finished, kept.PassedOver) is var (candidate, next) && (candidate.Name, next) == (name, rung) ? candidate
            : throw new InvalidDataException($"trial {number}: is of '{name}' in round {rung}, which the trials before it do not lead to. "
                + "Delete the folder of trials, or begin anew in another one.");
    }

    BuildTrial Made(Candidate candidate, int rung, CancellationToken cancellation)
    {
        Begins?.Invoke(candidate.Name);
        var (share, start) = (halving.Shares[rung], clock.GetTimestamp());
        var score = candidate.Try(share, cancellation);
        return new(finished.Count + 1, candidate.Name, rung, share)
        {
            Right = score.Right,
            Count = score.Count,
            LogLoss = score.LogLoss,
            Seconds = clock.GetElapsedTime(start).TotalSeconds,
        };
    }

    void Take(BuildTrial trial, Candidate candidate, Action<BuildTrial>? told)
    {
        speed.Add(candidate.CostOf(trial.Share, finished), trial.Seconds);
        finished.Add(trial);
        told?.Invoke(trial);
    }

    // The trial, and the end with whichever of the two costs more: this candidate or the one that leads now. One that would not end in time
    // itself is no reason to try nothing that would. Nor is one that gains early, where what gains late leaves a model that may be the end;
    // but since a trial does not always leave one, time is kept free for the quickest end there is.
    bool Fits(Candidate candidate, int rung, TimeSpan left)
    {
        var leader = Leader(left).Candidate;
        var leading = EndOf(leader, left).Time;
        var behind = left - Seconds(candidate.CostOf(halving.Shares[rung], finished));
        var (end, isOfTrial) = EndOf(candidate, behind, hasLeftModel: rung == LastRung);
        var kept = leading > left ? TimeSpan.Zero
            : isOfTrial && candidate.GainsLate && !leader.GainsLate
                ? finished.Min(trial => EndOf(halving.Named(trial.Candidate), behind).Time)
            : leading;
        return (kept > end ? kept : end) <= behind;
    }
}
