namespace MlPipelines.Cli;

/// <summary>Rows of cells in columns.</summary>
static class TextTable
{
    const int Widest = 60;

    /// <summary>Whether a table would shorten a cell.</summary>
    public static bool Shortens(string cell) => DisplayText.Width(DisplayText.Visible(cell)) > Widest;

    /// <summary>Writes a table, as wide as its cells; long ones are shortened in the middle.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="rows">The rows, the header first; text of files among them.</param>
    /// <param name="right">Columns of numbers.</param>
    public static void Write(Terminal terminal, IEnumerable<IReadOnlyList<string>> rows, params int[] right)
    {
        string[][] all = [.. rows.Select(row => row.Select(cell => DisplayText.Shorten(DisplayText.Visible(cell), Widest)).ToArray())];
        var widths = Enumerable.Range(0, all[0].Length).Select(column => all.Max(row => DisplayText.Width(row[column]))).ToArray();
        foreach (var row in all)
            terminal.Line(string.Join("  ", row.Select((cell, column) => right.Contains(column)
                ? DisplayText.PadLeft(cell, widths[column]) : DisplayText.PadRight(cell, widths[column]))).TrimEnd());
    }
}
