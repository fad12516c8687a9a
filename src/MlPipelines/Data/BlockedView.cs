using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A data view with columns that are computed for a block of rows at once, when the first of them is asked for, and then remembered.</summary>
/// <typeparam name="TPart">What is read of one row.</typeparam>
/// <typeparam name="TResult">What is computed for one row.</typeparam>
sealed class BlockedView<TPart, TResult> : IDataView where TPart : class where TResult : class
{
    readonly IDataView source;
    readonly Func<DataViewRow, TPart> read;
    readonly Func<TPart[], IEnumerable<TResult>> compute;
    readonly Func<TResult, object>?[] values;
    readonly Lazy<Outcome[]>[] blocks;
    readonly int size;

    /// <param name="source">The view below.</param>
    /// <param name="size">Rows of a block.</param>
    /// <param name="read">Called by several threads; a row that it cannot read is left out of its block and fails when it is asked for.</param>
    /// <param name="compute">The results of a block, one for each row that could be read.</param>
    /// <param name="columns">Values of the new columns.</param>
    public BlockedView(IDataView source, int size, Func<DataViewRow, TPart> read, Func<TPart[], IEnumerable<TResult>> compute, params (DataViewSchema.Column Column, Func<TResult, object> Value)[] columns)
    {
        (this.source, this.size, this.read, this.compute) = (source, size, read, compute);
        Schema = columns.Aggregate(source.Schema, (schema, column) => schema.With(column.Column));
        values = new Func<TResult, object>?[Schema.Count];
        foreach (var (column, value) in columns)
            values[Schema.Find(column.Name).Index] = value;
        blocks = [.. Enumerable.Range(0, (int)((source.RowCount + size - 1) / size)).Select(block => new Lazy<Outcome[]>(() => Compute((long)block * size)))];
    }

    public DataViewSchema Schema { get; }
    public long RowCount => source.RowCount;
    public bool Repeats => source.Repeats;
    public ImmutableArray<ISampleMixing> Mixings => source.Mixings;

    /// <remarks>While fitting, rows of random transforms differ from epoch to epoch, so that each is then computed alone.</remarks>
    public DataViewRow GetRow(long position, Pass pass = default) =>
        new Row(this, source.GetRow(position, pass), position, alone: pass.Fitting && !Repeats);

    TResult At(long position) => blocks[position / size].Value[position % size] is { Result: { } result } ? result
        : throw new InvalidDataException(blocks[position / size].Value[position % size].Failure);

    Outcome[] Compute(long start)
    {
        var order = Enumerable.Range(0, (int)Math.Min(size, source.RowCount - start)).Select(i => start + i).ToArray();
        var parts = source.Read(Part, new() { Order = order }).ToArray();
        var read = parts.Where(part => part.Part is not null).Select(part => part.Part!).ToArray();
        var results = new Queue<TResult>(read.Length == 0 ? [] : compute(read));
        return [.. parts.Select(part => new Outcome(part.Part is null ? null : results.Dequeue(), part.Failure))];
    }

    (TPart? Part, string? Failure) Part(DataViewRow row)
    {
        try
        {
            return (read(row), null);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return (null, exception.Message);
        }
    }

    readonly record struct Outcome(TResult? Result, string? Failure);

    sealed class Row(BlockedView<TPart, TResult> view, DataViewRow below, long position, bool alone) : DataViewRow
    {
        TResult? result;

        public override DataViewSchema Schema => view.Schema;
        public override long Id => below.Id;
        public override object GetValue(int column) => view.values[column] is { } value ? value(result ??= alone ? view.compute([view.read(below)]).Single() : view.At(position)) : below.GetValue(column);
    }
}
