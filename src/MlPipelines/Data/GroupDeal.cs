namespace MlPipelines;

/// <summary>Groups dealt to parts so that each class has in each part the share of the part, as nearly as whole groups allow.</summary>
/// <remarks>
/// What is made small is the sum over parts and classes of the squared distance from that share, as a fraction of the class, so that small
/// classes count as much as large ones: first by dealing the largest groups first, each to where it does most good, then by moving single
/// groups and by exchanging two as long as that helps. The first part, which is learnt from, has every class.
/// </remarks>
sealed class GroupDeal
{
    const int MostExchanged = 1000;
    const double Gain = 1e-12;

    readonly int[][] groups;
    readonly (int Class, int Rows)[][] classes;
    readonly double[] sizes, shares;
    readonly double[,] held;
    readonly int[] parts, members;

    GroupDeal(SplitUnits units, double[] shares)
    {
        // The largest first; those of equal size in their random order.
        groups = [.. units.Strata.SelectMany(stratum => stratum).Index().OrderByDescending(unit => unit.Item.Length)
            .ThenBy(unit => units.KeyOf(unit.Item)).Select(unit => unit.Item)];
        var names = units.Classes.Distinct(StringComparer.Ordinal).Index().ToDictionary(one => one.Item, one => one.Index);
        // All rows together are one class more: parts have their share of rows too.
        sizes = new double[names.Count + 1];
        classes = [.. groups.Select(group => group.GroupBy(row => names[units.Classes[row]]).Select(one => (one.Key, one.Count()))
            .Append((names.Count, group.Length)).ToArray())];
        foreach (var (one, rows) in classes.SelectMany(group => group))
            sizes[one] += rows;
        this.shares = shares;
        (held, parts, members) = (new double[shares.Length, sizes.Length], new int[groups.Length], new int[shares.Length]);
    }

    /// <summary>Adds the rows of each group to one of the lists.</summary>
    /// <param name="units">The groups.</param>
    /// <param name="shares">The share of each part; they sum to 1.</param>
    /// <param name="into">The rows of each part.</param>
    public static void Deal(SplitUnits units, double[] shares, IReadOnlyList<List<int>> into)
    {
        var deal = new GroupDeal(units, shares);
        deal.First();
        deal.FillEmpty();
        deal.LearnAll();
        while (deal.Move() || deal.Exchange())
        {
        }
        foreach (var (group, part) in deal.parts.Index())
            into[part].AddRange(deal.groups[group]);
    }

    void First()
    {
        for (var group = 0; group < groups.Length; group++)
            Put(group, Enumerable.Range(0, shares.Length).MinBy(part => Cost(group, part)));
    }

    // A part without a group gets the one that it costs least to move there, where another has several.
    void FillEmpty()
    {
        for (var part = 0; part < shares.Length; part++)
            if (members[part] == 0 && Cheapest(part, group => members[parts[group]] > 1) is { } group)
                Take(group, part);
    }

    void LearnAll()
    {
        for (var one = 0; one < sizes.Length - 1; one++)
            if (held[0, one] == 0 && Cheapest(0, group => Holds(group, one)) is { } group)
                Take(group, 0);
    }

    int? Cheapest(int part, Predicate<int> fits) => Enumerable.Range(0, groups.Length).Where(group => parts[group] != part && fits(group))
        .Select(group => (int?)group).MinBy(group => Cost(group!.Value, part) + Relief(group.Value));

    bool Move()
    {
        var moved = false;
        for (var group = 0; group < groups.Length; group++)
            for (var part = 0; part < shares.Length; part++)
                if (part != parts[group] && MayLeave(group, null) && Relief(group) + Cost(group, part) < -Gain)
                {
                    Take(group, part);
                    moved = true;
                }
        return moved;
    }

    // As many pairs as there are would take long where there are many groups; then single moves come near enough.
    bool Exchange()
    {
        if (groups.Length > MostExchanged)
            return false;
        var exchanged = false;
        for (var first = 0; first < groups.Length; first++)
            for (var second = first + 1; second < groups.Length; second++)
                exchanged |= parts[first] != parts[second] && MayLeave(first, second) && MayLeave(second, first) && Exchange(first, second);
        return exchanged;
    }

    bool Exchange(int first, int second)
    {
        var (one, other) = (parts[first], parts[second]);
        var change = Relief(first);
        Remove(first);
        change += Relief(second);
        Remove(second);
        change += Cost(first, other);
        Put(first, other);
        change += Cost(second, one);
        if (change < -Gain)
        {
            Put(second, one);
            return true;
        }
        Remove(first);
        Put(first, one);
        Put(second, other);
        return false;
    }

    // No part loses its last group, and the first one no class.
    bool MayLeave(int group, int? instead) => (instead is not null || members[parts[group]] > 1)
        && (parts[group] != 0
            || Array.TrueForAll(classes[group], one => held[0, one.Class] > one.Rows || instead is { } other && Holds(other, one.Class)));

    bool Holds(int group, int one) => Array.Exists(classes[group], held => held.Class == one);

    // By how much the sum rises when the group comes to the part.
    double Cost(int group, int part)
    {
        var cost = 0.0;
        foreach (var (one, rows) in classes[group])
            cost += rows * (2 * (held[part, one] - shares[part] * sizes[one]) + rows) / (sizes[one] * sizes[one]);
        return cost;
    }

    // By how much it rises, mostly below 0, when the group leaves its part.
    double Relief(int group)
    {
        var (cost, part) = (0.0, parts[group]);
        foreach (var (one, rows) in classes[group])
            cost += rows * (rows - 2 * (held[part, one] - shares[part] * sizes[one])) / (sizes[one] * sizes[one]);
        return cost;
    }

    void Take(int group, int part)
    {
        Remove(group);
        Put(group, part);
    }

    void Put(int group, int part)
    {
        (parts[group], members[part]) = (part, members[part] + 1);
        foreach (var (one, rows) in classes[group])
            held[part, one] += rows;
    }

    void Remove(int group)
    {
        members[parts[group]]--;
        foreach (var (one, rows) in classes[group])
            held[parts[group], one] -= rows;
    }
}
