using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What the rules of a <see cref="ClassBalance"/> come to for one data view.</summary>
sealed class BalancePlan
{
    readonly IDataView data;
    readonly string labelColumn;
    readonly ImmutableArray<int> times;

    BalancePlan(IDataView data, string labelColumn, ImmutableSortedDictionary<string, string> merged, ImmutableArray<int> times,
        string description) =>
        (this.data, this.labelColumn, Merged, this.times, Description) = (data, labelColumn, merged, times, description);

    /// <summary>Classes that became part of another, and of which.</summary>
    public ImmutableSortedDictionary<string, string> Merged { get; }

    /// <summary>What changes, for people.</summary>
    public string Description { get; }

    /// <summary>The rows that are kept, in their order, each followed by its copies. Rows without a class stay.</summary>
    public IDataView View => new PickedView(MergedLabels.Of(data, labelColumn, Merged), times);

    /// <exception cref="ArgumentException">The labels cannot be merged, a class to be merged is not there,
    /// or one class would be left.</exception>
    public static BalancePlan Of(IDataView data, string labelColumn, ClassBalance balance, long seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(balance);
        var labels = ClassLabels.Of(data, labelColumn);
        var found = labels.Classes;
        var merged = Merges(found, balance);
        MergedLabels.Validate(data.Schema, labelColumn, merged.Keys);
        var classes = found.GroupBy(one => merged.GetValueOrDefault(one.Key, one.Key), StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Rows: group.SelectMany(one => one.Value).ToArray()))
            .OrderBy(one => one.Name, StringComparer.Ordinal).ToArray();
        if (classes is [var only] && merged.Count > 0)
            throw new ArgumentException($"Balance: the {found.Count} classes all become '{only.Name}', at least two must be left. "
                + "Merge fewer"
                + (balance.MergeBelow is { } size
                    ? $": MergeBelow is {size}, the largest class has {found.Values.Max(rows => rows.Count)}." : "."));
        var sizes = classes.Select(one => one.Rows.Length).ToArray();
        var times = new int[labels.Count];
        foreach (var place in labels.Unlabelled)
            times[place] = 1;
        foreach (var (_, rows) in classes)
            // The same dice for all classes: what is drawn of one does not depend on which others there are.
            Draw(labels, rows, balance.SizeOf(rows.Length, sizes), Dice.For(seed, BalanceKey), times);
        return new(data, labelColumn, merged, [.. times],
            Describe(merged, classes.Select(one => (one.Name, one.Rows.Length, balance.SizeOf(one.Rows.Length, sizes)))));
    }

    const long BalanceKey = 3;

    static void Draw(ClassLabels labels, int[] rows, int size, Dice dice, int[] times)
    {
        var (whole, rest) = Math.DivRem(size, rows.Length);
        foreach (var row in rows)
            times[row] = whole;
        foreach (var row in rest == 0 ? [] : labels.Shuffled(rows, dice)[..rest])
            times[row]++;
    }

    static ImmutableSortedDictionary<string, string> Merges(SortedDictionary<string, List<int>> found, ClassBalance balance)
    {
        var merge = balance.Merge ?? ImmutableDictionary<string, string>.Empty;
        if (merge.Keys.FirstOrDefault(name => !found.ContainsKey(name)) is { } absent)
            throw new ArgumentException($"Merge: '{absent}' is no class, the data "
                + $"has {string.Join(", ", found.Keys.Select(name => $"'{name}'"))}. Check the name.");
        var named = found.Keys.ToDictionary(name => name, name => merge.GetValueOrDefault(name, name), StringComparer.Ordinal);
        var sizes = named.GroupBy(pair => pair.Value, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(pair => found[pair.Key].Count), StringComparer.Ordinal);
        return named.Select(pair =>
            KeyValuePair.Create(pair.Key, sizes[pair.Value] < (balance.MergeBelow ?? 0) ? balance.MergeInto : pair.Value))
            .Where(pair => pair.Key != pair.Value).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    static string Describe(ImmutableSortedDictionary<string, string> merged, IEnumerable<(string Name, int Before, int After)> classes)
    {
        var joined = merged.GroupBy(pair => pair.Value, pair => $"'{pair.Key}'", StringComparer.Ordinal)
            .Select(group => $"{string.Join(", ", group)} became '{group.Key}'");
        var resized = classes.Where(one => one.Before != one.After).Select(one => $"'{one.Name}' {one.Before} → {one.After}");
        return string.Join("; ", joined.Concat(resized)) is { Length: > 0 } changes ? changes : "nothing to change";
    }
}
