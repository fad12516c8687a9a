namespace MlPipelines;

/// <summary>Every row's full path, true class, predicted class and scores as CSV.</summary>
static class PredictionsCsv
{
    internal static string Render(ScoredRows rows)
    {
        var csv = new CsvWriter().Text("path").Text("true").Text("predicted");
        var known = rows.Rows.IsEmpty ? 0 : rows.Rows[0].Scores.Length;
        foreach (var name in rows.ClassNames.Take(known))
            csv.Text($"score {name}");
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
}
