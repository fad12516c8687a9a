using System.Collections.Immutable;

namespace MlPipelines.Cli;

/// <summary>The pictures that a command is given by name, and what leads to none.</summary>
/// <param name="Images">As they are listed.</param>
sealed record NamedPictures(NamedImages Images)
{
    const string Listed = "-";

    /// <summary>What the argument says.</summary>
    public const string Description = "Images; folders, with all that lies below them; zip, tar or tar.gz archives; patterns such as "
        + "'photos/**/*.jpg'; - for a list of these on standard input, one a line, or with a zero byte behind each.";

    /// <summary>How many there are.</summary>
    public int Count => Images.Paths.Length;

    /// <summary>What is said of names that lead to no image.</summary>
    public ImmutableArray<string> Failures => [.. Images.Failures.Select(failure => failure.ToString())];

    /// <summary>Lists them, and says what is passed over.</summary>
    /// <exception cref="InvalidDataException">Nothing is named.</exception>
    public static NamedPictures List(Terminal terminal, IEnumerable<string> names)
    {
        string[] all = [.. names.SelectMany(name => name == Listed ? NamesIn(terminal.Input.ReadToEnd()) : [name])];
        if (all.Length == 0)
            throw new InvalidDataException($"{Listed}: the list on standard input names nothing, images are needed, one a line.");
        var images = NamedImages.Of(all);
        foreach (var failure in images.Failures)
            terminal.Error(failure.ToString());
        if (images.Ignored is [var first, ..])
            terminal.Error($"passed over {Counted.Of(images.Ignored.Length, "file that is no image", "files that are no images")}, such as "
                + $"{first.Path} ({first.Reason})");
        return new(images);
    }

    /// <summary>The images, and empty texts in whatever other columns of text the model was fitted on, such as that of the labels,
    /// which its steps ask for.</summary>
    public SourceView View(DataViewSchema? fittedOn) => new(Count,
    [
        SourceColumn.Text(RowSelection.PathColumn, row => Images.Paths[(int)row]),
        .. (fittedOn ?? Enumerable.Empty<DataViewSchema.Column>())
        .Where(column => column is { IsHidden: false, Type: TextDataViewType } && column.Name != RowSelection.PathColumn)
            .Select(column => SourceColumn.Text(column.Name, _ => "")),
    ]);

    // Names may hold ends of lines, so 'find -print0' puts zero bytes behind them. Some programs begin a list with a mark of its encoding.
    static string[] NamesIn(string list) =>
        [.. list.Split(list.Contains('\0') ? ["\0"] : ["\r\n", "\n", "\r"], StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.TrimStart('\uFEFF')).Where(name => name.Length > 0)];
}
