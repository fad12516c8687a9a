namespace MlPipelines;

/// <summary>A data view over values that are computed from the number of the row.</summary>
/// <param name="schema">The columns.</param>
/// <param name="rowCount">Number of rows.</param>
/// <param name="cell">The value at (row, column); called from several threads.</param>
public sealed class SourceView(DataViewSchema schema, long rowCount, Func<long, int, object> cell) : IDataView
{
    public DataViewSchema Schema { get; } = schema;
    public long RowCount { get; } = Check.AtLeast(rowCount, 0);

    public DataViewRow GetRow(long position, Pass pass = default) => position >= 0 && position < RowCount
        ? new Row(this, position, pass)
        : throw new ArgumentOutOfRangeException(nameof(position), $"Row {position}: the data has {RowCount} rows, from 0 to {RowCount - 1}.");

    object Cell(long row, int column) => cell(row, column);

    sealed class Row(SourceView view, long position, Pass pass) : DataViewRow
    {
        readonly object?[] values = new object?[view.Schema.Count];

        public override DataViewSchema Schema => view.Schema;
        public override long Id { get; } = pass.IdOf(position);
        public override object GetValue(int column) => values[column] ??= view.Cell(position, column);
    }
}
