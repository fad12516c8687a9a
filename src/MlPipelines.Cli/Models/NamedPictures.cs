using System.Collections.Immutable;

namespace MlPipelines.Cli;

/// <summary>The pictures that a command is given by name, and what leads to none.</summary>
/// <param name="Images">As they are listed.</param>
sealed record NamedPictures(NamedImages Images)
{
    const string Listed = "-";

    /// <summary>What the argument says.</summary>
    public const string Description = "Images; folders, with all that lies below them; zip, tar or tar.gz archives; patterns such as "
        + "'photos/**/*.jpg'; - for a list of these on standard input, one a line.";

    /// <summary>How many there are.</summary>
    public int Count => Images.Paths.Length;

    /// <summary>What is said of names that lead to no image.</summary>
    public ImmutableArray<string> Failures => [.. Images.Failures.Select(failure => failure.ToString())];

    /// <summary>Lists them, and says what is passed over.</summary>
    public static NamedPictures List(Terminal terminal, IEnumerable<string> names)
    {
        var images = NamedImages.Of(names.SelectMany(name => name == Listed ? Lines(terminal.Input) : [name]));
        foreach (var failure in images.Failures)
            terminal.Error(failure.ToString());
        if (images.Ignored is [var first, ..])
            terminal.Error($"passed over {images.Ignored.Length} files that are no images, such as {first.Path} ({first.Reason})");
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

    static IEnumerable<string> Lines(TextReader input)
    {
        // Some programs begin a list with a mark of its encoding.
        while (input.ReadLine()?.TrimStart('\uFEFF') is { } line)
            if (line.Length > 0)
                yield return line;
    }
}
