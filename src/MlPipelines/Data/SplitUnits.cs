namespace MlPipelines;

/// <summary>The units of a split (rows, or rows that stay together) in random order, stratum by stratum.</summary>
/// <param name="Strata">Places of each unit's rows.</param>
/// <param name="Classes">The stratum of each row.</param>
sealed record SplitUnits(List<int[][]> Strata, IReadOnlyList<string> Classes)
{
    readonly Dictionary<int[], ulong> keys = [];

    /// <summary>Reads the rows' groups and strata. A unit belongs to the stratum of its first row; without groups it is a sample, with its
    /// copies where there are any.</summary>
    public static SplitUnits Of(IDataView data, string? groupColumn, string? stratumColumn, Dice dice)
    {
        var group = Text(data, groupColumn, "sampling key");
        var stratum = Text(data, stratumColumn, "stratification column");
        var (units, samples) = (new Dictionary<string, List<int>>(StringComparer.Ordinal), new Dictionary<ulong, List<int>>());
        var names = new List<string>();
        using var cursor = data.GetRowCursor(
            [.. new[] { group, stratum }.OfType<LabelColumn>().Select(label => label.Column).DistinctBy(column => column.Index)]);
        var (groupOf, stratumOf, idOf) = (group?.Reader(cursor), stratum?.Reader(cursor), cursor.GetIdGetter());
        for (DataViewRowId id = default; cursor.MoveNext();)
        {
            names.Add(stratumOf?.Invoke() ?? "");
            idOf(ref id);
            if (groupOf is not null)
                Add(units, groupOf() ?? "", names.Count - 1);
            else
                // Copies differ from their row in the upper half of the id alone, and so come into one part with it.
                Add(samples, id.Low, names.Count - 1);
        }
        var strata = new SortedDictionary<string, List<(ulong Key, int[] Rows)>>(StringComparer.Ordinal);
        foreach (var (number, rows) in samples)
            Place(names, strata, [.. rows], (long)number, dice);
        foreach (var (name, rows) in units)
            Place(names, strata, [.. rows], Hash(name), dice);
        var found = new SplitUnits([.. strata.Values.Select(members =>
            members.OrderBy(unit => unit.Key).ThenBy(unit => unit.Rows[0]).Select(unit => unit.Rows).ToArray())], names);
        foreach (var (key, rows) in strata.Values.SelectMany(members => members))
            found.keys.Add(rows, key);
        return found;
    }

    /// <summary>The random number that a unit is ordered by, whatever its stratum.</summary>
    public ulong KeyOf(int[] unit) => keys[unit];

    static LabelColumn? Text(IDataView data, string? name, string role) => name is null ? null : LabelColumn.Of(data.Schema, name, role);

    static void Add<TKey>(Dictionary<TKey, List<int>> units, TKey name, int place) where TKey : notnull
    {
        if (!units.TryGetValue(name, out var rows))
            units.Add(name, rows = []);
        rows.Add(place);
    }

    static void Place(List<string> names, SortedDictionary<string, List<(ulong, int[])>> strata, int[] rows, long id, Dice dice)
    {
        if (!strata.TryGetValue(names[rows[0]], out var members))
            strata.Add(names[rows[0]], members = []);
        members.Add((dice.Split(id).Bits(), rows));
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    static long Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var character in text)
            hash = (hash ^ character) * 0x100000001B3;
        return (long)hash;
    }
}
