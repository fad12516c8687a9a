namespace MlPipelines;

/// <summary>By which single numbers a group of images can be stumps from all others.</summary>
static class GroupDifferences
{
    /// <summary>For each group, what tells it, the best first; only what has a balanced accuracy of at least <paramref name="accuracy"/>
    /// with 99 % confidence and is not chance.</summary>
    /// <param name="images">All images.</param>
    /// <param name="groupOf">The group of an image.</param>
    /// <param name="accuracy">From 0.5 to 1.</param>
    /// <param name="cancellation">Ends the search.</param>
    internal static IEnumerable<(string Group, IReadOnlyList<(ImageFeature Feature, DecisionStump Stump)> Stumps)> Of(
        IReadOnlyCollection<ImageFacts> images, Func<ImageFacts, string> groupOf, double accuracy, CancellationToken cancellation)
    {
        const double risk = 0.01;
        var groups = images.Select(groupOf).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (groups.Length < 2)
            yield break;
        var features = ImageFeature.Of(images);
        var values = features.Select(feature =>
            images.Select(image => (Group: groupOf(image), Value: feature.Value(image))).Where(row => !double.IsNaN(row.Value)).ToArray())
            .ToArray();
        // Of two groups, what tells the one tells the other.
        foreach (var group in groups.Length == 2 ? groups[..1] : groups)
        {
            cancellation.ThrowIfCancellationRequested();
            var stumps = features.Zip(values,
                (feature, rows) =>
                    (Feature: feature,
                        Stump: DecisionStump.Best([.. rows.Where(row => row.Group == group).Select(row => row.Value)],
                            [.. rows.Where(row => row.Group != group).Select(row => row.Value)])))
                .Where(one => one.Stump.LowerBound >= accuracy && one.Stump.PValue < risk / (features.Length * groups.Length))
                .OrderByDescending(one => one.Stump.BalancedAccuracy).ToArray();
            if (stumps.Length > 0)
                yield return (group, stumps);
        }
    }

    /// <summary>The best in words, and the names of the others.</summary>
    internal static string Text(IReadOnlyList<(ImageFeature Feature, DecisionStump Stump)> stumps, string others)
    {
        var (feature, best) = stumps[0];
        var side = feature.IsYesOrNo ? $"{feature.Name}: {(best.Above ? "yes" : "no")}"
            : $"{feature.Name} {(best.Above ? "above" : "below")} {best.Threshold:0.##}";
        var runnersUp = stumps.Skip(1).Take(4).Select(one => $"{one.Feature.Name} ({one.Stump.BalancedAccuracy:0.00})");
        var more = stumps.Count == 1 ? "" : $"; also by {string.Join(", ", runnersUp)}";
        return $"{side} holds for {best.TruePositiveRate:0.#%} of it and {best.FalsePositiveRate:0.#%} of {others}: balanced "
            + $"accuracy {best.BalancedAccuracy:0.00}{more}";
    }
}
