namespace MlPipelines;

/// <summary>The classes of all rows of a view, by the rows' places.</summary>
/// <param name="Count">Number of rows.</param>
/// <param name="Classes">Places of the rows of each class, by name.</param>
/// <param name="Unlabelled">Places of the rows without a class.</param>
/// <param name="Ids">Which sample each row is.</param>
/// <param name="Known">The classes of a key, in its order; none where only the rows tell.</param>
sealed record ClassLabels(int Count, SortedDictionary<string, List<int>> Classes, List<int> Unlabelled, List<long> Ids,
    IReadOnlyList<string> Known)
{
    /// <summary>Reads the labels, and nothing else.</summary>
    /// <exception cref="ArgumentException">The column is missing, or holds neither text nor keys nor numbers.</exception>
    public static ClassLabels Of(IDataView data, string labelColumn)
    {
        ArgumentNullException.ThrowIfNull(data);
        var label = LabelColumn.Of(data.Schema, labelColumn);
        var (classes, unlabelled, numbers) =
            (new SortedDictionary<string, List<int>>(StringComparer.Ordinal), new List<int>(), new List<long>());
        using var cursor = data.GetRowCursor([label.Column]);
        var (name, id) = (label.Reader(cursor), RowColumn.Ids(cursor));
        for (var place = 0; cursor.MoveNext(); place++)
        {
            numbers.Add(id());
            if (name() is not { } found)
                unlabelled.Add(place);
            else if (classes.TryGetValue(found, out var rows))
                rows.Add(place);
            else
                classes.Add(found, [place]);
        }
        return new(numbers.Count, classes, unlabelled, numbers, label.Known ?? []);
    }

    /// <summary>Rows of one class in a random order, which depends on the dice and on the samples alone.</summary>
    public int[] Shuffled(IEnumerable<int> places, Dice dice) =>
        [.. places.OrderBy(place => dice.Split(Ids[place]).Bits()).ThenBy(place => place)];
}
