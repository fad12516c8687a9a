using System.Globalization;
using System.Reflection;

namespace MlPipelines;

/// <summary>A text file of cells as rows of a user's class, whose members say by <see cref="LoadColumnAttribute"/> which cells they are.</summary>
sealed class TextTable<TRow>
{
    readonly string path;
    readonly (int Line, string[] Cells)[] rows;
    readonly (SchemaDefinition.Column Column, LoadColumnAttribute Place)[] members;

    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="rows">Its cells, and the numbers of their lines, from 1.</param>
    /// <exception cref="ArgumentException">A member does not say which cell it is.</exception>
    public TextTable(string path, IEnumerable<(int Line, string[] Cells)> rows)
    {
        (this.path, this.rows) = (path, [.. rows]);
        members = [.. SchemaDefinition.Create(typeof(TRow)).Select(column => (column, typeof(TRow).GetMember(column.MemberName)[0].GetCustomAttribute<LoadColumnAttribute>()
            ?? throw new ArgumentException($"{typeof(TRow).Name}.{column.MemberName}: does not say which column of the file it is. Mark it [LoadColumn(number)], or [NoColumn].")))];
    }

    public SourceView ToView() => new(new DataViewSchema(members.Select(member => new DataViewSchema.Column(member.Column.ColumnName, member.Column.ColumnType))), rows.Length, (row, column) => Value(rows[row], members[column]));

    /// <summary>The lines of a file, cut at a separator; empty ones are passed over.</summary>
    public static IEnumerable<(int Line, string[] Cells)> Split(string path, char separator) =>
        File.ReadLines(path).Index().Where(line => line.Item.Length > 0).Select(line => (line.Index + 1, line.Item.Split(separator)));

    /// <summary>The lines of a file whose cells may be in quotes.</summary>
    public static IEnumerable<(int Line, string[] Cells)> Unquote(string path, char separator) => new CsvReader(path, separator).Read().Select(row => (row.Line, row.Cells));

    object Value((int Line, string[] Cells) row, (SchemaDefinition.Column Column, LoadColumnAttribute Place) member)
    {
        var (start, end) = (member.Place.Start, member.Place.End);
        if (row.Cells.Length <= end)
            throw new InvalidDataException($"{path}:{row.Line}: has {row.Cells.Length} columns, number {end} (from 0) is needed for '{member.Column.ColumnName}'. Check the separator.");
        if (member.Column.ColumnType is not VectorDataViewType { Item: var item })
            return Parse(row.Cells[start], member.Column.ColumnType.RawType, row.Line);
        var values = Array.CreateInstance(item, end - start + 1);
        for (var i = start; i <= end; i++)
            values.SetValue(Parse(row.Cells[i], item, row.Line), i - start);
        return values;
    }

    object Parse(string cell, Type type, int line)
    {
        if (type == typeof(string))
            return cell;
        if (cell.Length == 0 && type == typeof(float))
            return float.NaN;
        if (cell.Length == 0 && type == typeof(double))
            return double.NaN;
        try
        {
            return type == typeof(bool) && cell is "0" or "1" ? cell == "1" : Convert.ChangeType(cell, type, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or InvalidCastException)
        {
            throw new InvalidDataException($"{path}:{line}: '{cell}' is no {type.Name}. Check the column, and whether the file has a header.", exception);
        }
    }
}
