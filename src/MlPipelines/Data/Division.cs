using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>How rows are divided into parts or folds.</summary>
/// <param name="Groups">Rows with the same value in this column stay together; null for rows, with their copies, one by one.</param>
/// <param name="Strata">Each value of this column is divided by the same shares, as well as groups allow; null to divide all alike.</param>
/// <param name="Seed">Seed of the choice; null for the context's.</param>
sealed record Division(string? Groups, string? Strata, int? Seed)
{
    const long SplitKey = 2;

    /// <summary>A part for each fraction, after the one of what is left.</summary>
    public PickedView[] Parts(IHostEnvironment host, IDataView data, params double[] fractions)
    {
        ArgumentNullException.ThrowIfNull(data);
        var parts = Enumerable.Range(0, fractions.Length + 1).Select(_ => new List<int>()).ToArray();
        var found = SplitUnits.Of(data, Groups, Strata, Dice(host));
        if (IsDealt)
            GroupDeal.Deal(found, [1 - fractions.Sum(), .. fractions], parts);
        else
            foreach (var stratum in found.Strata)
            {
                var rows = stratum.Sum(unit => unit.Length);
                var left = stratum;
                for (var part = 1; part <= fractions.Length; part++)
                    left = Draw(left, (int)Math.Round(rows * fractions[part - 1], MidpointRounding.AwayFromZero), parts[part]);
                parts[0].AddRange(left.SelectMany(unit => unit));
            }
        return [.. parts.Select(part => PickedView.Of(data, part, found.Classes.Count))];
    }

    /// <summary>Ways of dividing such that each row is in one test set.</summary>
    public IReadOnlyList<DataOperationsCatalog.TrainTestData> Folds(IHostEnvironment host, IDataView data, int count)
    {
        ArgumentNullException.ThrowIfNull(data);
        var folds = Enumerable.Range(0, Check.AtLeast(count, 2)).Select(_ => new List<int>()).ToArray();
        var found = SplitUnits.Of(data, Groups, Strata, Dice(host));
        if (IsDealt)
            GroupDeal.Deal(found, [.. Enumerable.Repeat(1.0 / count, count)], folds);
        else
            foreach (var stratum in found.Strata)
            {
                var held = new int[count];
                foreach (var unit in stratum)
                {
                    var fold = Enumerable.Range(0, count).MinBy(i => (held[i], folds[i].Count));
                    held[fold] += unit.Length;
                    folds[fold].AddRange(unit);
                }
            }
        var rows = found.Classes.Count;
        return [.. folds.Select(test => InternalMembers.TrainTest(
            PickedView.Of(data, folds.Where(fold => fold != test).SelectMany(fold => fold), rows), PickedView.Of(data, test, rows)))];
    }

    /// <summary>What is doubtful about parts: one without rows, a class that is not in all of them.</summary>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="others">The other parts, by what they are called.</param>
    public IEnumerable<string> Warnings(IDataView train, params (string Name, IDataView Rows)[] others)
    {
        foreach (var (name, rows) in others.Prepend(("train set", train)))
            if (rows.CountRows() == 0)
                yield return $"the {name} is empty{TooFewGroups}. Take other fractions, or more rows.";
        if ((Strata ?? LabelOf(train.Schema)) is not { } label)
            yield break;
        var learnt = Classes(train, label);
        foreach (var (name, rows) in others)
        {
            var held = Classes(rows, label);
            if (rows.CountRows() > 0 && train.CountRows() > 0 && OneSided(learnt, held, name) is { } found)
                yield return found + WhyWhole(label);
        }
    }

    /// <summary>What is doubtful about folds: one without rows, a class that is not tested in all of them, or not learnt.</summary>
    public IEnumerable<string> Warnings(IReadOnlyList<DataOperationsCatalog.TrainTestData> folds)
    {
        int[] empty = [.. Enumerable.Range(0, folds.Count).Where(fold => folds[fold].TestSet.CountRows() == 0)];
        if (empty.Length > 0)
            yield return $"the test set of {Folds(empty)} is empty{TooFewGroups}. Take fewer folds, or more rows.";
        if ((Strata ?? LabelOf(folds[0].TrainSet.Schema)) is not { } label)
            yield break;
        var (untested, unlearnt) = (new SortedDictionary<string, List<int>>(StringComparer.Ordinal),
            new SortedDictionary<string, List<int>>(StringComparer.Ordinal));
        foreach (var fold in Enumerable.Range(0, folds.Count).Except(empty))
        {
            var (learnt, held) = (Classes(folds[fold].TrainSet, label), Classes(folds[fold].TestSet, label));
            foreach (var (classes, found) in new[] { (learnt.Except(held), untested), (held.Except(learnt), unlearnt) })
                foreach (var name in classes)
                    if (!found.TryAdd(name, [fold]))
                        found[name].Add(fold);
        }
        foreach (var (classes, place) in Alike(unlearnt))
            yield return $"{Named(classes)} in the test set of {place} alone, and so never learnt there{WhyWhole(label)}";
        foreach (var (classes, place) in Alike(untested))
            yield return $"{Named(classes)} not in the test set of {place}{WhyWhole(label)}";
    }

    static IEnumerable<(string[] Classes, string Folds)> Alike(SortedDictionary<string, List<int>> found) =>
        found.GroupBy(one => Folds(one.Value), one => one.Key).Select(same => (same.ToArray(), same.Key));

    static string Folds(IReadOnlyCollection<int> folds) =>
        (folds.Count == 1 ? "fold " : "folds ") + string.Join(", ", folds.Select(fold => fold + 1));

    string TooFewGroups => Groups is null ? "" : $": '{Groups}' keeps rows of equal value together, and has too few values";

    string WhyWhole(string label) => Groups == label
        ? $". '{Groups}' as the sampling key keeps each class whole; stratificationColumn: \"{label}\" divides each of them."
        : Groups is not null ? ". Its rows are in too few groups to be divided." : ". It has too few rows to be divided.";

    bool IsDealt => Groups is not null && Strata is not null;

    Dice Dice(IHostEnvironment host) => MlPipelines.Dice.For(Seed ?? host.Seed(), SplitKey);

    static string? OneSided(SortedSet<string> learnt, SortedSet<string> held, string name)
    {
        var (only, never) = (learnt.Except(held).ToArray(), held.Except(learnt).ToArray());
        var sides = new[]
        {
            only.Length > 0 ? $"{Named(only)} not in the {name}" : null,
            never.Length > 0 ? $"{Named(never)} in the {name} alone, and so never learnt" : null,
        }.OfType<string>().ToArray();
        return sides.Length == 0 ? null : string.Join("; ", sides);
    }

    static string Named(string[] classes)
    {
        const int most = 8;
        return (classes.Length == 1 ? "class " : "classes ") + string.Join(", ", classes.Take(most).Select(name => $"'{name}'"))
            + (classes.Length > most ? $" and {classes.Length - most} more" : "") + (classes.Length == 1 ? " is" : " are");
    }

    static SortedSet<string> Classes(IDataView rows, string label) => new(ClassLabels.Of(rows, label).Classes.Keys, StringComparer.Ordinal);

    // The usual column of classes, where there is one that holds classes.
    static string? LabelOf(DataViewSchema schema) =>
        schema.GetColumnOrNull("Label") is { Type: TextDataViewType or KeyDataViewType, Name: var name } ? name : null;

    // Takes the first units that bring the number of rows nearer to the target, never the last one left.
    static int[][] Draw(int[][] units, int target, List<int> part)
    {
        var left = new List<int[]>(units.Length);
        for (var (i, rows, taken) = (0, 0, 0); i < units.Length; i++)
        {
            if (taken == units.Length - 1 || Math.Abs(rows + units[i].Length - target) >= Math.Abs(rows - target))
            {
                left.Add(units[i]);
                continue;
            }
            rows += units[i].Length;
            taken++;
            part.AddRange(units[i]);
        }
        return [.. left];
    }
}
