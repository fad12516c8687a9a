using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>What becomes of a set that was found when it is tried on members or pictures that took no part in the search.</summary>
public enum SetVerdict
{
    /// <summary>Nothing was held out that it could be tried on.</summary>
    NotTried,

    /// <summary>Types differ on it no more than on random balanced sets of the same size.</summary>
    DoesNotHold,

    /// <summary>Types differ more than on random sets, but no more than on random sets that are as difficult: it is a matter of
    /// difficulty alone.</summary>
    OnlyDifficulty,

    /// <summary>Types differ more than on random sets, and more than difficulty explains.</summary>
    Holds,
}

/// <summary>A member, and how it fared on all pictures.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsHeldOut">Whether it took no part in the search.</param>
/// <param name="Accuracy">On the pictures that sets are made of, with its 95 % interval.</param>
public sealed record MemberResult(string Name, string Type, bool IsHeldOut, MemberAccuracy Accuracy)
{
    /// <summary>Answers that name none of the classes, by what they name; they count as wrong.</summary>
    public ImmutableSortedDictionary<string, int> Unmapped { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Pictures without an answer, which are in no set.</summary>
    public int Unanswered { get; init; }

    /// <summary>Why some have none; null where all have one.</summary>
    public string? Failure { get; init; }

    /// <summary>How many of the pictures it has learnt from; null where that is not known.</summary>
    public LearntOverlap? Learnt { get; init; }
}

/// <summary>The accuracy of a member on some pictures.</summary>
/// <param name="Value">From 0 to 1.</param>
/// <param name="Interval">Wilson's, 95 %.</param>
public readonly record struct MemberAccuracy(double Value, Interval Interval)
{
    internal static MemberAccuracy Of(int right, int pictures) => new(right / (double)pictures, Interval.Wilson(right, pictures));
}

/// <summary>A picture of a set.</summary>
/// <param name="Row">Its row in the data, from 0.</param>
/// <param name="Name">Its path, or "row" and its number.</param>
/// <param name="Label">Its class.</param>
public sealed record SetPicture(int Row, string Name, string Label);

/// <summary>A balanced set of pictures, and how far apart types of members are on it.</summary>
/// <param name="Name">Such as "directed".</param>
/// <param name="Origin">Where it comes from, in a sentence.</param>
/// <param name="Pictures">In the order of the data.</param>
/// <param name="Searched">With the members, and among the pictures, that it was found with: flattered by the choice.</param>
/// <param name="HeldOut">With members, or among pictures, that took no part; null where there are none.</param>
public sealed record EvaluationSet(string Name, string Origin, ImmutableArray<SetPicture> Pictures, SpreadFigures Searched,
    SpreadFigures? HeldOut)
{
    /// <summary>What was held out, for people.</summary>
    public string Trial { get; init; } = "";

    /// <summary>Of each member, in their order.</summary>
    public required ImmutableArray<MemberAccuracy> Accuracies { get; init; }

    /// <summary>Share of the pictures that two members of different types name differently, in the mean.</summary>
    public required double Disagreement { get; init; }

    /// <summary>Share of the pairs of types whose order is the opposite of that on all pictures.</summary>
    public required double Reversal { get; init; }

    /// <summary>Whether what was found is there for others too.</summary>
    public SetVerdict Verdict => HeldOut switch
    {
        null => SetVerdict.NotTried,
        { IsAboveRandom: false } => SetVerdict.DoesNotHold,
        { IsOnlyDifficulty: true } => SetVerdict.OnlyDifficulty,
        _ => SetVerdict.Holds,
    };

    /// <summary>What was found, in a sentence or two.</summary>
    public string Finding => $"{Name}: types differ by {Points(Searched.Spread)} points where it was found"
        + (HeldOut is not { } tried ? "; nothing was held out to try it on."
        : $", by {Points(tried.Spread)} {Trial} (95 % {Range(tried.Interval)}); "
        + $"random balanced sets of {Pictures.Length:N0} have {Range(tried.RandomInterval)} there, sets as difficult "
        + $"{Range(tried.DifficultyInterval)}. " + Verdict switch
        {
            SetVerdict.Holds => "It holds.",
            SetVerdict.OnlyDifficulty => "It differs from random sets in its difficulty alone.",
            _ => "It does not hold.",
        });

    internal int[] Places { get; init; } = [];

    internal static string Points(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    internal static string Range(Interval interval) => $"{Points(interval.Lower)}–{Points(interval.Upper)}";
}

/// <summary>A picture that is in no set.</summary>
/// <param name="Name">Its path, or "row" and its number.</param>
/// <param name="Reason">Why not.</param>
public sealed record LeftOutPicture(string Name, string Reason);

/// <summary>What a search for evaluation sets found.</summary>
public sealed class EvaluationSetReport
{
    internal EvaluationSetReport(EvaluationSetData data) => Data = data;

    /// <summary>The members.</summary>
    public required ImmutableArray<MemberResult> Members { get; init; }

    /// <summary>The sets that were found: the directed one, the best of the draws by each ranking, the best kind of pictures.</summary>
    public required ImmutableArray<EvaluationSet> Sets { get; init; }

    /// <summary>The draws, those with the greatest spread first.</summary>
    public required ImmutableArray<EvaluationSet> Draws { get; init; }

    /// <summary>Pictures that are in no set, and why.</summary>
    public required ImmutableArray<LeftOutPicture> LeftOut { get; init; }

    /// <summary>Pictures that sets are made of.</summary>
    public int PictureCount => Data.Used.Length;

    /// <summary>Number of members' types.</summary>
    public int TypeCount => Members.Select(member => member.Type).Distinct().Count();

    /// <summary>What was found and whether it holds, in a few sentences.</summary>
    public string Finding => Sets.Where(set => set.Verdict == SetVerdict.Holds).ToArray() switch
    {
        [] when Sets.All(set => set.Verdict == SetVerdict.NotTried) =>
            "Nothing was held out, so whether any of these sets tells classifiers apart "
            + "beyond the ones that it was found with is not known.",
        [] => "No set holds: on what was held out, types differ no more than on random balanced sets of the same size, or no more than "
            + "difficulty explains.",
        var held => $"{held.Length} of {Sets.Length} sets hold on what was held out: "
            + string.Join(", ", held.Select(set => $"{set.Name} ({EvaluationSet.Points(set.HeldOut!.Spread)} points, random sets up to "
            + $"{EvaluationSet.Points(set.HeldOut.RandomInterval.Upper)})")) + ".",
    };

    internal EvaluationSetData Data { get; }
}

/// <summary>What reports and folders are made of.</summary>
/// <param name="Pictures">All that were asked about.</param>
/// <param name="Members">The members themselves.</param>
/// <param name="Table">Their answers.</param>
/// <param name="Unmapped">What members named that is no class, by member and picture.</param>
/// <param name="Used">The pictures that sets are made of.</param>
sealed record EvaluationSetData(ImmutableArray<SurveyedPicture> Pictures, ImmutableArray<EvaluationMember> Members, AnswerTable Table,
    IReadOnlyDictionary<(int Member, int Picture), string> Unmapped, int[] Used)
{
    /// <summary>What a member says of a picture, by its own name where that is none of the classes.</summary>
    public string Said(int member, int picture) => Table.Answers[member][picture].Class switch
    {
        TableAnswer.None => "",
        TableAnswer.Unmapped => Unmapped[(member, picture)],
        var of => Table.Classes[of],
    };
}
