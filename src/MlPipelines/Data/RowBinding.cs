namespace MlPipelines;

/// <summary>Fills objects of a user's class from the columns of rows.</summary>
sealed class RowBinding<T> where T : class, new()
{
    readonly (int Column, Func<object, object> Convert, Action<object, object> Set)[] members;

    RowBinding((int, Func<object, object>, Action<object, object>)[] members) => this.members = members;

    public static RowBinding<T> Of(DataViewSchema schema, SchemaDefinition definition, bool ignoreMissingColumns) => new([.. definition
        .Where(member => !ignoreMissingColumns || schema.GetColumnOrNull(member.ColumnName) is not null)
        .Select(member => (Member: member, Column: schema.Find(member.ColumnName), Set: MemberAccess.Setter(typeof(T), member.MemberName)))
        .Where(binding => binding.Set is not null)
        .Select(binding => (binding.Column.Index, Conversion(binding.Member, binding.Column), binding.Set!))]);

    public void Fill(DataViewRow row, T item)
    {
        foreach (var (column, convert, set) in members)
            set(item, convert(row.GetValue(column)));
    }

    static Func<object, object> Conversion(SchemaDefinition.Column member, DataViewSchema.Column column)
    {
        var type = SchemaDefinition.ValueType(typeof(T).GetMember(member.MemberName)[0]);
        if (type == column.Type.RawType)
            return value => value;
        if (column.Type is TextDataViewType && type == typeof(ReadOnlyMemory<char>))
            return value => ((string)value).AsMemory();
        throw new ArgumentException($"{typeof(T).Name}.{member.MemberName}: is a {type.Name}, column '{column.Name}' holds {column.Type} ({column.Type.RawType.Name}). "
            + (column.Type is KeyDataViewType ? "Append MapKeyToValue to have its text, or make the member a UInt32." : "Give the member that type."));
    }
}
