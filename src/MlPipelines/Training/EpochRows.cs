
namespace MlPipelines;

/// <summary>The rows of each epoch in the order in which they are learnt from; it depends on the seed and the number of the epoch alone, so that a training can go on anywhere.</summary>
sealed class EpochRows
{
    readonly Func<int, IDataView> of;

    EpochRows(Func<int, IDataView> of) => this.of = of;

    public IDataView Of(int epoch) => of(epoch);

    /// <inheritdoc cref="BatchSampling.Shuffled"/>
    public static EpochRows Shuffled(IDataView train, long seed) => new(epoch =>
    {
        var order = new long[train.RowCount];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Dice.For(seed, epoch).Shuffle<long>(order);
        return new IndexedView(train, order);
    });

    /// <inheritdoc cref="BatchSampling.ClassBalanced"/>
    /// <exception cref="InvalidDataException">A row has no class, and bad images are fatal; otherwise it is reported and left out.</exception>
    public static EpochRows ClassBalanced(IDataView train, SampleReader samples, ImageClassificationTrainer.Options options, long seed, Action<SkippedRow> skipped)
    {
        var classes = new SortedDictionary<int, List<long>>();
        for (var position = 0L; position < train.RowCount; position++)
        {
            var row = train.GetRow(position);
            try
            {
                var number = samples.Class(row);
                if (!classes.TryGetValue(number, out var rows))
                    classes.Add(number, rows = []);
                rows.Add(position);
            }
            catch (Exception exception) when (!options.FailOnBadImages && RowReader.IsUnreadable(exception))
            {
                skipped(SkippedRow.Of(row, exception));
            }
        }
        var decks = classes.Select(one => new Deck([.. one.Value], Dice.For(seed, DeckKey, one.Key))).ToArray();
        return new(epoch => new RepeatedView(train, ClassBalanced(decks, epoch, options.BatchSize, Dice.For(seed, epoch))));
    }

    const long DeckKey = -1;

    // The n-th sample since the start is of class n modulo k, so that any samples in a row are of equally many classes; within a batch they are mixed.
    static RepeatedRow[] ClassBalanced(Deck[] decks, int epoch, int batch, Dice dice)
    {
        var rows = new RepeatedRow[decks.Sum(deck => deck.Count)];
        var copies = new Dictionary<long, int>();
        for (var i = 0; i < rows.Length; i++)
        {
            var (round, turn) = Math.DivRem((long)epoch * rows.Length + i, decks.Length);
            var position = decks[turn].Draw(round);
            var copy = copies.GetValueOrDefault(position);
            copies[position] = copy + 1;
            rows[i] = new(position, copy);
        }
        for (var start = 0; start < rows.Length; start += batch)
        {
            var own = dice.Split(start);
            own.Shuffle(rows.AsSpan(start, Math.Min(batch, rows.Length - start)));
        }
        return rows;
    }

    /// <summary>Rows of one class, shuffled anew each time that all are drawn.</summary>
    sealed class Deck(long[] rows, Dice dice)
    {
        long[] order = [];
        long shuffled = -1;

        public int Count => rows.Length;

        public long Draw(long number)
        {
            var (time, place) = Math.DivRem(number, rows.Length);
            if (time != shuffled)
            {
                (order, shuffled) = ([.. rows], time);
                var own = dice.Split(time);
                own.Shuffle<long>(order);
            }
            return order[place];
        }
    }
}
