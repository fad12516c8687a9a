using System.Buffers;
using System.Globalization;
using System.Text;

namespace MlPipelines;

/// <summary>Comma-separated text whose cells stay text: no cell of ours is read as a formula by a spreadsheet.</summary>
/// <remarks>Source: RFC 4180; a text that begins like a formula gets an apostrophe before it.</remarks>
sealed class CsvWriter
{
    static readonly SearchValues<char> Special = SearchValues.Create(",;\"\r\n\t|");
    readonly StringBuilder text = new();
    bool begun;

    /// <summary>A cell of text, made safe.</summary>
    public CsvWriter Text(string? value) => Cell(Safe(value ?? ""));

    /// <summary>A number, in the shortest form that reads back the same; empty when it is not a number.</summary>
    public CsvWriter Number(double value) => Cell(double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Number(double)"/>
    public CsvWriter Number(float value) => Cell(float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Ends the row.</summary>
    public CsvWriter EndRow()
    {
        text.Append("\r\n");
        begun = false;
        return this;
    }

    /// <summary>The text that a cell was made of, without what keeps a spreadsheet from reading it as a formula.</summary>
    public static string TextOf(string cell) => cell is ['\'', var first, ..] && "=+-@＝＋－＠\t\r\n ".Contains(first) ? cell[1..] : cell;

    public override string ToString() => text.ToString();

    CsvWriter Cell(string cell)
    {
        if (begun)
            text.Append(',');
        begun = true;
        text.Append(cell);
        return this;
    }

    static string Safe(string value)
    {
        var start = value.AsSpan().TrimStart();
        var formula = !start.IsEmpty && "=+-@＝＋－＠".Contains(start[0]) || value is ['\t' or '\r' or '\n', ..];
        var cell = formula ? $"'{value}" : value;
        return cell.AsSpan().ContainsAny(Special) || cell != cell.Trim() ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
    }
}
