using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Images with the name of a class each, as columns ImagePath and Label,
/// and Image where they do not lie in files of their own.</summary>
public class LabelledImages : IDataView
{
    readonly SourceView rows;

    /// <param name="path">The folder or file that lists them.</param>
    /// <param name="images">Path and class of each.</param>
    /// <param name="ignored">What is not part of the data.</param>
    /// <param name="image">Opens one, by its number; null when the path is enough.</param>
    internal LabelledImages(string path, IReadOnlyList<(string Path, string Label)> images, IEnumerable<IgnoredFile> ignored,
        Func<int, Imaging.Image>? image = null)
    {
        Path = path;
        Ignored = [.. ignored.OrderBy(file => file.Path, StringComparer.Ordinal)];
        Classes = [.. images.Select(image => image.Label).Distinct().Order(StringComparer.Ordinal)];
        Counts = images.CountBy(image => image.Label).ToImmutableSortedDictionary(StringComparer.Ordinal);
        SourceColumn[] columns = [SourceColumn.Text(RowSelection.PathColumn, row => images[(int)row].Path),
            SourceColumn.Text("Label", row => images[(int)row].Label)];
        rows = new(images.Count, image is null ? [.. columns] : [.. columns,
            SourceColumn.Pictures("Image", new ImageDataViewType(), row => image((int)row),
                exception => Unreadable?.Invoke(exception.Message))]);
    }

    /// <summary>The folder, archive or table that they come from.</summary>
    public string Path { get; }

    /// <summary>Names of the classes that have images, in ordinal order.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>Number of images of each class.</summary>
    public ImmutableSortedDictionary<string, int> Counts { get; }

    /// <summary>What is there and was not taken, with the reason; hidden files are not among them.</summary>
    public ImmutableArray<IgnoredFile> Ignored { get; }

    /// <summary>What was passed over because its name begins with a dot, or the system hides it; of a folder that is hidden, not what lies
    /// in it.</summary>
    public ImmutableArray<string> Hidden { get; internal init; } = [];

    /// <summary>Told of an image that cannot be read, which ML.NET's steps get as none.</summary>
    internal Action<string>? Unreadable { get; set; }

    /// <inheritdoc/>
    public DataViewSchema Schema => rows.Schema;

    /// <summary>Number of images.</summary>
    public long RowCount => rows.RowCount;

    /// <inheritdoc/>
    public bool CanShuffle => rows.CanShuffle;

    /// <inheritdoc/>
    public long? GetRowCount() => rows.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        rows.GetRowCursor(columnsNeeded, rand);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        rows.GetRowCursorSet(columnsNeeded, n, rand);
}

/// <summary>A file or folder that is not part of the data, or a line of a table (<c>file:line</c>).</summary>
public sealed record IgnoredFile(string Path, string Reason);
