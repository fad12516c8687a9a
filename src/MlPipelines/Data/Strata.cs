namespace MlPipelines;

/// <summary>The units of a split (rows, or rows that stay together) in random order, stratum by stratum.</summary>
static class Strata
{
    /// <summary>Positions of each unit's rows. A unit belongs to the stratum of its first row; without groups it is a sample, with its copies where there are any.</summary>
    public static List<long[][]> Of(IDataView data, string? groupColumn, string? stratumColumn, Dice dice)
    {
        var group = Column(data, groupColumn, nameof(groupColumn));
        var stratum = Column(data, stratumColumn, nameof(stratumColumn));
        var (units, samples) = (new Dictionary<string, List<long>>(), new Dictionary<long, List<long>>());
        var strata = new SortedDictionary<string, List<(ulong Key, long[] Rows)>>(StringComparer.Ordinal);
        for (var position = 0L; position < data.RowCount; position++)
        {
            var row = data.GetRow(position);
            if (group is not null)
                Add(units, Text(row, group), position);
            else
                Add(samples, row.Id, position);
        }
        foreach (var (id, rows) in samples)
            Place(data, stratum, strata, [.. rows], id, dice);
        foreach (var (name, rows) in units)
            Place(data, stratum, strata, [.. rows], Hash(name), dice);
        return [.. strata.Values.Select(members => members.OrderBy(unit => unit.Key).ThenBy(unit => unit.Rows[0]).Select(unit => unit.Rows).ToArray())];
    }

    static void Add<TKey>(Dictionary<TKey, List<long>> units, TKey name, long position) where TKey : notnull
    {
        if (!units.TryGetValue(name, out var rows))
            units.Add(name, rows = []);
        rows.Add(position);
    }

    static void Place(IDataView data, DataViewSchema.Column? stratum, SortedDictionary<string, List<(ulong, long[])>> strata, long[] rows, long id, Dice dice)
    {
        var name = stratum is null ? "" : Text(data.GetRow(rows[0]), stratum);
        if (!strata.TryGetValue(name, out var members))
            strata.Add(name, members = []);
        members.Add((dice.Split(id).Bits(), rows));
    }

    static DataViewSchema.Column? Column(IDataView data, string? name, string role) => name is null ? null
        : data.Schema.Find(name) is var column && column.Type is TextDataViewType or KeyDataViewType or PrimitiveDataViewType ? column
        : throw new ArgumentException($"Column '{name}': holds {column.Type}, a {(role == "groupColumn" ? "sampling key" : "stratification column")} needs text, a key or a number.");

    static string Text(DataViewRow row, DataViewSchema.Column column) => Convert.ToString(row.GetValue(column.Index), System.Globalization.CultureInfo.InvariantCulture) ?? "";

    // FNV-1a: string.GetHashCode differs from run to run.
    static long Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var character in text)
            hash = (hash ^ character) * 0x100000001B3;
        return (long)hash;
    }
}
