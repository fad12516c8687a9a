namespace MlPipelines;

/// <summary>The rows of one class in a random order that depends on a seed and on the samples, not on the other rows.</summary>
/// <param name="Name">The class; empty for the rows without one.</param>
/// <param name="Places">All its rows, the first choice first.</param>
sealed record DrawnRows(string Name, IReadOnlyList<int> Places)
{
    const long ChoiceKey = 6;

    /// <summary>The classes in the ordinal order of their names, and last the rows without one.</summary>
    internal static IReadOnlyList<DrawnRows> Of(ClassLabels labels, int seed)
    {
        var dice = Dice.For(seed, ChoiceKey);
        return [.. labels.Classes.Select(one => Drawn(one.Key, one.Value)),
            .. labels.Unlabelled.Count == 0 ? [] : new[] { Drawn("", labels.Unlabelled) }];

        DrawnRows Drawn(string name, List<int> places) => new(name, labels.Shuffled(places, dice));
    }

    /// <summary>All rows as one class.</summary>
    internal static DrawnRows Of(IDataView data, int seed)
    {
        var ids = data.Rows().Select(row => row.Id).ToList();
        var labels = new ClassLabels(ids.Count, [], [], ids, []);
        return new("", labels.Shuffled(Enumerable.Range(0, ids.Count), Dice.For(seed, ChoiceKey)));
    }

    /// <summary>Places in turn from each class, the classes in a random order.</summary>
    internal static IEnumerable<int> Mixed(IReadOnlyList<DrawnRows> classes, int seed)
    {
        var order = classes.ToArray();
        Dice.For(seed, ChoiceKey, 1).Shuffle<DrawnRows>(order);
        for (var turn = 0; order.Any(one => turn < one.Places.Count); turn++)
            foreach (var one in order.Where(one => turn < one.Places.Count))
                yield return one.Places[turn];
    }
}
