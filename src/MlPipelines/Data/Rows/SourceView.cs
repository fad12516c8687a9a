using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A column of a source: the value of each row by the row's number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Getter">Makes the getter, given what tells the row's number.</param>
sealed record SourceColumn(string Name, DataViewType Type, Func<Func<long>, Delegate> Getter)
{
    public static SourceColumn Text(string name, Func<long, string> value) =>
        new(name, TextDataViewType.Instance,
            row => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> text) => text = value(row()).AsMemory()));

    /// <param name="name">Name of the column.</param>
    /// <param name="type">With the pictures' size where all have one.</param>
    /// <param name="picture">The picture of a row, not decoded yet.</param>
    /// <param name="unreadable">Told of one that cannot be read, which ML.NET's steps then get as none; null where that ends them.</param>
    public static SourceColumn Pictures(string name, ImageDataViewType type, Func<long, Imaging.Image> picture,
        Action<Exception>? unreadable = null) =>
        new(name, type, row => new SourcePictures(() => new(picture(row()), row()), unreadable).ToGetter());

    sealed class SourcePictures(Func<Picture> current, Action<Exception>? unreadable) : PictureGetter
    {
        public override Picture Current() => current();

        protected override void Unreadable(Exception exception)
        {
            if (unreadable is null)
                base.Unreadable(exception);
            else
                unreadable(exception);
        }
    }
}

/// <summary>Rows whose values are computed from their number: what the sources of this library give. The number is the row's id.</summary>
class SourceView : IDataView
{
    readonly ImmutableArray<SourceColumn> columns;

    public SourceView(long rowCount, params ImmutableArray<SourceColumn> columns)
    {
        (RowCount, this.columns) = (Check.AtLeast(rowCount, 0), columns);
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type);
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }
    public long RowCount { get; }
    public bool CanShuffle => true;
    public long? GetRowCount() => RowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded, rand);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor : DataViewRowCursor
    {
        readonly SourceView view;
        readonly bool[] active;
        readonly long[]? order;
        long position = -1;

        public Cursor(SourceView view, IEnumerable<DataViewSchema.Column> needed, Random? random)
        {
            this.view = view;
            active = new bool[view.Schema.Count];
            foreach (var column in needed)
                active[column.Index] = true;
            if (random is null)
                return;
            order = new long[view.RowCount];
            for (var i = 0; i < order.Length; i++)
                order[i] = i;
            random.Shuffle(order);
        }

        public override DataViewSchema Schema => view.Schema;
        // The place in what is read; the row's number, and so its id, is another where rows are shuffled.
        public override long Position => position < view.RowCount ? position : -1;
        public override long Batch => 0;
        public override bool MoveNext() => position < view.RowCount && ++position < view.RowCount;
        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];
        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)Row(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            view.columns[column.Index].Getter(Row) as ValueGetter<TValue> ?? throw new InvalidOperationException(
                $"Column '{column.Name}': asked for {typeof(TValue).Name}, holds {column.Type}.");

        long Row() => order?[position] ?? position;
    }
}
