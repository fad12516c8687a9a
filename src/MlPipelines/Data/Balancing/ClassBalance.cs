using System.Collections.Frozen;

namespace MlPipelines;

/// <summary>A size that all classes are brought to.</summary>
public enum ClassSize
{
    /// <summary>That of the smallest class.</summary>
    Smallest,

    /// <summary>That of the class in the middle; of two in the middle their mean.</summary>
    Median,

    /// <summary>That of the largest class.</summary>
    Largest,
}

/// <summary>Rules for the sizes of classes. First classes are merged, by name and then by size;
/// then images are left out or repeated.</summary>
/// <param name="AtMost">Of a larger class this many samples are drawn at random; null leaves none out.</param>
/// <param name="AtLeast">The samples of a smaller class are repeated until there are this many, each as often as any other but for one
/// time; null repeats none.</param>
/// <param name="EqualTo">All classes get that size, in place of <paramref name="AtMost"/> and <paramref name="AtLeast"/>.</param>
/// <param name="MergeBelow">Classes with fewer samples than this become one; null merges none.</param>
/// <param name="MergeInto">What that one is called. A class of that name takes them in.</param>
/// <param name="Merge">Classes by name, and the class that each becomes part of.</param>
/// <exception cref="ArgumentException">A number is out of range, rules contradict each other, or there is none.</exception>
public sealed record ClassBalance(int? AtMost = null, int? AtLeast = null, ClassSize? EqualTo = null, int? MergeBelow = null,
    string MergeInto = "others", IReadOnlyDictionary<string, string>? Merge = null)
{
    /// <inheritdoc cref="ClassBalance" path="/param[@name='AtMost']"/>
    public int? AtMost { get; } = AtMost is { } most ? Check.AtLeast(most, 1, nameof(AtMost)) : null;

    /// <inheritdoc cref="ClassBalance" path="/param[@name='AtLeast']"/>
    public int? AtLeast { get; } = AtLeast is not { } least ? null
        : AtMost is { } most ? Check.Within(least, 1, most, nameof(AtLeast)) : Check.AtLeast(least, 1, nameof(AtLeast));

    /// <inheritdoc cref="ClassBalance" path="/param[@name='EqualTo']"/>
    public ClassSize? EqualTo { get; } = EqualTo is { } size && (AtMost ?? AtLeast) is { } number
        ? throw new ArgumentException($"EqualTo: got {size} beside {(AtMost is null ? "AtLeast" : "AtMost")} {number}, needs to be alone. "
            + "Leave out one of them.", nameof(EqualTo))
        : EqualTo;

    /// <inheritdoc cref="ClassBalance" path="/param[@name='MergeBelow']"/>
    public int? MergeBelow { get; } = MergeBelow is { } size ? Check.AtLeast(size, 2, nameof(MergeBelow)) : null;

    /// <inheritdoc cref="ClassBalance" path="/param[@name='MergeInto']"/>
    public string MergeInto { get; } = NormalForm.Of(Check.Named(MergeInto));

    /// <inheritdoc cref="ClassBalance" path="/param[@name='Merge']"/>
    public IReadOnlyDictionary<string, string>? Merge { get; } = Rules(Merge, AtMost ?? AtLeast ?? MergeBelow ?? (int?)EqualTo);

    /// <summary>How many samples a class of that size is to have.</summary>
    internal int SizeOf(int count, IReadOnlyCollection<int> all) => EqualTo switch
    {
        ClassSize.Smallest => all.Min(),
        ClassSize.Largest => all.Max(),
        ClassSize.Median => Median([.. all.Order()]),
        _ => Math.Max(Math.Min(count, AtMost ?? count), AtLeast ?? 0),
    };

    static int Median(int[] sorted) =>
        (int)Math.Round((sorted[(sorted.Length - 1) / 2] + (double)sorted[sorted.Length / 2]) / 2, MidpointRounding.AwayFromZero);

    static FrozenDictionary<string, string>? Rules(IReadOnlyDictionary<string, string>? merge, int? other)
    {
        if (merge is null or { Count: 0 })
            return other is null
            ? throw new ArgumentException(
                "ClassBalance: has no rule, needs at least one of AtMost, AtLeast, EqualTo, MergeBelow and Merge.") : null;
        merge = merge.ToDictionary(pair => NormalForm.Of(pair.Key),
            pair => NormalForm.Of(Check.Named(pair.Value, $"Merge of '{pair.Key}'")), StringComparer.Ordinal);
        foreach (var (from, into) in merge)
        {
            if (from == into || merge.ContainsKey(into))
                throw new ArgumentException($"Merge: '{from}' becomes '{into}', which is merged itself. Name the class that all of them "
                    + "become in the end.", nameof(merge));
        }
        return merge.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
