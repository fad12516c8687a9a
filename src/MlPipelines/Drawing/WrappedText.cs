namespace MlPipelines;

/// <summary>Text in lines of limited width; what does not fit is left out and marked by ….</summary>
static class WrappedText
{
    /// <summary>Lines broken at spaces and at line feeds; a word that is wider than a line is shortened.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="columns">Width of a line, as <see cref="DisplayText.Width"/> counts.</param>
    /// <param name="most">The most lines; the last one holds the rest, shortened.</param>
    internal static IReadOnlyList<string> Lines(string text, int columns, int most)
    {
        var lines = new List<string>();
        foreach (var part in text.Split('\n'))
        {
            var line = "";
            foreach (var word in DisplayText.Visible(part).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var longer = line.Length == 0 ? word : $"{line} {word}";
                if (line.Length > 0 && DisplayText.Width(longer) > columns)
                {
                    lines.Add(line);
                    longer = word;
                }
                line = longer;
            }
            if (line.Length > 0)
                lines.Add(line);
        }
        var shown = lines.Count <= most ? lines : [.. lines.Take(most - 1), string.Join(' ', lines.Skip(most - 1))];
        return [.. shown.Select(line => DisplayText.Shorten(line, columns))];
    }
}
