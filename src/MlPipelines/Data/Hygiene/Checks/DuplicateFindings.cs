using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What is wrong with a group of images that are the same, or nearly.</summary>
static class DuplicateFindings
{
    /// <summary>At most one finding for standing in several parts, one for having several labels,
    /// and one a class for standing there twice.</summary>
    /// <param name="group">Images of the survey, in its order.</param>
    /// <param name="prefix">Before the kinds: Near, or nothing.</param>
    /// <param name="what">What they are: copies, look-alikes.</param>
    /// <param name="severities">Of those three.</param>
    internal static IEnumerable<Finding> Of(IReadOnlyList<ImageFacts> group, string prefix, string what,
        (Severity Shared, Severity Conflicting, Severity Repeated) severities)
    {
        var parts = group.Select(image => image.Part).Distinct().ToArray();
        if (parts.Length > 1)
            yield return new($"{prefix}SharedImages", severities.Shared, Paths(group), $"{what} in {string.Join(" and ", parts)}",
                "Take them out of all parts but one: what is learnt by heart counts as known, so the figures are too good.");
        var labels = group.Select(image => image.Label).OfType<string>().Distinct().ToArray();
        if (labels.Length > 1)
            yield return new($"{prefix}ConflictingLabels", severities.Conflicting, Paths(group),
                $"{what} in the classes {string.Join(" and ", labels.Select(label => $"'{label}'"))}",
                "Keep the one in the right class; if both are right, an image of two classes is none of either.");
        foreach (var repeated in group.GroupBy(image => (image.Part, image.Label)).Where(images => images.Count() > 1))
            yield return new($"{prefix}Duplicates", severities.Repeated, Paths(repeated),
                repeated.Key.Label is { } label ? $"{what} in class '{label}'" : what,
                "Keep one: the others weigh it more without adding anything, and may end up on both sides of a split.");
    }

    static ImmutableArray<string> Paths(IEnumerable<ImageFacts> images) => [.. images.Select(image => image.Path)];
}
