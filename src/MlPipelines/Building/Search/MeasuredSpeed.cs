namespace MlPipelines;

/// <summary>How fast trials were, by what was done in them, and so how long others will take.</summary>
sealed class MeasuredSpeed
{
    /// <summary>What is added to an estimate: speeds vary, and small trials do not show all that large ones cost.</summary>
    public const double Margin = 1.25;

    readonly Dictionary<string, (double Seconds, double Amount)> kinds = new(StringComparer.Ordinal),
        rehearsed = new(StringComparer.Ordinal);

    /// <summary>Whether trials of a kind, or a rehearsal of them, have shown its speed.</summary>
    public bool Knows(string kind) => kinds.ContainsKey(kind) || rehearsed.ContainsKey(kind);

    /// <summary>Takes what a rehearsal took, which counts until a trial of the kind has shown more.</summary>
    public void AddRehearsal(TrialCost cost, double seconds) => rehearsed[cost.Kind] = (seconds, cost.Amount);

    /// <summary>Takes what something took.</summary>
    public void Add(TrialCost cost, double seconds)
    {
        var (before, amount) = kinds.GetValueOrDefault(cost.Kind);
        kinds[cost.Kind] = (before + seconds, amount + cost.Amount);
    }

    /// <summary>How long something will take: by what its kind took, or its rehearsal, or the slowest kind while neither is known; 0 while
    /// nothing is.</summary>
    public double SecondsOf(TrialCost cost)
    {
        var measured = kinds.TryGetValue(cost.Kind, out var own) || rehearsed.TryGetValue(cost.Kind, out own) ? [own]
            : kinds.Values.ToArray();
        return measured.Select(one => Margin * cost.Amount * one.Seconds / one.Amount).DefaultIfEmpty(0).Max();
    }
}
