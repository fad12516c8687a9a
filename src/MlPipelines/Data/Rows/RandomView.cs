namespace MlPipelines;

/// <summary>A view with columns that differ from reading to reading: each cursor draws anew, or what belongs to the epoch that
/// <see cref="ReadingEpoch"/> names.</summary>
/// <param name="source">The view below.</param>
/// <param name="columns">The columns of an epoch, from 0, or of none (-1); always the same names and types.</param>
/// <param name="mixings">How a trainer mixes the samples of a batch.</param>
sealed class RandomView(IDataView source, Func<int, IEnumerable<AddedColumn>> columns, params IEnumerable<ISampleMixing> mixings)
    : IDataView
{
    int opened = -1;

    public DataViewSchema Schema { get; } = ColumnLayout.Extend(source.Schema, columns(0));
    public bool CanShuffle => source.CanShuffle;
    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        var isNeeded = needed.Any(column => column.Index >= source.Schema.Count);
        // A cursor that takes no column of it neither counts as a draw nor makes the reading random.
        var epoch = !isNeeded ? 0 : ReadingEpoch.Current ?? Interlocked.Increment(ref opened);
        var cursor = new AddedCursor(new(source.Schema, columns(epoch), Schema), source, needed, rand);
        // After those below, so that mixings stand in the order of the steps.
        if (isNeeded)
            ReadingEpoch.Tell(mixings);
        return cursor;
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
