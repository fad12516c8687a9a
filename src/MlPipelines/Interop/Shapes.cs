namespace MlPipelines.Interop;

/// <summary>Shapes of schemas, by which ML.NET checks a chain of estimators before data flows: names and kinds, without sizes.</summary>
static class Shapes
{
    /// <summary>What a schema of that shape becomes by what happens to schemas. Sizes that the shape does not say are open.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static SchemaShape After(SchemaShape input, Func<DataViewSchema, DataViewSchema> transform)
    {
        var before = Schema(input);
        var after = transform(before);
        if (ReferenceEquals(before, after))
            return input;
        // What passes keeps its annotations, which a schema of a shape does not have.
        var passed = input.ToDictionary(column => column.Name);
        return new(SchemaShape.Create(after).Select(column => after[column.Name].Index < before.Count ? passed[column.Name] : column));
    }

    /// <summary>The shape with columns added or replaced.</summary>
    public static SchemaShape With(SchemaShape input, params IEnumerable<SchemaShape.Column> columns)
    {
        var added = columns.ToArray();
        return new(input.Where(column => added.All(one => one.Name != column.Name)).Concat(added));
    }

    /// <summary>A schema of that shape.</summary>
    public static DataViewSchema Schema(SchemaShape shape)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in shape)
            builder.AddColumn(column.Name, TypeOf(column));
        return builder.ToSchema();
    }

    public static SchemaShape.Column Key(string name) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
            SchemaShape.Create(KeyNames.ForKey(["a"]).Schema));

    public static SchemaShape.Column Scores(string name) =>
        new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false,
            SchemaShape.Create(KeyNames.ForScores(["a"]).Schema));

    public static SchemaShape.Column Vector(string name) =>
        new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);

    static DataViewType TypeOf(SchemaShape.Column column)
    {
        var item = column.IsKey && column.ItemType is PrimitiveDataViewType number ? new KeyDataViewType(number.RawType, int.MaxValue)
            : column.ItemType;
        return column.Kind == SchemaShape.Column.VectorKind.Scalar || item is not PrimitiveDataViewType primitive ? item
            : new VectorDataViewType(primitive);
    }
}
