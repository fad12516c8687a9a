namespace MlPipelines;

/// <summary>Looks for the balanced set on which the accuracies of types lie farthest apart.</summary>
/// <remarks>
/// Pictures of one class with which all types fare alike are the same to the search: a cell. A state is how many of each cell are in the
/// set, and the types' sums, so that an exchange of two pictures costs one look at the types. It begins with a set grown picture by
/// picture, with sets drawn at random, and with the best set for each pair of types, which for the range is the best of all; each is
/// bettered by exchanges until none helps. It depends on the seed alone.
/// </remarks>
sealed class DirectedSearch
{
    const int RandomStarts = 2, BestPairs = 4;

    readonly BalancedPool pool;
    readonly SpreadMeasure measure;
    readonly double[][] shares;
    readonly Cell[][] cells;
    readonly int types;

    public DirectedSearch(TypeShares shares, BalancedPool pool, SpreadMeasure measure)
    {
        (this.pool, this.measure, this.shares, types) = (pool, measure, shares.Shares, shares.Types.Length);
        cells = [.. pool.ByClass.Select(pictures => pictures.GroupBy(picture => Key(shares.Shares[picture]))
            .Select(group => new Cell(shares.Shares[group.First()], [.. group])).ToArray())];
    }

    /// <summary>The set, in ascending order.</summary>
    public int[] Find(Dice dice, CancellationToken cancellation = default)
    {
        State? best = null;
        foreach (var start in Starts(dice))
        {
            cancellation.ThrowIfCancellationRequested();
            Exchange(start);
            if (best is null || Spread(start.Sums) > Spread(best.Sums) + 1e-12)
                best = start;
        }
        return [.. best!.Counts.SelectMany((counts, of) => counts.SelectMany((count, cell) =>
            BalancedPool.Shuffled(cells[of][cell].Pictures, dice.Split(of).Split(cell)).Take(count))).Order()];
    }

    IEnumerable<State> Starts(Dice dice)
    {
        yield return Grown();
        var pairs = from a in Enumerable.Range(0, types)
                    from b in Enumerable.Range(0, types)
                    where a != b
                    select Ordered(cell => cell.Shares[a] - cell.Shares[b]);
        foreach (var pair in pairs.OrderByDescending(state => Spread(state.Sums)).Take(BestPairs))
            yield return pair;
        for (var i = 0; i < RandomStarts; i++)
            yield return Of(pool.Draw(dice.Split(i)));
    }

    // Of each class the pictures with the greatest value.
    State Ordered(Func<Cell, double> value)
    {
        var state = Empty();
        foreach (var (of, quota) in pool.Quotas.Index())
        {
            var left = quota;
            foreach (var (place, cell) in cells[of].Index().OrderByDescending(one => value(one.Item)).ThenBy(one => one.Index))
            {
                var taken = Math.Min(left, cell.Pictures.Length);
                Add(state, of, place, taken);
                left -= taken;
            }
        }
        return state;
    }

    // One picture after the other, of a class whose turn it is, that spreads the accuracies most.
    State Grown()
    {
        var state = Empty();
        var tried = new double[types];
        for (var round = 0; round < pool.Quotas.Max(); round++)
            for (var of = 0; of < cells.Length; of++)
            {
                if (round >= pool.Quotas[of])
                    continue;
                var (best, most) = (-1, double.NegativeInfinity);
                for (var cell = 0; cell < cells[of].Length; cell++)
                {
                    if (state.Counts[of][cell] == cells[of][cell].Pictures.Length)
                        continue;
                    Changed(state.Sums, cells[of][cell].Shares, null, tried);
                    if (Spread(tried) is var spread && spread > most + 1e-12)
                        (best, most) = (cell, spread);
                }
                Add(state, of, best, 1);
            }
        return state;
    }

    State Of(int[] pictures)
    {
        var state = Empty();
        var places = cells.SelectMany((row, of) => row.SelectMany((cell, place) =>
            cell.Pictures.Select(picture => KeyValuePair.Create(picture, (of, place))))).ToDictionary();
        foreach (var picture in pictures)
            Add(state, places[picture].of, places[picture].place, 1);
        return state;
    }

    void Exchange(State state)
    {
        for (var improved = true; improved;)
        {
            improved = false;
            for (var of = 0; of < cells.Length; of++)
                for (var leaving = 0; leaving < cells[of].Length; leaving++)
                    for (var coming = 0; coming < cells[of].Length; coming++)
                        while (leaving != coming && Improves(state, of, leaving, coming))
                            improved = true;
        }
    }

    bool Improves(State state, int of, int leaving, int coming)
    {
        if (state.Counts[of][leaving] == 0 || state.Counts[of][coming] == cells[of][coming].Pictures.Length)
            return false;
        Span<double> tried = types <= 64 ? stackalloc double[types] : new double[types];
        Changed(state.Sums, cells[of][coming].Shares, cells[of][leaving].Shares, tried);
        if (Spread(tried) <= Spread(state.Sums) + 1e-12)
            return false;
        Add(state, of, leaving, -1);
        Add(state, of, coming, 1);
        return true;
    }

    static void Changed(ReadOnlySpan<double> sums, double[] coming, double[]? leaving, Span<double> to)
    {
        for (var type = 0; type < to.Length; type++)
            to[type] = sums[type] + coming[type] - (leaving is null ? 0 : leaving[type]);
    }

    void Add(State state, int of, int cell, int count)
    {
        state.Counts[of][cell] += count;
        for (var type = 0; type < types; type++)
            state.Sums[type] += count * cells[of][cell].Shares[type];
    }

    State Empty() => new([.. cells.Select(row => new int[row.Length])], new double[types]);

    double Spread(ReadOnlySpan<double> sums) => measure.Of(sums, pool.Size);

    static string Key(double[] shares) =>
        string.Join(' ', shares.Select(share => share.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>The spread on a set.</summary>
    public double SpreadOn(IEnumerable<int> pictures)
    {
        var sums = new double[types];
        foreach (var picture in pictures)
            for (var type = 0; type < types; type++)
                sums[type] += shares[picture][type];
        return Spread(sums);
    }

    sealed record Cell(double[] Shares, int[] Pictures);

    sealed record State(int[][] Counts, double[] Sums);
}
