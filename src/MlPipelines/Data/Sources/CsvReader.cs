using System.Text;

namespace MlPipelines;

/// <summary>Rows of a table in text: cells apart by a separator, in quotes where they hold it, a quote or a line end.</summary>
/// <remarks>Source: RFC 4180; line ends are CR LF, LF or CR. A mark of UTF-8 or UTF-16 at the beginning is obeyed, else the text is UTF-8. Empty lines are passed over.</remarks>
sealed class CsvReader(string path, char separator)
{
    const int LongestCell = 1 << 20;

    /// <summary>The rows with the number of the line that each begins on, from 1.</summary>
    /// <exception cref="InvalidDataException">A quote is not closed, followed by text, or the text is no UTF-8; the message names file and line.</exception>
    public IEnumerable<(int Line, string[] Cells)> Read()
    {
        using var text = new StreamReader(path, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
        for (var line = 1; Peek(text, line) >= 0;)
        {
            var start = line;
            var cells = Row(text, ref line);
            if (cells is not [""])
                yield return (start, cells);
        }
    }

    string[] Row(StreamReader text, ref int line)
    {
        var cells = new List<string>();
        while (true)
        {
            cells.Add(Peek(text, line) == '"' ? Quoted(text, ref line) : Plain(text, line));
            var next = Next(text, line);
            if (next == '\r' && Peek(text, line) == '\n')
                Next(text, line);
            if (next != separator)
            {
                line++;
                return [.. cells];
            }
        }
    }

    string Plain(StreamReader text, int line)
    {
        var cell = new StringBuilder();
        for (int next; (next = Peek(text, line)) >= 0 && next != separator && next is not ('\r' or '\n'); Next(text, line))
            Append(cell, next, line);
        return cell.ToString();
    }

    string Quoted(StreamReader text, ref int line)
    {
        var (cell, start) = (new StringBuilder(), line);
        Next(text, line);
        while (true)
        {
            var next = Next(text, line);
            if (next < 0)
                throw new InvalidDataException($"{path}:{start}: a quote is opened and not closed before the end of the file. Close it.");
            if (next == '"' && Peek(text, line) != '"')
                break;
            if (next == '"')
                Next(text, line);
            else if (next == '\n' || next == '\r' && Peek(text, line) != '\n')
                line++;
            Append(cell, next, start);
        }
        return Peek(text, line) is var after && (after < 0 || after == separator || after is '\r' or '\n') ? cell.ToString()
            : throw new InvalidDataException($"{path}:{line}: '{(char)after}' follows a closing quote, '{separator}' or the end of the line is needed. Double the quotes within a cell.");
    }

    void Append(StringBuilder cell, int next, int line)
    {
        if (cell.Length >= LongestCell)
            throw new InvalidDataException($"{path}:{line}: a cell has more than {LongestCell:N0} characters. Is a quote missing, or is it another kind of file?");
        cell.Append((char)next);
    }

    int Peek(StreamReader text, int line) => Checked(text.Peek, line);

    int Next(StreamReader text, int line) => Checked(text.Read, line);

    int Checked(Func<int> read, int line)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException failure)
        {
            throw new InvalidDataException($"{path}: is no UTF-8 after line {line}. Save it as UTF-8.", failure);
        }
    }
}
