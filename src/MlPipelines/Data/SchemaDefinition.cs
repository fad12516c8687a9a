using System.Collections.Immutable;
using System.Reflection;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Which members of a user's class are columns, under which names, of which types.</summary>
public sealed class SchemaDefinition : IReadOnlyList<SchemaDefinition.Column>
{
    static readonly Type[] Primitives =
    [
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double),
    ];

    readonly ImmutableArray<Column> columns;

    SchemaDefinition(ImmutableArray<Column> columns) => this.columns = columns;

    /// <summary>One member that is a column.</summary>
    public sealed record Column(string MemberName, string ColumnName, DataViewType ColumnType);

    /// <summary>The public fields and readable properties of a class, those of its base classes included, as their attributes say.</summary>
    /// <exception cref="ArgumentException">A member is of a type that no column holds.</exception>
    public static SchemaDefinition Create(Type userType)
    {
        ArgumentNullException.ThrowIfNull(userType);
        return new([.. userType.GetMembers(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => member is FieldInfo or PropertyInfo { CanRead: true } && member.GetCustomAttribute<NoColumnAttribute>() is null
                && !(member is PropertyInfo property && property.GetIndexParameters().Length > 0))
            .Select(member => new Column(member.Name, member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name, TypeOf(member)))]);
    }

    public int Count => columns.Length;
    public Column this[int index] => columns[index];

    /// <summary>The column of that member.</summary>
    public Column this[string memberName] => columns.FirstOrDefault(column => column.MemberName == memberName)
        ?? throw new ArgumentException($"Member '{memberName}': not found, there are {string.Join(", ", columns.Select(column => column.MemberName))}.");

    /// <summary>This definition with another name or type for one member's column.</summary>
    public SchemaDefinition With(string memberName, string? columnName = null, DataViewType? columnType = null) =>
        new(columns.Replace(this[memberName], new(memberName, columnName ?? this[memberName].ColumnName, columnType ?? this[memberName].ColumnType)));

    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)columns).GetEnumerator();
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    internal static Type ValueType(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    static DataViewType TypeOf(MemberInfo member)
    {
        var type = ValueType(member);
        if (type == typeof(string) || type == typeof(ReadOnlyMemory<char>))
            return new TextDataViewType();
        if (type == typeof(uint) && member.GetCustomAttribute<KeyTypeAttribute>() is not null)
            return new KeyDataViewType();
        if (Primitives.Contains(type))
            return new PrimitiveDataViewType(type);
        if (type == typeof(Image))
            return member.GetCustomAttribute<ImageTypeAttribute>() is { } size ? new ImageDataViewType(size.Height, size.Width) : new ImageDataViewType();
        if (type.IsSZArray && (Primitives.Contains(type.GetElementType()) || type == typeof(string[])))
            return new VectorDataViewType(type.GetElementType()!, [.. member.GetCustomAttribute<VectorTypeAttribute>()?.Dimensions ?? []]);
        throw new ArgumentException($"{member.DeclaringType?.Name}.{member.Name}: is a {type.Name}, a column holds string, {string.Join(", ", Primitives.Select(primitive => primitive.Name))}, "
            + "an array of these, or an Image. Change its type or mark it [NoColumn].");
    }
}
