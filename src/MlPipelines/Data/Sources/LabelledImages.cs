using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Images with the name of a class each, as columns ImagePath and Label, Group where the source says what an image was taken of,
/// and Image where they do not lie in files of their own.</summary>
/// <remarks>Names of classes are in Unicode's normal form C, whatever form the source writes them in, so that names which look alike are
/// one class.</remarks>
public class LabelledImages : IDataView
{
    /// <summary>Column of what the images were taken of.</summary>
    internal const string GroupColumn = "Group";

    readonly SourceView rows;
    readonly IReadOnlyList<LabelledImage> images;
    readonly Func<int, Imaging.Image>? image;
    Action<string>? unreadable;

    /// <param name="path">The folder or file that lists them.</param>
    /// <param name="images">Path and class of each.</param>
    /// <param name="ignored">What is not part of the data.</param>
    /// <param name="image">Opens one, by its number; null when the path is enough.</param>
    internal LabelledImages(string path, IReadOnlyList<LabelledImage> images, IEnumerable<IgnoredFile> ignored,
        Func<int, Imaging.Image>? image = null)
    {
        (Path, this.image) = (path, image);
        this.images = [.. images.Select(one => one with { Label = NormalForm.Of(one.Label) })];
        Ignored = [.. ignored.OrderBy(file => file.Path, StringComparer.Ordinal)];
        Classes = [.. this.images.Select(one => one.Label).Distinct().Order(StringComparer.Ordinal)];
        Counts = this.images.CountBy(one => one.Label).ToImmutableSortedDictionary(StringComparer.Ordinal);
        Spellings = [.. images.Select(one => one.Label).Distinct(StringComparer.Ordinal)];
        rows = new(images.Count, [.. Columns()]);
        Parts = images.Any(one => one.Part is not null) ? Divided(images) : ImmutableDictionary<string, LabelledImages>.Empty;
    }

    /// <summary>The folder, archive or table that they come from.</summary>
    public string Path { get; }

    /// <summary>Names of the classes that have images, in ordinal order.</summary>
    public ImmutableArray<string> Classes { get; }

    /// <summary>Number of images of each class.</summary>
    public ImmutableSortedDictionary<string, int> Counts { get; }

    /// <summary>What is there and was not taken, with the reason; hidden files are not among them.</summary>
    public ImmutableArray<IgnoredFile> Ignored { get; }

    /// <summary>The parts that the source divides its images into, by their names: <c>train</c>, <c>validation</c>, <c>test</c>. Empty
    /// where it does not. The images of all parts are among those of the whole.</summary>
    public ImmutableDictionary<string, LabelledImages> Parts { get; }

    /// <summary>Which part of a divided source they are; null for a whole one.</summary>
    internal string? Part { get; private init; }

    /// <summary>Names of the classes as the source writes them.</summary>
    internal ImmutableArray<string> Spellings { get; }

    /// <summary>What was passed over because its name begins with a dot, or the system hides it; of a folder that is hidden, not what lies
    /// in it.</summary>
    public ImmutableArray<string> Hidden { get; internal init; } = [];

    /// <summary>Told of an image that cannot be read, which ML.NET's steps get as none.</summary>
    internal Action<string>? Unreadable
    {
        get => unreadable;
        set
        {
            unreadable = value;
            foreach (var part in Parts.Values)
                part.Unreadable = value;
        }
    }

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

    /// <summary>The same with a column Group, by which a split keeps together what was taken of one patient, scene or video:
    /// <c>TrainTestSplit(images.GroupedBy(@"patient(\d+)"), samplingKeyColumnName: "Group", stratificationColumn: "Label")</c>.</summary>
    /// <param name="pattern">A regular expression over the file's name, or over its path within the data (with '/') where the pattern has a
    /// '/'. The group is what its first group in parentheses, or one named group, matches; without parentheses what it matches as a
    /// whole.</param>
    /// <returns>Images whose name does not fit are a group of their own each, and are named in <see cref="Ungrouped"/>.</returns>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="InvalidDataException">It fits no image.</exception>
    public LabelledImages GroupedBy(string pattern)
    {
        var name = new GroupPattern(pattern, this);
        var grouped = images.Select(one => one with { Group = name.Of(one.Path) }).ToArray();
        var alone = grouped.Where(one => one.Group is null).Select(one => one.Path).ToImmutableArray();
        if (alone.Length == grouped.Length)
            throw new InvalidDataException($"{Path}: no image has a name that fits '{pattern}', such as {alone[0]}. Correct the pattern.");
        return new(Path, [.. grouped.Select(one => one with { Group = one.Group ?? one.Path })], Ignored, image)
        {
            Ungrouped = alone,
            Unreadable = Unreadable,
        };
    }

    /// <summary>The images to which <see cref="GroupedBy"/> found no group.</summary>
    public ImmutableArray<string> Ungrouped { get; private init; } = [];

    IEnumerable<SourceColumn> Columns()
    {
        yield return SourceColumn.Text(RowSelection.PathColumn, row => images[(int)row].Path);
        yield return SourceColumn.Text("Label", row => images[(int)row].Label);
        if (images.Any(one => one.Group is not null))
            yield return SourceColumn.Text(GroupColumn, row => images[(int)row].Group ?? "");
        if (image is not null)
            yield return SourceColumn.Pictures("Image", new ImageDataViewType(), row => image((int)row),
                exception => Unreadable?.Invoke(exception.Message));
    }

    // Of the images as they are written, so that each part knows its spellings.
    ImmutableDictionary<string, LabelledImages> Divided(IEnumerable<LabelledImage> written) => written.Index()
        .Where(one => one.Item.Part is not null).GroupBy(one => one.Item.Part!)
        .ToImmutableDictionary(part => part.Key.Name, part =>
        {
            var own = part.ToArray();
            return new LabelledImages(part.Key.Path, [.. own.Select(one => one.Item with { Part = null })],
                Ignored.Where(file => IsBelow(file.Path, part.Key.Path)), image is null ? null : row => image(own[row].Index))
            {
                Part = part.Key.Name,
            };
        }, StringComparer.Ordinal);

    static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length..] is ['/' or '\\', ..];
}

/// <summary>A file or folder that is not part of the data, or a line of a table (<c>file:line</c>).</summary>
public sealed record IgnoredFile(string Path, string Reason)
{
    /// <summary>Whether it may be an image, but is not read, such as one that would swell, or one whose name cannot be opened.</summary>
    internal bool IsRefused { get; init; }
}
