
namespace MlPipelines;

/// <summary>The rows of one class in a random order that depends on a seed and on the samples, not on the other rows.</summary>
/// <param name="Name">The class; empty for the rows without one.</param>
/// <param name="Positions">All its rows, the first choice first.</param>
sealed record DrawnRows(string Name, IReadOnlyList<long> Positions)
{
    const long ChoiceKey = 6;

    /// <summary>The classes in the ordinal order of their names, and last the rows without one.</summary>
    internal static IReadOnlyList<DrawnRows> Of(IDataView data, ClassLabels labels, int seed)
    {
        var dice = Dice.For(seed, ChoiceKey);
        var (classes, unlabelled) = labels.Positions(data);
        return [.. classes.Select(one => Drawn(one.Key, one.Value)), .. unlabelled.Count == 0 ? [] : new[] { Drawn("", unlabelled) }];

        DrawnRows Drawn(string name, List<long> positions) => new(name, ClassLabels.Shuffled(data, positions, dice));
    }

    /// <summary>All rows as one class.</summary>
    internal static DrawnRows Of(IDataView data, int seed) =>
        new("", ClassLabels.Shuffled(data, Enumerable.Range(0, checked((int)data.RowCount)).Select(position => (long)position), Dice.For(seed, ChoiceKey)));

    /// <summary>Positions in turn from each class, the classes in a random order.</summary>
    internal static IEnumerable<long> Mixed(IReadOnlyList<DrawnRows> classes, int seed)
    {
        var order = classes.ToArray();
        Dice.For(seed, ChoiceKey, 1).Shuffle<DrawnRows>(order);
        for (var turn = 0; order.Any(one => turn < one.Positions.Count); turn++)
            foreach (var one in order.Where(one => turn < one.Positions.Count))
                yield return one.Positions[turn];
    }
}
