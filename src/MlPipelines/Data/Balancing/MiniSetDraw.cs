namespace MlPipelines;

/// <summary>Draws small sets with equal numbers of each class.</summary>
static class MiniSetDraw
{
    /// <summary>Positions of the rows of each set.</summary>
    /// <exception cref="ArgumentException">A class is too small, and <paramref name="allowFewer"/> is not set; the message names it.</exception>
    public static long[][] Of(IDataView data, int size, int sets, string labelColumn, bool disjoint, bool allowFewer, Dice dice)
    {
        var (classes, _) = ClassLabels.Of(data.Schema, labelColumn).Positions(data);
        if (classes.Count == 0)
            throw new ArgumentException($"MiniSet: none of the {data.RowCount} rows has a class in column '{labelColumn}', labelled images are needed.");
        if (size < classes.Count && !allowFewer)
            throw new ArgumentException($"MiniSet: got {size} images for {classes.Count} classes, needs at least one of each. Ask for {classes.Count} or more.");
        var quotas = Quotas(size, sets, [.. classes.Keys], dice);
        var drawn = Enumerable.Range(0, sets).Select(_ => new List<long>()).ToArray();
        foreach (var (name, rows) in classes)
        {
            var wanted = disjoint ? quotas[name].Sum() : quotas[name].Max();
            if (rows.Count < wanted && !allowFewer)
                throw new ArgumentException($"MiniSet: class '{name}' has {rows.Count} images, {wanted} are needed for {(sets == 1 ? "one set" : $"{sets} {(disjoint ? "disjoint" : "independent")} sets")} of {size} with equal numbers of {classes.Count} classes. Ask for fewer images{(disjoint && sets > 1 ? ", or for sets that need not be disjoint" : "")}, or allow fewer of a class.");
            var order = disjoint ? ClassLabels.Shuffled(data, rows, dice) : null;
            for (var (set, taken) = (0, 0); set < sets; set++)
            {
                var quota = Math.Min(quotas[name][set], disjoint && rows.Count < wanted ? rows.Count / sets + (set < rows.Count % sets ? 1 : 0) : rows.Count);
                drawn[set].AddRange(order is null ? ClassLabels.Shuffled(data, rows, dice.Split(set)).Take(quota) : order.Skip(taken).Take(quota));
                taken += quota;
            }
        }
        return [.. drawn.Select(set => set.Order().ToArray())];
    }

    // What is left when the size is no multiple of the classes goes to classes in a random order, on from where the set before ended.
    static Dictionary<string, int[]> Quotas(int size, int sets, string[] classes, Dice dice)
    {
        var (each, rest) = Math.DivRem(size, classes.Length);
        dice.Shuffle<string>(classes);
        return classes.Index().ToDictionary(one => one.Item, one => Enumerable.Range(0, sets).Select(set => each + Extra(one.Index, set)).ToArray(), StringComparer.Ordinal);

        int Extra(int place, long set) => (place + (classes.Length - set * rest % classes.Length)) % classes.Length < rest ? 1 : 0;
    }
}
