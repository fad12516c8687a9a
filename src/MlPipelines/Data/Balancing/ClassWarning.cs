using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What can be wrong with the sizes of classes, the worst first.</summary>
public enum ClassProblem
{
    /// <summary>There are fewer than two classes.</summary>
    Single,

    /// <summary>A class that is expected has no samples.</summary>
    Missing,

    /// <summary>A class has samples and is not expected.</summary>
    Unexpected,

    /// <summary>A class has fewer than 5 samples.</summary>
    Tiny,

    /// <summary>A class has less than a tenth of what it would have if all were equal.</summary>
    Rare,

    /// <summary>A class has more than half of all samples (of more than two classes), or ten times those of the smallest.</summary>
    Dominant,

    /// <summary>A class has fewer than 30 samples: advice, not a mistake.</summary>
    Small,
}

/// <summary>Something doubtful about the sizes of classes.</summary>
/// <param name="Problem">What.</param>
/// <param name="Classes">The classes concerned.</param>
/// <param name="Message">What was found and what to do.</param>
/// <remarks>Source: Azure Custom Vision asks for at least 5 images of a class and advises 30;
/// Cleanlab's imbalance rule is a tenth of an equal share.</remarks>
public sealed record ClassWarning(ClassProblem Problem, ImmutableArray<string> Classes, string Message)
{
    const int Tiny = 5, Small = 30, Named = 8;
    const double Rare = 0.1, Times = 10;

    /// <inheritdoc/>
    public override string ToString() => Message;

    internal static IEnumerable<ClassWarning> Of(ImmutableArray<ClassCount> classes, IReadOnlySet<string>? expected)
    {
        var present = classes.Where(one => one.Count > 0).ToArray();
        if (present.Length < 2)
            yield return Warn(ClassProblem.Single, present,
                $"{(present is [var only] ? $"'{only.Name}' is the only class" : "there is no class")}, a classifier needs at least two. "
                    + "Add images of another class.");
        if (classes.Where(one => one.Count == 0).ToArray() is [_, ..] missing)
            yield return Warn(ClassProblem.Missing, missing,
                $"no images of {List(missing, counted: false)}: what is not there is neither learnt nor tested. Add images, or leave the "
                    + "class out.");
        if (expected is not null && present.Where(one => !expected.Contains(one.Name)).ToArray() is [_, ..] unexpected)
            yield return Warn(ClassProblem.Unexpected, unexpected,
                $"{List(unexpected)}: not among the {expected.Count} classes expected. Rename, merge or leave out.");
        if (present.Where(one => one.Count < Tiny).ToArray() is [_, ..] tiny)
            yield return Warn(ClassProblem.Tiny, tiny,
                $"fewer than {Tiny} images: {List(tiny)}. That is too few to learn from and to keep some back for a test. Add images, or "
                    + "merge small classes into one.");
        if (present.Where(one => one.Share < Rare / present.Length).ToArray() is [_, ..] rare)
            yield return Warn(ClassProblem.Rare, rare,
                $"less than a tenth of an equal share ({1.0 / present.Length:0.0%}): {List(rare)}. Weight the classes (ClassWeighting), "
                    + "draw them equally often (Sampling), or repeat their images (Balance).");
        if (Largest(present) is { } largest)
            yield return Warn(ClassProblem.Dominant, [largest],
                $"'{largest.Name}' has {largest.Share:0.0%} of the "
                    + $"images, {largest.Count / (double)present.Min(one => one.Count):0.#} times as many as "
                    + $"'{present.MinBy(one => one.Count)!.Name}': always answering '{largest.Name}' would be right that often. Judge by "
                    + "the mean over classes, and leave some out (Balance, AtMost) or weight the classes.");
        if (present.Where(one => one.Count is >= Tiny and < Small).ToArray() is [_, ..] small)
            yield return Warn(ClassProblem.Small, small,
                $"fewer than {Small} images: {List(small)}. Expect unsure answers; more images, or augmentation, help.");
    }

    static ClassCount? Largest(ClassCount[] present) => present.Length >= 2 && present.MaxBy(one => one.Count) is { } largest
        && ((present.Length > 2 && largest.Share > 0.5) || largest.Count >= Times * present.Min(one => one.Count)) ? largest : null;

    static ClassWarning Warn(ClassProblem problem, ClassCount[] classes, string message) =>
        new(problem, [.. classes.Select(one => one.Name)], message);

    static string List(ClassCount[] classes, bool counted = true) =>
        string.Join(", ", classes.Take(Named).Select(one => counted ? $"'{one.Name}' ({one.Count})" : $"'{one.Name}'"))
        + (classes.Length > Named ? $" and {classes.Length - Named} more" : "");
}
