using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Evaluation sets on the context.</summary>
public static class EvaluationSetVerbs
{
    /// <summary>Looks for small balanced sets of pictures on which classifiers differ, and tries what it finds on members and pictures
    /// that took
    /// no part.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="images">Rows with ImagePath or Image, and Label.</param>
    /// <param name="members">Classifiers of two types or more.</param>
    /// <param name="options">What is looked for; null for sets of 200.</param>
    /// <exception cref="InvalidDataException">There are too few pictures, or a member's answers have nothing to do with them.</exception>
    /// <exception cref="IOException">An endpoint does not answer, or the folder of answers cannot be written.</exception>
    public static EvaluationSetReport FindEvaluationSets(this MLContext ml, IDataView images, IEnumerable<EvaluationMember> members,
        EvaluationSetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(members);
        return new EvaluationSetSearch(ml, options ?? new()).Run(images, members.ToImmutableArray());
    }
}
