using System.Globalization;

namespace MlPipelines;

/// <summary>A column of rows: its values as this library takes them out of a cursor.</summary>
/// <remarks>Text is a string, a key its number from 1 (0: none), a vector an array (or a <see cref="LazyVector"/>), a picture a
/// <see cref="Picture"/>, a stream its bytes, anything else what it is.</remarks>
static class RowColumn
{
    /// <summary>The column of that name that is not hidden.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    public static DataViewSchema.Column Find(this DataViewSchema schema, string name)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"Column '{name}': not found, the data has "
                + string.Join(", ",
                    schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}' ({column.Type.InWords()})")) + ".");
    }

    /// <summary>The column of that name if it holds text.</summary>
    public static DataViewSchema.Column? FindText(this DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) is { Type: TextDataViewType } column ? column : null;

    /// <summary>Names of the columns of pictures, in their order.</summary>
    public static IEnumerable<string> PictureColumns(this DataViewSchema schema) =>
        schema.Where(column => !column.IsHidden && column.Type is ImageDataViewType).Select(column => column.Name);

    /// <summary>What a column holds, for messages.</summary>
    public static string InWords(this DataViewType type) => type switch
    {
        TextDataViewType => "text",
        KeyDataViewType key => key.Count is > 0 and < int.MaxValue ? $"key of {key.Count}" : "key",
        VectorDataViewType vector => $"{vector.ItemType.RawType.Name}[{string.Join(",", vector.Dimensions.Where(size => size > 0))}]",
        ImageDataViewType { Width: > 0 } image => $"image {image.Width}×{image.Height}",
        ImageDataViewType => "image",
        ImageStreamDataViewType => "stream of an image's file",
        _ => type.RawType.Name,
    };

    /// <summary>Whether a column holds single numbers or truth values.</summary>
    public static bool IsNumber(this DataViewType type) => type is NumberDataViewType or BooleanDataViewType;

    /// <summary>Reads a column of one row or cursor, of which it must be active.</summary>
    /// <exception cref="ArgumentException">The column holds something that is not read here.</exception>
    public static Func<object> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => Text(row, column),
        KeyDataViewType => Key(row, column),
        ImageDataViewType => Pictures(row, column),
        ImageStreamDataViewType => Streams(row, column),
        VectorDataViewType { ItemType: var item } => Vector(row, column, item),
        var type when Values.TryGetValue(type.RawType, out var value) => value(row, column),
        var type => throw new ArgumentException($"Column '{column.Name}': holds {type.InWords()}, which is not read here."),
    };

    /// <summary>Number of the sample; the same after any filter, split or shuffle.</summary>
    public static Func<long> Ids(DataViewRow row)
    {
        var getter = row.GetIdGetter();
        return () =>
        {
            DataViewRowId id = default;
            getter(ref id);
            return NumberOf(id);
        };
    }

    // Ids with an upper half, such as those of copies, are mixed into one number: it never comes back to the row.
    public static long NumberOf(DataViewRowId id) => id.High == 0 ? (long)id.Low : (long)Dice.For((long)id.Low, (long)id.High).Bits();

    static Func<object> Text(DataViewRow row, DataViewSchema.Column column)
    {
        var (getter, value) = (row.GetGetter<ReadOnlyMemory<char>>(column), default(ReadOnlyMemory<char>));
        return () =>
        {
            getter(ref value);
            return value.ToString();
        };
    }

    static Func<object> Key(DataViewRow row, DataViewSchema.Column column)
    {
        var read = Values[column.Type.RawType](row, column);
        return () => Convert.ToUInt32(read(), CultureInfo.InvariantCulture);
    }

    static Func<object> Pictures(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<MLImage>(column);
        var (ids, value) = (Ids(row), default(MLImage)!);
        // Views above the one that the getter comes from may have made copies, which are samples of their own.
        if (PictureGetter.Of(getter) is { } own)
            return () => own.Current() with { Id = ids() };
        return () =>
        {
            Get(getter, ref value, column, ids);
            var id = ids();
            return value is null ? throw new InvalidDataException($"column '{column.Name}', row {id}: has no picture.")
                : new Picture(MLPictures.ToImage(value, $"column '{column.Name}', row {id}"), id);
        };
    }

    static Func<object> Streams(DataViewRow row, DataViewSchema.Column column)
    {
        var (getter, ids, value) = (row.GetGetter<Stream>(column), Ids(row), default(Stream)!);
        return () =>
        {
            getter(ref value);
            return ImageStreamDataViewType.Read(value, $"column '{column.Name}', row {ids()}");
        };
    }

    static void Get<T>(ValueGetter<T> getter, ref T value, DataViewSchema.Column column, Func<long> ids)
    {
        try
        {
            getter(ref value);
        }
        catch (Exception exception) when (exception is not InvalidDataException && IsOfForeignPicture(exception))
        {
            throw new InvalidDataException($"column '{column.Name}', row {ids()}: {exception.Message}", exception);
        }
    }

    // What ML.NET's own loading and decoding of a picture throws.
    static bool IsOfForeignPicture(Exception exception) =>
        exception is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException;

    static Func<object> Vector(DataViewRow row, DataViewSchema.Column column, PrimitiveDataViewType item) => item.RawType switch
    {
        var type when type == typeof(float) => Dense<float>(row, column),
        var type when type == typeof(byte) => Dense<byte>(row, column),
        var type when type == typeof(double) => Dense<double>(row, column),
        var type when type == typeof(int) => Dense<int>(row, column),
        _ => throw new ArgumentException(
            $"Column '{column.Name}': holds {column.Type.InWords()}, vectors of Single, Double, Int32 or Byte are read here."),
    };

    static Func<object> Dense<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var (getter, value) = (row.GetGetter<VBuffer<T>>(column), default(VBuffer<T>));
        if (VectorGetter.Of(getter) is { } own)
            return own.Current;
        var (scored, ids) = (getter.Target as IFailing, Ids(row));
        return () =>
        {
            Get(getter, ref value, column, ids);
            // Asked after the getter: it belongs to the value that was got last.
            if (scored?.Failure is { } reason)
                throw new InvalidDataException(reason);
            return value.DenseValues().ToArray();
        };
    }

    static readonly Dictionary<Type, Func<DataViewRow, DataViewSchema.Column, Func<object>>> Values = new()
    {
        [typeof(bool)] = Value<bool>,
        [typeof(float)] = Value<float>,
        [typeof(double)] = Value<double>,
        [typeof(sbyte)] = Value<sbyte>,
        [typeof(byte)] = Value<byte>,
        [typeof(short)] = Value<short>,
        [typeof(ushort)] = Value<ushort>,
        [typeof(int)] = Value<int>,
        [typeof(uint)] = Value<uint>,
        [typeof(long)] = Value<long>,
        [typeof(ulong)] = Value<ulong>,
        [typeof(DateTime)] = Value<DateTime>,
        [typeof(TimeSpan)] = Value<TimeSpan>,
        [typeof(DateTimeOffset)] = Value<DateTimeOffset>,
    };

    static Func<object> Value<T>(DataViewRow row, DataViewSchema.Column column) where T : struct
    {
        var (getter, value) = (row.GetGetter<T>(column), default(T));
        return () =>
        {
            getter(ref value);
            return value;
        };
    }
}

/// <summary>The target of a getter whose value may be missing, and that knows why.</summary>
interface IFailing
{
    /// <summary>Why the value that was got last is missing; null where it is not.</summary>
    string? Failure { get; }
}
