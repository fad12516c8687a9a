namespace MlPipelines;

/// <summary>Some values of one row, taken out of a cursor. Pictures are not decoded yet.</summary>
sealed class RowValues
{
    readonly object[] values;
    readonly RowSelection selection;

    internal RowValues(RowSelection selection, int place, long id, object[] values) =>
        (this.selection, Place, Id, this.values) = (selection, place, id, values);

    /// <summary>The number of the row in what was read, from 0.</summary>
    public int Place { get; }

    /// <summary>Which sample this is.</summary>
    public long Id { get; }

    /// <summary>The value in a column, as <see cref="RowColumn"/> describes it.</summary>
    /// <exception cref="InvalidDataException">It cannot be had.</exception>
    public object this[string column] => values[selection.IndexOf(column)] is Unreadable { Reason: var reason }
        ? throw new InvalidDataException(reason) : values[selection.IndexOf(column)];

    public T Get<T>(string column) => (T)this[column];

    /// <summary>The row's file, or "row" and its number.</summary>
    public string Name =>
        selection.Has(RowSelection.PathColumn) && values[selection.IndexOf(RowSelection.PathColumn)] is string { Length: > 0 } path ? path
        : $"row {Id}";

    internal sealed record Unreadable(string Reason);
}

/// <summary>The columns that are taken out of a cursor.</summary>
sealed class RowSelection
{
    public const string PathColumn = "ImagePath";

    readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    readonly DataViewSchema.Column[] columns;

    /// <param name="schema">The columns there are.</param>
    /// <param name="names">Those that are taken.</param>
    /// <param name="withPath">Whether the column of paths is taken too, where there is one, so that messages can name the file.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public RowSelection(DataViewSchema schema, IEnumerable<string> names, bool withPath = true)
    {
        var all = names.Concat(!withPath || schema.FindText(PathColumn) is null ? [] : [PathColumn]).Distinct(StringComparer.Ordinal)
            .ToArray();
        columns = [.. all.Select(schema.Find)];
        foreach (var (index, name) in all.Index())
            places.Add(name, index);
    }

    public IReadOnlyList<DataViewSchema.Column> Columns => columns;

    public bool Has(string column) => places.ContainsKey(column);

    public int IndexOf(string column) => places[column];

    /// <summary>What takes the values of the row that a cursor is on. A value that cannot be had says so when it is asked for.</summary>
    public Func<RowValues> Reader(DataViewRow row)
    {
        var place = 0;
        var (ids, readers) = (RowColumn.Ids(row), Array.ConvertAll(columns, column => RowColumn.Reader(row, row.Schema[column.Index])));
        return () =>
        {
            var values = new object[readers.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = Value(readers[i]);
            return new(this, place++, ids(), values);
        };
    }

    static object Value(Func<object> read)
    {
        try
        {
            return UnreadPicture.Read(read);
        }
        catch (Exception exception) when (RowReader.IsUnreadable(exception))
        {
            return new RowValues.Unreadable(exception.Message);
        }
    }
}
