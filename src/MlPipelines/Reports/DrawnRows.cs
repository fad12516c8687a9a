using MlPipelines.Data;

namespace MlPipelines.Reports;

/// <summary>The rows of one class in a random order that depends on a seed and on each row's own number, not on the other rows.</summary>
/// <param name="Name">The class.</param>
/// <param name="Positions">All its rows, the first choice first.</param>
sealed record DrawnRows(string Name, IReadOnlyList<long> Positions)
{
    const long ChoiceKey = 4;

    /// <summary>The classes in the ordinal order of their names.</summary>
    /// <param name="data">The rows; only labels are read.</param>
    /// <param name="label">Their column.</param>
    /// <param name="seed">Of the choice.</param>
    /// <param name="skipped">Told of rows whose label cannot be read.</param>
    internal static IReadOnlyList<DrawnRows> Of(IDataView data, LabelColumn label, int seed, Action<SkippedRow> skipped)
    {
        var classes = new SortedDictionary<string, List<(ulong Key, long Position)>>(StringComparer.Ordinal);
        var dice = Dice.For(seed, ChoiceKey);
        for (var position = 0L; position < data.RowCount; position++)
        {
            var row = data.GetRow(position);
            try
            {
                var name = label.Of(row);
                if (!classes.TryGetValue(name, out var rows))
                    classes.Add(name, rows = []);
                rows.Add((dice.Split(row.Id).Bits(), position));
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                skipped(SkippedRow.Of(row, exception));
            }
        }
        return [.. classes.Select(one => new DrawnRows(one.Key, [.. one.Value.Order().Select(row => row.Position)]))];
    }

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
