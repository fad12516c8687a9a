
namespace MlPipelines.Tests.Data;

public sealed class RowReaderTests
{
    static SourceView Numbers(long count, Func<long, object>? value = null) =>
        new(new(new DataViewSchema.Column("X", new PrimitiveDataViewType(typeof(long)))), count, (row, _) => value?.Invoke(row) ?? row);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 256)]
    [InlineData(4, 256)]
    [InlineData(7, 3)]
    public void Order_and_content_do_not_depend_on_workers_or_prefetch(int workers, int prefetch)
    {
        var order = Enumerable.Range(0, 1001).Select(i => (long)(i * 37 % 1001)).ToArray();
        var skipped = new List<long>();
        var view = Numbers(1001, row => row % 100 == 5 ? throw new InvalidDataException("bad") : row);
        var read = view.Read(row => { Thread.SpinWait((int)(row.Id % 7) * 100); return row.Get<long>("X"); },
            new() { Order = order, Workers = workers, Prefetch = prefetch, Skipped = row => skipped.Add(row.Id) }).ToArray();
        Assert.Equal(order.Where(i => i % 100 != 5), read);
        Assert.Equal(order.Where(i => i % 100 == 5), skipped);
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_named_with_its_reason()
    {
        var view = new SourceView(new(new("ImagePath", new TextDataViewType()), new("X", new PrimitiveDataViewType(typeof(long)))), 10,
            (row, column) => column == 0 ? $"{row}.jpg" : row switch { 3 => throw new FileNotFoundException("gone"), 4 => throw new UnauthorizedAccessException("secret"), _ => row });
        var skipped = new List<SkippedRow>();
        Assert.Equal(8, view.Read(row => row.GetValue(1), new() { Skipped = skipped.Add }).Count());
        Assert.Equal([new(3, "3.jpg", "gone"), new(4, "4.jpg", "secret")], skipped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Fatal_ends_the_reading_at_the_first_bad_row(int workers)
    {
        var seen = new List<long>();
        var thrown = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var x in Numbers(500, row => row >= 300 ? throw new InvalidDataException($"row {row}") : row).Read(row => row.Get<long>("X"), new() { Fatal = true, Workers = workers }))
                seen.Add(x);
        });
        Assert.Equal("row 300", thrown.Message);
        Assert.Equal(300, seen.Count);
    }

    [Fact]
    public void Other_exceptions_come_out_unwrapped()
    {
        var thrown = Assert.Throws<DivideByZeroException>(() => Numbers(100).Read<long>(row => row.Id == 50 ? throw new DivideByZeroException("mine") : row.Id, new() { Workers = 3 }).Count());
        Assert.Equal("mine", thrown.Message);
    }

    [Fact]
    public void No_more_rows_are_read_than_taken_and_prefetched()
    {
        var read = 0;
        using var rows = Numbers(100_000).Read(row => Interlocked.Increment(ref read), new() { Workers = 4, Prefetch = 64 }).GetEnumerator();
        for (var i = 0; i < 10; i++)
            Assert.True(rows.MoveNext());
        Thread.Sleep(100);
        Assert.InRange(read, 10, 10 + 64 + 64);
    }

    [Fact]
    public void Leaving_early_stops_the_workers()
    {
        var read = 0;
        foreach (var _ in Numbers(100_000).Read(row => Interlocked.Increment(ref read), new() { Workers = 4 }))
            break;
        var after = Volatile.Read(ref read);
        Thread.Sleep(50);
        Assert.Equal(after, Volatile.Read(ref read));
    }

    [Fact]
    public void Cancelling_ends_the_reading_with_an_exception()
    {
        using var stop = new CancellationTokenSource();
        var taken = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var _ in Numbers(100_000).Read(row => row.Id, cancellation: stop.Token))
            {
                if (++taken == 700)
                    stop.Cancel();
            }
        });
        Assert.Equal(700, taken);
    }

    [Fact]
    public void Batches_are_full_but_for_the_last() =>
        Assert.Equal([4, 4, 2], Numbers(10).ReadBatches(row => row.Id, 4).Select(batch => batch.Length));

    [Fact]
    public void A_column_is_read_as_its_own_type_only()
    {
        Assert.Equal([0, 1, 2], Numbers(3).GetColumn<long>("X"));
        Assert.StartsWith("Column 'X': asked for String, holds Int64", Assert.Throws<ArgumentException>(() => Numbers(3).GetColumn<string>("X")).Message);
        Assert.StartsWith("Column 'Y': not found, the data has 'X' (Int64)", Assert.Throws<ArgumentException>(() => Numbers(3).GetColumn<string>("Y")).Message);
    }
}
