namespace MlPipelines;

/// <summary>The samples of each epoch in the order in which they are learnt from; it depends on the seed and the number of the epoch alone,
/// so that a training can go on anywhere.</summary>
sealed class EpochRows
{
    readonly Func<int, SampleDraw[]> of;

    EpochRows(Func<int, SampleDraw[]> of) => this.of = of;

    public SampleDraw[] Of(int epoch) => of(epoch);

    /// <summary>The samples that batches of a kind hold.</summary>
    public static EpochRows For(BatchSampling sampling, SampleTable train, int batchSize, long seed, int? stepsPerEpoch = null)
    {
        var passes = sampling == BatchSampling.ClassBalanced ? ClassBalanced(train, batchSize, seed) : Shuffled(train, seed);
        return stepsPerEpoch is { } steps ? passes.InEpochsOf((long)steps * batchSize) : passes;
    }

    /// <summary>The same samples in the same order, so many in an epoch.</summary>
    public EpochRows InEpochsOf(long samples) => new(epoch =>
    {
        var rows = new SampleDraw[samples];
        var copies = new Dictionary<int, int>();
        var (number, next) = Math.DivRem(epoch * samples, of(0).Length);
        var pass = of((int)number);
        for (var i = 0; i < rows.Length; i++, next++)
        {
            if (next == pass.Length)
                (pass, next) = (of((int)++number), 0);
            // A sample that comes again in an epoch is another copy, whichever pass it is of: what is drawn for it differs.
            var place = pass[next].Place;
            var copy = copies.GetValueOrDefault(place);
            copies[place] = copy + 1;
            rows[i] = new(place, copy);
        }
        return rows;
    });

    /// <inheritdoc cref="BatchSampling.Shuffled"/>
    public static EpochRows Shuffled(SampleTable train, long seed) => new(epoch =>
    {
        var order = new SampleDraw[train.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = new(i);
        Dice.For(seed, epoch).Shuffle<SampleDraw>(order);
        return order;
    });

    /// <inheritdoc cref="BatchSampling.ClassBalanced"/>
    public static EpochRows ClassBalanced(SampleTable train, int batchSize, long seed)
    {
        var classes = new SortedDictionary<int, List<int>>();
        foreach (var (place, sample) in train.Samples.Index())
        {
            if (!classes.TryGetValue(sample.Label, out var rows))
                classes.Add(sample.Label, rows = []);
            rows.Add(place);
        }
        var decks = classes.Select(one => new Deck([.. one.Value], Dice.For(seed, DeckKey, one.Key))).ToArray();
        return new(epoch => ClassBalanced(decks, epoch, batchSize, Dice.For(seed, epoch)));
    }

    // No epoch has this number: decks and epochs are drawn from the same seed.
    const long DeckKey = -1;

    // The n-th sample since the start is of class n modulo k, so that any samples in a row are of equally many classes;
    // within a batch they are mixed.
    static SampleDraw[] ClassBalanced(Deck[] decks, int epoch, int batch, Dice dice)
    {
        var rows = new SampleDraw[decks.Sum(deck => deck.Count)];
        var copies = new Dictionary<int, int>();
        for (var i = 0; i < rows.Length; i++)
        {
            var (round, turn) = Math.DivRem((long)epoch * rows.Length + i, decks.Length);
            var place = decks[turn].Draw(round);
            var copy = copies.GetValueOrDefault(place);
            copies[place] = copy + 1;
            rows[i] = new(place, copy);
        }
        for (var start = 0; start < rows.Length; start += batch)
        {
            var own = dice.Split(start);
            own.Shuffle(rows.AsSpan(start, Math.Min(batch, rows.Length - start)));
        }
        return rows;
    }

    /// <summary>Samples of one class, shuffled anew each time that all are drawn.</summary>
    sealed class Deck(int[] places, Dice dice)
    {
        // Of the time that was drawn from last; any other is shuffled again to the same order, so that epochs may come in any order.
        int[] order = [];
        long shuffled = -1;

        public int Count => places.Length;

        public int Draw(long number)
        {
            var (time, place) = Math.DivRem(number, places.Length);
            if (time != shuffled)
            {
                (order, shuffled) = ([.. places], time);
                var own = dice.Split(time);
                own.Shuffle<int>(order);
            }
            return order[place];
        }
    }
}
