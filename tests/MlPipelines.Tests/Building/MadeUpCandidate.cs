namespace MlPipelines.Tests.Building;

/// <summary>A candidate whose accuracy grows with what it learns from, and that takes time by a clock of its own.</summary>
/// <param name="name">Its name.</param>
/// <param name="best">Its accuracy, learnt from all.</param>
/// <param name="clock">What its trials take time of.</param>
/// <param name="seconds">Seconds of a trial on all.</param>
/// <param name="amount">How much there is to be done, where that does not go by seconds; it has a kind of its own then.</param>
/// <param name="family">Its family.</param>
/// <param name="lost">The part of its accuracy that it would lose if it learnt from nearly nothing.</param>
sealed class MadeUpCandidate(string name, double best, MadeUpClock clock, double seconds = 1, double? amount = null,
    string family = "", double lost = 0.1) : Candidate
{
    const int Count = 1000;

    public List<double> Tried { get; } = [];

    public override string Name => name;

    public override string Family => family;

    public int Rehearsals { get; private set; }

    string Kind => amount is null ? "made up" : name;

    public override TrialCost CostOf(double share, IReadOnlyCollection<BuildTrial> finished) => new(Kind, share * (amount ?? seconds));

    public override TrialCost CostOfEnd(IReadOnlyCollection<BuildTrial> finished) => new(Kind, amount ?? seconds);

    public bool IsLate { get; init; }

    public override bool GainsLate => IsLate;

    /// <summary>Seconds to judge the model that its trial on all leaves; null where it leaves none.</summary>
    public double? OwnEnd { get; init; }

    public override TrialCost? CostOfOwnEnd => OwnEnd is { } own ? new(Kind, own) : null;

    /// <summary>Whether its trial on all leaves no model for once, though it might have.</summary>
    public bool LeavesNone { get; init; }

    /// <summary>Whether a trial of an earlier process has left its model.</summary>
    public bool HasLeftBefore { get; init; }

    public override bool HasLeftModel => OwnEnd is not null && !LeavesNone && (HasLeftBefore || Tried.Contains(1));

    /// <summary>How many times as long as others each first rehearsal takes.</summary>
    public double FirstRehearsal { get; init; } = 1;

    public override Rehearsal? Rehearsal() => amount is not { } whole ? null
        : new(new(Kind, whole / 100), () => clock.Now += seconds / 100 * (Rehearsals++ == 0 ? FirstRehearsal : 1));

    public override TrialScore Try(double share, CancellationToken cancellation)
    {
        Tried.Add(share);
        clock.Now += share * seconds;
        var accuracy = best * (1 - lost * (1 - share));
        return new((int)Math.Round(Count * accuracy), Count, -Math.Log(accuracy));
    }
}

/// <summary>A clock that goes on when it is told to.</summary>
sealed class MadeUpClock : TimeProvider
{
    public double Now { get; set; }

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => (long)Math.Round(Now * TimestampFrequency);
}
