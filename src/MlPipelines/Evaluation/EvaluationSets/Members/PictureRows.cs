using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Pictures as the rows that a model takes.</summary>
/// <param name="schema">The columns that it was fitted on; null for ImagePath, Image and Label.</param>
/// <param name="loaded">Columns of paths that may hold images instead.</param>
/// <param name="files">Where pictures without a file are written for models that take nothing else.</param>
sealed class PictureRows(DataViewSchema? schema, ImmutableHashSet<string> loaded, PictureFiles files)
{
    const string LabelName = "label", ClassName = "class";

    public SourceView Of(IReadOnlyList<AskedPicture> pictures)
    {
        var columns = schema?.Where(column => !column.IsHidden).Select(column => Column(column.Name, column.Type, pictures)).ToArray()
            ?? [Column(RowSelection.PathColumn, TextDataViewType.Instance, pictures), Column("Image", SizeOf(pictures), pictures),
                Column("Label", TextDataViewType.Instance, pictures)];
        return new(pictures.Count, [.. columns]);
    }

    SourceColumn Column(string name, DataViewType type, IReadOnlyList<AskedPicture> pictures) => type switch
    {
        ImageDataViewType { Width: > 0 } sized => SourceColumn.Pictures(name, sized,
            row => pictures[(int)row].Image.Resize(sized.Width, sized.Height)),
        ImageDataViewType image => SourceColumn.Pictures(name, image, row => pictures[(int)row].Image),
        TextDataViewType when loaded.Contains(name) =>
            SourceColumn.Pictures(name, new ImageDataViewType(), row => pictures[(int)row].Image),
        TextDataViewType when IsLabel(name) => SourceColumn.Text(name, _ => ""),
        TextDataViewType => SourceColumn.Text(name, row => files.PathOf(pictures[(int)row])),
        VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Byte => new(name, type, row => Bytes(pictures, row)),
        _ => Nothing(name, type),
    };

    // Pictures of one size are a column of that size, which steps over pixels ask for.
    static ImageDataViewType SizeOf(IReadOnlyList<AskedPicture> pictures)
    {
        if (pictures.Count == 0)
            return new();
        var (width, height) = (pictures[0].Image.Width, pictures[0].Image.Height);
        return pictures.All(picture => picture.Image.Width == width && picture.Image.Height == height) ? new(height, width) : new();
    }

    static bool IsLabel(string name) => name.Contains(LabelName, StringComparison.OrdinalIgnoreCase)
        || name.Equals(ClassName, StringComparison.OrdinalIgnoreCase) || name.Equals("Category", StringComparison.OrdinalIgnoreCase);

    static ValueGetter<VBuffer<byte>> Bytes(IReadOnlyList<AskedPicture> pictures, Func<long> row) => (ref VBuffer<byte> bytes) =>
    {
        var picture = pictures[(int)row()];
        var encoded = picture.Path is { } path ? ArchivePath.Read(path) ?? File.ReadAllBytes(path) : picture.Image.Encode(".png");
        bytes = new(encoded.Length, encoded);
    };

    // What is no picture, such as the key of a label, is not known of a picture that is asked about.
    static SourceColumn Nothing(string name, DataViewType type)
    {
        var method = typeof(PictureRows)
            .GetMethod(nameof(Empty), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type.RawType);
        return new(name, type, _ => (Delegate)method.Invoke(null, null)!);
    }

    static ValueGetter<T> Empty<T>() => (ref T value) => value = default!;
}

/// <summary>Files of pictures that have none, for models that take nothing but paths; gone when it is disposed of.</summary>
sealed class PictureFiles : IDisposable
{
    string? folder;
    int count;

    /// <summary>A file with the picture's pixels. Safe for several threads.</summary>
    public string PathOf(AskedPicture picture)
    {
        if (picture.Path is { } path && File.Exists(path))
            return Path.GetFullPath(path);
        folder ??= Directory.CreateTempSubdirectory("mlpipelines-").FullName;
        var file = Path.Combine(folder, $"{Interlocked.Increment(ref count)}.png");
        File.WriteAllBytes(file, picture.Image.Encode(".png"));
        return file;
    }

    public void Dispose()
    {
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
        folder = null;
    }
}
