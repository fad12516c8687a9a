namespace MlPipelines;

/// <summary>A view that is plain to everyone but a trainer of this library that learns from it: what a step transforms outside the chain
/// that is being fitted, as where one chain is put whole into another.</summary>
/// <param name="plain">What others see.</param>
/// <param name="random">What a trainer learns from: the same columns, drawn anew in each epoch.</param>
sealed class LearnersView(IDataView plain, RandomView random) : IDataView
{
    public DataViewSchema Schema => plain.Schema;
    public bool CanShuffle => plain.CanShuffle;
    public long? GetRowCount() => plain.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        Shown.GetRowCursor(columnsNeeded, rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        Shown.GetRowCursorSet(columnsNeeded, n, rand);

    IDataView Shown => ReadingEpoch.Current is >= 0 ? random : plain;
}
