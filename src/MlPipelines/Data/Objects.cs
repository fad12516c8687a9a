namespace MlPipelines;

/// <summary>Data views over objects of one class.</summary>
static class Objects<TRow> where TRow : class
{
    public static SourceView View(IEnumerable<TRow> data, SchemaDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(data);
        var rows = data.ToArray();
        if (Array.IndexOf(rows, null) is var missing and >= 0)
            throw new ArgumentException($"Row {missing}: is null, needs a {typeof(TRow).Name}.", nameof(data));
        return Bind(definition)(rows);
    }

    /// <summary>The way from objects to views, found once for many views.</summary>
    public static Func<TRow[], SourceView> Bind(SchemaDefinition definition)
    {
        var schema = new DataViewSchema(definition.Select(column => new DataViewSchema.Column(column.ColumnName, column.ColumnType)));
        var getters = definition.Select(column => MemberAccess.Getter(typeof(TRow), column.MemberName)).ToArray();
        return rows => new SourceView(schema, rows.Length, (row, column) => Value(rows[row], getters[column], schema[column]));
    }

    static object Value(TRow row, Func<object, object?> getter, DataViewSchema.Column column) => getter(row) switch
    {
        null when column.Type is TextDataViewType => "",
        null => throw new InvalidDataException($"{typeof(TRow).Name}, column '{column.Name}': is null, needs {column.Type}."),
        ReadOnlyMemory<char> text => text.ToString(),
        var value => value,
    };
}
