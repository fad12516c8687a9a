namespace MlPipelines.Tests.Data;

public sealed class RowReaderTests
{
    static IDataView Numbers(long count, Func<long, long>? value = null) => MadeUp.Rows(count, MadeUp.Number("X", value ?? (row => row)));

    static IEnumerable<T> Read<T>(IDataView view, Func<RowValues, T> read, RowReading? reading = null,
        CancellationToken cancellation = default) =>
        view.Read(["X"], read, reading, cancellation);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 256)]
    [InlineData(4, 256)]
    [InlineData(7, 3)]
    public void Order_and_content_do_not_depend_on_workers_or_prefetch(int workers, int prefetch)
    {
        var skipped = new List<long>();
        var view = Numbers(1001, row => row % 100 == 5 ? throw new InvalidDataException("bad") : row);
        var read = Read(view, Spun, new() { Workers = workers, Prefetch = prefetch, Skipped = row => skipped.Add(row.Id) }).ToArray();
        Assert.Equal(Enumerable.Range(0, 1001).Select(i => (long)i).Where(i => i % 100 != 5), read);
        Assert.Equal(Enumerable.Range(0, 1001).Select(i => (long)i).Where(i => i % 100 == 5), skipped);

        static long Spun(RowValues row)
        {
            Thread.SpinWait((int)(row.Id % 7) * 100);
            return row.Get<long>("X");
        }
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_named_with_its_reason()
    {
        var view = MadeUp.Rows(10, MadeUp.Text("ImagePath", row => $"{row}.jpg"),
            MadeUp.Number("X", row => row switch
            {
                3 => throw new FileNotFoundException("gone"),
                4 => throw new UnauthorizedAccessException("secret"),
                _ => row
            }));
        var skipped = new List<SkippedRow>();
        Assert.Equal(8, Read(view, row => row["X"], new() { Skipped = skipped.Add }).Count());
        Assert.Equal([new(3, "3.jpg", "gone"), new(4, "4.jpg", "secret")], skipped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Fatal_ends_the_reading_at_the_first_bad_row(int workers)
    {
        var seen = new List<long>();
        var view = Numbers(500, row => row >= 300 ? throw new InvalidDataException($"row {row}") : row);
        var thrown = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var x in Read(view, row => row.Get<long>("X"), new() { Fatal = true, Workers = workers }))
                seen.Add(x);
        });
        Assert.Equal("row 300", thrown.Message);
        Assert.Equal(300, seen.Count);
    }

    [Fact]
    public void Other_exceptions_come_out_unwrapped()
    {
        var thrown = Assert.Throws<DivideByZeroException>(() =>
            Read<long>(Numbers(100), row => row.Id == 50 ? throw new DivideByZeroException("mine") : row.Id,
                new() { Workers = 3 }).Count());
        Assert.Equal("mine", thrown.Message);
        Assert.Throws<DivideByZeroException>(() =>
            Read(Numbers(100, row => row == 50 ? throw new DivideByZeroException() : row), row => row.Id, new() { Workers = 3 }).Count());
    }

    [Fact]
    public void No_more_rows_are_read_than_taken_and_prefetched()
    {
        var (read, moved) = (0, 0);
        using var rows = Read(Numbers(100_000, row => { Interlocked.Increment(ref moved); return row; }),
            row => Interlocked.Increment(ref read), new() { Workers = 4, Prefetch = 64 }).GetEnumerator();
        for (var i = 0; i < 10; i++)
            Assert.True(rows.MoveNext());
        Thread.Sleep(100);
        Assert.InRange(read, 10, 10 + 64 + 64);
        Assert.InRange(moved, 10, 10 + 64 + 64);
    }

    [Fact]
    public void Leaving_early_stops_the_workers_and_closes_the_cursor()
    {
        var read = 0;
        var view = new ClosingView(Numbers(100_000));
        foreach (var _ in Read(view, row => Interlocked.Increment(ref read), new() { Workers = 4 }))
            break;
        var after = Volatile.Read(ref read);
        Thread.Sleep(50);
        Assert.Equal(after, Volatile.Read(ref read));
        Assert.Equal((1, 1), (view.Opened, view.Closed));
    }

    [Fact]
    public void Cancelling_ends_the_reading_with_an_exception()
    {
        using var stop = new CancellationTokenSource();
        var taken = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in Read(Numbers(100_000), row => row.Id, cancellation: stop.Token))
            {
                if (++taken == 700)
                    stop.Cancel();
            }
        });
        Assert.Equal(700, taken);
    }

    [Fact]
    public void Rows_at_some_places_are_read_and_no_others_decoded()
    {
        var read = new List<long>();
        var view = Numbers(1000, row => { lock (read) read.Add(row); return 2 * row; });
        var found = view.ReadAt([700, 3, 40, 3], ["X"], row => row.Get<long>("X"));
        Assert.Equal(new() { [3] = 6, [40] = 80, [700] = 1400 }, found);
        Assert.Equal([3, 40, 700], read);
        Assert.Equal([3], Numbers(9, row => row == 4 ? throw new InvalidDataException("bad") : row).ReadAt([3, 4], ["X"],
            row => row["X"]).Keys);
    }

    [Fact]
    public void A_value_that_cannot_be_had_says_so_when_it_is_asked_for()
    {
        var rows = MadeUp.Rows(2, MadeUp.Number("X", row => row == 0 ? throw new InvalidDataException("no X") : row),
            MadeUp.Number("Y", row => row)).Rows("X", "Y").ToArray();
        Assert.Equal((0, 1), (rows[0].Get<long>("Y"), rows[1].Get<long>("X")));
        Assert.Equal("no X", Assert.Throws<InvalidDataException>(() => rows[0]["X"]).Message);
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_with_those_there_are_before_a_row_is_read() =>
        Assert.StartsWith("Column 'Y': not found, the data has 'X' (Int64)",
            Assert.Throws<ArgumentException>(() => Numbers(3).Read(["Y"], row => row)).Message);

    /// <summary>Counts the cursors that are opened and closed.</summary>
    sealed class ClosingView(IDataView source) : IDataView
    {
        internal int Opened { get; private set; }
        internal int Closed { get; private set; }

        public DataViewSchema Schema => source.Schema;
        public bool CanShuffle => false;
        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            Opened++;
            return new Cursor(this, source.GetRowCursor(columnsNeeded));
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];

        sealed class Cursor(ClosingView view, DataViewRowCursor input) : WrappingCursor(input)
        {
            protected override void Dispose(bool disposing)
            {
                if (disposing)
                    view.Closed++;
                base.Dispose(disposing);
            }
        }
    }
}
