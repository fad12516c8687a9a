namespace MlPipelines;

/// <summary>A view with columns that differ from reading to reading: each cursor draws anew, or what belongs to the epoch that <see cref="ReadingEpoch"/> names.</summary>
/// <param name="source">The view below.</param>
/// <param name="columns">The columns of an epoch, from 0; always the same names and types.</param>
sealed class RandomView(IDataView source, Func<int, IEnumerable<AddedColumn>> columns) : IDataView
{
    int opened = -1;

    public DataViewSchema Schema { get; } = ColumnLayout.Extend(source.Schema, columns(0));
    public bool CanShuffle => source.CanShuffle;
    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new AddedCursor(new(source.Schema, columns(ReadingEpoch.Take() ?? Interlocked.Increment(ref opened)), Schema), source, columnsNeeded, rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
}
