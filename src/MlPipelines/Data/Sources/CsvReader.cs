using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace MlPipelines;

/// <summary>Rows of a table in text: cells apart by a separator, in quotes where they hold it, a quote or a line end.</summary>
/// <remarks>
/// Source: RFC 4180; line ends are CR LF, LF or CR. A mark of UTF-8 or UTF-16 at the beginning is obeyed, else the text is UTF-8.
/// Empty lines are passed over. A quote within a cell that does not begin with one is text.
/// </remarks>
sealed class CsvReader(string path, char separator)
{
    const int LongestRow = 1 << 24;

    /// <summary>The rows with the number of the line that each begins on, from 1.</summary>
    /// <exception cref="InvalidDataException">A quote is open or followed by text, or it is no UTF-8;
    /// the message names file and line.</exception>
    public IEnumerable<(int Line, string[] Cells)> Read()
    {
        if (!char.IsAscii(separator) || separator is '"' or '\r' or '\n')
            throw new ArgumentException($"{path}: the separator is '{separator}', "
                + "an ASCII character other than a quote or a line end is needed. Replace it in the file.");
        var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
        using var rows = CsvHelper.CsvReader.Create(text, new()
        {
            Separator = separator,
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = LongestRow,
        });
        for (var line = 0; Next(rows, line);)
        {
            line = (int)rows.LineNumber;
            yield return (line, Cells(rows, line));
        }
    }

    string[] Cells(CsvHelper.CsvReader rows, int line)
    {
        var cells = new string[rows.FieldCount];
        for (var i = 0; i < cells.Length; i++)
        {
            if (rows.GetRawSpan(i) is [(byte)'"', ..] quoted)
                CheckQuotes(quoted, line);
            cells[i] = rows.GetString(i);
        }
        return cells;
    }

    void CheckQuotes(ReadOnlySpan<byte> cell, int line)
    {
        var end = 1;
        while (end < cell.Length && (cell[end] != '"' || cell[end..] is [_, (byte)'"', ..]))
            end += cell[end] == '"' ? 2 : 1;
        if (end >= cell.Length)
            throw new InvalidDataException(
                $"{path}:{line}: a quote is opened and not closed before the end of the file. Close it.");
        if (end < cell.Length - 1)
            throw new InvalidDataException(
                $"{path}:{line}: '{Encoding.UTF8.GetString(cell[(end + 1)..]).EnumerateRunes().First()}' follows a closing quote, "
                + $"'{separator}' or the end of the line is needed. Double the quotes within a cell.");
    }

    // The reader is ahead of its rows.
    int? NoText()
    {
        using var bytes = new StreamReader(path, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        for (var line = 1; bytes.ReadLine() is { } text; line++)
            if (!Utf8.IsValid(Encoding.Latin1.GetBytes(text)))
                return line;
        return null;
    }

    bool Next(CsvHelper.CsvReader rows, int line)
    {
        try
        {
            return rows.Read();
        }
        catch (DecoderFallbackException failure)
        {
            throw new InvalidDataException($"{path}:{NoText() ?? line + 1}: is no UTF-8. Save the table as UTF-8.", failure);
        }
        catch (CsvFormatException failure)
        {
            throw new InvalidDataException(
                $"{path}:{failure.LineNumber}: a row has more than {LongestRow:N0} bytes. "
                + "Is a quote missing, or is it another kind of file?", failure);
        }
    }
}
