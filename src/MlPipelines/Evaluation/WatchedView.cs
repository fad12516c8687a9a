using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A view whose rows are noted as they go by; when all have gone by for the first time, what they came to is handed on.</summary>
sealed class WatchedView(IDataView source, ScoredRowReader reader, Action<ScoredRows> finish) : IDataView
{
    // Set by the cursor that is first at the end, for good: also where handing on failed.
    int finished;

    public DataViewSchema Schema => source.Schema;
    public bool CanShuffle => source.CanShuffle;
    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        if (Volatile.Read(ref finished) != 0)
            return source.GetRowCursor(needed, rand);
        var selection = new RowSelection(Schema, reader.Columns);
        return new Cursor(this, source.GetRowCursor(needed.Concat(selection.Columns).DistinctBy(column => column.Index), rand), selection,
            [.. needed.Select(column => column.Index)]);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor(WatchedView view, DataViewRowCursor input, RowSelection selection, HashSet<int> asked) : WrappingCursor(input)
    {
        readonly Func<RowValues> take = selection.Reader(input);
        readonly List<NamedScore> read = [];
        readonly ImmutableArray<SkippedRow>.Builder skipped = ImmutableArray.CreateBuilder<SkippedRow>();

        public override bool IsColumnActive(DataViewSchema.Column column) => asked.Contains(column.Index);

        public override bool MoveNext()
        {
            if (Input.MoveNext())
            {
                Note(take());
                return true;
            }
            if (Interlocked.Exchange(ref view.finished, 1) == 0)
                view.Finish([.. read], skipped.ToImmutable());
            return false;
        }

        void Note(RowValues row)
        {
            try
            {
                read.Add(view.Read(row));
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                skipped.Add(SkippedRow.Of(row, exception));
            }
        }
    }

    NamedScore Read(RowValues row) => reader.Read(row);

    void Finish(NamedScore[] read, ImmutableArray<SkippedRow> skipped) => finish(reader.Finish(read, skipped));
}
