using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth a look; most sets have some.</summary>
    Advice,

    /// <summary>Likely to cost accuracy, or to flatter it.</summary>
    Warning,

    /// <summary>Wrong whatever the set is for: an unreadable file, one image with two labels, one in train and test.</summary>
    Error,
}

/// <summary>One thing found in a data set.</summary>
/// <param name="Kind">What kind of thing, as one word: Duplicates, DarkImages.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Paths">The files that it is about, in the order of the set; none where it is about the set as a whole.</param>
/// <param name="Found">What was found.</param>
/// <param name="Advice">What to do.</param>
public sealed record Finding(string Kind, Severity Severity, ImmutableArray<string> Paths, string Found, string Advice);
