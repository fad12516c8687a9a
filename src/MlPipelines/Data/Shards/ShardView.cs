using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>The scored rows of all parts in the order of the whole, read one after the other: the columns that the model gave, and why a
/// picture could not be read. The number of a row is its id, as in the source.</summary>
sealed class ShardView : IDataView
{
    readonly ImmutableArray<ShardPart> parts;
    readonly ShardHeader header;

    /// <param name="parts">All parts of one whole, at least one.</param>
    public ShardView(ImmutableArray<ShardPart> parts)
    {
        (this.parts, header) = (parts, parts[0].Header);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(RowSelection.PathColumn, TextDataViewType.Instance);
        foreach (var text in header.Texts)
            builder.AddColumn(text, TextDataViewType.Instance);
        builder.AddColumn(header.Numbers, new VectorDataViewType(NumberDataViewType.Single, header.Width),
            header.Classes.IsEmpty ? null : KeyNames.ForScores(header.Classes));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }
    public bool CanShuffle => false;
    public long? GetRowCount() => header.WholeRows;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    IEnumerable<SavedRow> Merged()
    {
        var open = new PriorityQueue<IEnumerator<SavedRow>, long>();
        var all = new List<IEnumerator<SavedRow>>();
        try
        {
            foreach (var part in parts)
            {
                all.Add(part.Read().GetEnumerator());
                Enqueue(all[^1]);
            }
            for (var place = 0L; open.TryDequeue(out var rows, out var next); place++)
            {
                if (next != place)
                    throw new InvalidOperationException($"row {place} of the shards is in none or in two of them.");
                yield return rows.Current;
                Enqueue(rows);
            }
        }
        finally
        {
            foreach (var rows in all)
                rows.Dispose();
        }

        void Enqueue(IEnumerator<SavedRow> rows)
        {
            if (rows.MoveNext())
                open.Enqueue(rows, rows.Current.Place);
        }
    }

    sealed class Cursor(ShardView view, HashSet<int> active) : DataViewRowCursor
    {
        readonly IEnumerator<SavedRow> rows = view.Merged().GetEnumerator();
        long position = -1;
        bool over;

        public override DataViewSchema Schema => view.Schema;
        public override long Position => over ? -1 : position;
        public override long Batch => 0;
        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);
        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)rows.Current.Place, 0);

        public override bool MoveNext()
        {
            if (over || !rows.MoveNext())
            {
                over = true;
                return false;
            }
            position++;
            return true;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            Getter(column.Index) as ValueGetter<TValue> ?? throw new InvalidOperationException(
                $"Column '{column.Name}': asked for {typeof(TValue).Name}, holds {column.Type}.");

        Delegate Getter(int column)
        {
            if (column == 0)
                return Text(row => row.Path);
            var text = column - 1;
            return text < view.header.Texts.Length ? Text(row => row.Texts[text])
                : new Numbers(() => rows.Current, view.header.Width).ToGetter();
        }

        ValueGetter<ReadOnlyMemory<char>> Text(Func<SavedRow, string> of) =>
            (ref ReadOnlyMemory<char> text) => text = of(rows.Current).AsMemory();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rows.Dispose();
            base.Dispose(disposing);
        }
    }

    sealed class Numbers(Func<SavedRow> row, int width) : IFailing
    {
        public string? Failure { get; private set; }

        public ValueGetter<VBuffer<float>> ToGetter() => Get;

        void Get(ref VBuffer<float> vector)
        {
            var (numbers, failure) = (row().Numbers, row().Failure);
            Failure = failure;
            var editor = VBufferEditor.Create(ref vector, width);
            if (numbers is null)
                editor.Values.Fill(float.NaN);
            else
                numbers.CopyTo(editor.Values);
            vector = editor.Commit();
        }
    }
}
