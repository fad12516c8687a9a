namespace MlPipelines;

/// <summary>What small sets are to be like.</summary>
/// <param name="Size">Images of each.</param>
/// <param name="Sets">How many.</param>
/// <param name="LabelColumn">Column of the classes.</param>
/// <param name="Disjoint">Whether no row may be in two of them.</param>
/// <param name="AllowFewer">Whether a class that is too small gives what it has.</param>
readonly record struct MiniSetRules(int Size, int Sets, string LabelColumn, bool Disjoint, bool AllowFewer);

/// <summary>Draws small sets with equal numbers of each class.</summary>
static class MiniSetDraw
{
    /// <summary>Places of the rows of each set, and the number of rows that they were drawn from.</summary>
    /// <exception cref="ArgumentException">A class is too small, and fewer are not allowed; the message names it.</exception>
    public static (int[][] Sets, int Rows) Of(IDataView data, MiniSetRules rules, Dice dice)
    {
        var (size, sets, labelColumn, disjoint, allowFewer) = rules;
        var labels = ClassLabels.Of(data, labelColumn);
        var classes = labels.Classes;
        if (classes.Count == 0)
            throw new ArgumentException(
                $"MiniSet: none of the {labels.Count} rows has a class in column '{labelColumn}', labelled images are needed.");
        if (size < classes.Count && !allowFewer)
            throw new ArgumentException(
                $"MiniSet: got {size} images for {classes.Count} classes, needs at least one of each. Ask for {classes.Count} or more.");
        var quotas = Quotas(size, sets, [.. classes.Keys], dice);
        var drawn = Enumerable.Range(0, sets).Select(_ => new List<int>()).ToArray();
        foreach (var (name, rows) in classes)
        {
            var wanted = disjoint ? quotas[name].Sum() : quotas[name].Max();
            if (rows.Count < wanted && !allowFewer)
                throw new ArgumentException($"MiniSet: class '{name}' has {rows.Count} images, {wanted} are needed "
                    + $"for {(sets == 1 ? "one set" : $"{sets} {(disjoint ? "disjoint" : "independent")} sets")} of {size} with equal "
                    + $"numbers of {classes.Count} classes. Ask for fewer "
                    + $"images{(disjoint && sets > 1 ? ", or for sets that need not be disjoint" : "")}, or allow fewer of a class.");
            var order = disjoint ? labels.Shuffled(rows, dice) : null;
            for (var (set, taken) = (0, 0); set < sets; set++)
            {
                var quota = Math.Min(quotas[name][set],
                    disjoint && rows.Count < wanted ? rows.Count / sets + (set < rows.Count % sets ? 1 : 0) : rows.Count);
                drawn[set].AddRange(order is null ? labels.Shuffled(rows, dice.Split(set)).Take(quota) : order.Skip(taken).Take(quota));
                taken += quota;
            }
        }
        return ([.. drawn.Select(set => set.Order().ToArray())], labels.Count);
    }

    // What is left when the size is no multiple of the classes goes to classes in a random order, on from where the set before ended.
    internal static Dictionary<string, int[]> Quotas(int size, int sets, string[] classes, Dice dice)
    {
        var (each, rest) = Math.DivRem(size, classes.Length);
        // Dice are a value: what is shuffled below with the same ones does not depend on how much was drawn here.
        dice.Shuffle<string>(classes);
        return classes.Index()
            .ToDictionary(one => one.Item, one => Enumerable.Range(0, sets).Select(set => each + Extra(one.Index, set)).ToArray(),
                StringComparer.Ordinal);

        int Extra(int place, long set) => (place + (classes.Length - set * rest % classes.Length)) % classes.Length < rest ? 1 : 0;
    }
}
