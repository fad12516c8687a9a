using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>A column that says which class, group or stratum a row belongs to: text, a key or a number. Names are in normal form, so that
/// those which look alike are one.</summary>
sealed class LabelColumn
{
    LabelColumn(DataViewSchema.Column column) => (Column, Known) =
        (column, KeyNames.OrNumbers(column) is { } names ? [.. names.Select(NormalForm.Of)] : null);

    public DataViewSchema.Column Column { get; }

    public string Name => Column.Name;

    public bool IsKey => Column.Type is KeyDataViewType;

    /// <summary>The names of a key's values, in their order; null where only the rows tell.</summary>
    public ImmutableArray<string>? Known { get; }

    /// <exception cref="ArgumentException">The column is missing, or holds neither text nor keys nor numbers.</exception>
    public static LabelColumn Of(DataViewSchema schema, string name,
        string role = "column of classes") => schema.Find(Check.Named(name)) is var column
        && column.Type is TextDataViewType or KeyDataViewType || column.Type.IsNumber() ? new(column)
            : throw new ArgumentException(
                $"Column '{name}': holds {column.Type.InWords()}, a {role} needs text, a key or a number. Name the column of the labels.");

    /// <summary>Reads the name of a row's class; null for a row without one.</summary>
    public Func<string?> Reader(DataViewRow row)
    {
        var read = RowColumn.Reader(row, row.Schema[Column.Index]);
        return () => NameOf(read());
    }

    /// <summary>The name of the class that a value of the column stands for; null for none.</summary>
    public string? NameOf(object value) => value switch
    {
        string text => text.Length == 0 ? null : NormalForm.Of(text),
        uint key when IsKey => key == 0 ? null
            : Known is { } names && key <= names.Length ? names[(int)key - 1] : key.ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
