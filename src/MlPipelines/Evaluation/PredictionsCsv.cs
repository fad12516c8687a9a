using System.Globalization;

namespace MlPipelines;

/// <summary>Every row's full path, true class, predicted class and scores as CSV.</summary>
static class PredictionsCsv
{
    const string Score = "score ";

    static readonly string[] first = ["path", "true", "predicted"];

    internal static string Render(ScoredRows rows)
    {
        var csv = new CsvWriter();
        foreach (var name in first)
            csv.Text(name);
        var known = rows.Rows.IsEmpty ? 0 : rows.Rows[0].Scores.Length;
        foreach (var name in rows.ClassNames.Take(known))
            csv.Text($"{Score}{name}");
        csv.EndRow();
        foreach (var row in rows.Rows)
        {
            csv.Text(row.Path is { } path ? ArchivePath.Full(path) : $"row {row.Id}")
                .Text(rows.ClassNames[row.Label]).Text(rows.ClassNames[row.Predicted]);
            foreach (var score in row.Scores)
                csv.Number(score);
            csv.EndRow();
        }
        return csv.ToString();
    }

    /// <summary>The rows of a file that <see cref="Render"/> wrote; the pictures are not looked for.</summary>
    /// <exception cref="InvalidDataException">It is another file, or damaged; the message names it and the line.</exception>
    internal static ScoredRows Read(string path)
    {
        using var lines = new CsvReader(path, ',').Read().GetEnumerator();
        if (!lines.MoveNext() || !lines.Current.Cells.Take(first.Length).SequenceEqual(first))
            throw new InvalidDataException(
                $"{path}: does not begin with the columns {string.Join(", ", first)}, so it is no table of predictions that a run left.");
        string[] known = [.. lines.Current.Cells[first.Length..].Select(cell => CsvWriter.TextOf(cell.StartsWith(Score,
            StringComparison.Ordinal) ? cell[Score.Length..] : cell))];
        var read = new List<(string Path, string True, string Predicted, float[] Scores)>();
        while (lines.MoveNext())
            read.Add(Row(path, lines.Current.Line, lines.Current.Cells, known.Length));
        string[] names = [.. known.Concat(read.SelectMany(row => new[] { row.True, row.Predicted }).Order(StringComparer.Ordinal))
            .Distinct()];
        var places = names.Index().ToDictionary(name => name.Item, name => name.Index);
        return new()
        {
            ClassNames = [.. names],
            Rows = [.. read.Select((row, place) =>
                new ScoredRow(place, row.Path, places[row.True], places[row.Predicted], row.Scores, null))],
            Skipped = [],
            UnlabelledCount = 0,
        };
    }

    static (string, string, string, float[]) Row(string path, int line, string[] cells, int scores)
    {
        if (cells.Length != first.Length + scores)
            throw new InvalidDataException(
                $"{path}:{line}: has {Counted.Of(cells.Length, "cell")}, needs {first.Length + scores} as in the first line. Is the "
                    + "file cut short?");
        var numbers = cells[first.Length..].Select(cell =>
            float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) ? score : float.NaN);
        return (CsvWriter.TextOf(cells[0]), CsvWriter.TextOf(cells[1]), CsvWriter.TextOf(cells[2]), [.. numbers]);
    }
}
