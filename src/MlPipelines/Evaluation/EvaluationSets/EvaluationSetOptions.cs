namespace MlPipelines;

/// <summary>What evaluation sets are looked for, and how.</summary>
public sealed record EvaluationSetOptions
{
    /// <summary>Pictures in a set.</summary>
    public int Pictures { get; init => field = Check.AtLeast(value, 2, nameof(Pictures)); } = 200;

    /// <summary>How many sets are drawn at random and ranked.</summary>
    public int Draws { get; init => field = Check.Within(value, 1, 1000, nameof(Draws)); } = 10;

    /// <summary>How far apart accuracies are.</summary>
    public SpreadMeasure Measure { get; init; }

    /// <summary>Share of the pictures that take no part in the search, so that kinds of pictures that were found can be tried on
    /// them.</summary>
    public double HeldOutPictures { get; init => field = Check.Within(value, 0.1, 0.9, nameof(HeldOutPictures)); } = 0.5;

    /// <summary>Whether pictures are left out whose label the members contradict together.</summary>
    public bool LeavesOutDoubtfulLabels { get; init; } = true;

    /// <summary>Which pictures look alike, of which one is kept; null to keep them all.</summary>
    public NearDuplicates? NearDuplicates { get; init; } = new();

    /// <summary>How many random sets of the same size a set is compared with.</summary>
    public int RandomSets { get; init => field = Check.Within(value, 100, 1_000_000, nameof(RandomSets)); } = 1000;

    /// <summary>Of the draws, the search and what they are compared with; null for the context's.</summary>
    public int? Seed { get; init; }

    /// <summary>Where answers are kept, so that no picture is asked about twice; null for nowhere.</summary>
    public string? AnswerFolder { get; init; }

    /// <summary>Told what was done, a line a step.</summary>
    public Action<string>? Steps { get; init; }

    /// <summary>Told of the name of a member and the number of its answers.</summary>
    public IProgress<(string Member, long Answers)>? Answers { get; init; }

    /// <summary>Ends the search.</summary>
    public CancellationToken CancellationToken { get; init; }
}
