using System.Text.Json.Serialization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Opens the image files whose paths a column holds.</summary>
/// <param name="outputColumnName">Column of the images, or of the files' bytes.</param>
/// <param name="imageFolder">Folder that relative paths start from; or, without <paramref name="inputColumnName"/>, the column of the paths.</param>
/// <param name="inputColumnName">Column of the paths.</param>
/// <param name="encoded">True for the bytes of the files as they are.</param>
/// <param name="cache">Where resized images are looked for before they are decoded; null for nowhere.</param>
public sealed class ImageLoadingEstimator(string outputColumnName, string? imageFolder, string? inputColumnName = null, bool encoded = false, PixelCache? cache = null) : IEstimator<ImageLoadingTransformer>
{
    readonly string outputName = Check.Named(outputColumnName);

    public ImageLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = Resolve(input.Schema);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input) => Resolve(input).GetOutputSchema(input);

    ImageLoadingTransformer Resolve(DataViewSchema input) => Locate(input) with { Cache = cache };

    ImageLoadingTransformer Locate(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (inputColumnName is not null || string.IsNullOrEmpty(imageFolder))
            return new(outputName, inputColumnName ?? outputName, Folder(), encoded);
        if (input.GetColumnOrNull(imageFolder) is not null)
            return new(outputName, imageFolder, null, encoded);
        return input.GetColumnOrNull(outputName) is { Type: TextDataViewType } && Directory.Exists(imageFolder)
            ? new(outputName, outputName, Folder(), encoded)
            : throw new ArgumentException($"'{imageFolder}': is neither a column nor, with paths in '{outputName}', a folder; the data has {string.Join(", ", input.Select(column => $"'{column.Name}' ({column.Type})"))}. Give the column of the paths.");
    }

    string? Folder() => string.IsNullOrEmpty(imageFolder) ? null : imageFolder;
}

/// <summary>Opens the image files whose paths a column holds; a path may go on inside a zip or tar. A file is read when its pixels are first asked for.</summary>
/// <param name="OutputColumn">Column of the images, or of the files' bytes.</param>
/// <param name="InputColumn">Column of the paths.</param>
/// <param name="Folder">Folder that relative paths start from and do not leave; null for the working directory.</param>
/// <param name="Encoded">True for the bytes of the files as they are.</param>
public sealed record ImageLoadingTransformer(string OutputColumn, string InputColumn, string? Folder = null, bool Encoded = false) : RowTransformer
{
    /// <summary>Where resized images are looked for before they are decoded; null for nowhere, as in a loaded model.</summary>
    [JsonIgnore]
    public PixelCache? Cache { get; init; }

    public bool Equals(ImageLoadingTransformer? other) =>
        other is not null && (OutputColumn, InputColumn, Folder, Encoded) == (other.OutputColumn, other.InputColumn, other.Folder, other.Encoded);

    public override int GetHashCode() => HashCode.Combine(OutputColumn, InputColumn, Folder, Encoded);

    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<TextDataViewType>(input, InputColumn, "text (paths of image files)").Index;
        yield return Encoded
            ? new(OutputColumn, new VectorDataViewType(typeof(byte)), row => Bytes(Locate((string)row.GetValue(column))))
            : new(OutputColumn, new ImageDataViewType(), row => Picture(Locate((string)row.GetValue(column))));
    }

    static byte[] Bytes(string path) => ArchivePath.Read(path) ?? File.ReadAllBytes(path);

    Image Picture(string path) => ArchivePath.Read(path) is { } bytes ? Image.FromBytes(bytes, path, cache: Cache) : Image.FromFile(path, cache: Cache);

    string Locate(string path)
    {
        if (path.Length == 0)
            throw new InvalidDataException($"Column '{InputColumn}': is empty, the path of an image file is needed.");
        if (path.Contains('\0'))
            throw new InvalidDataException($"Column '{InputColumn}': '{path.Replace("\0", "\\0", StringComparison.Ordinal)}' is no path, the path of an image file is needed.");
        if (Folder is null || Path.IsPathRooted(path))
            return path;
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(Path.Combine(root, path)).StartsWith(root, StringComparison.Ordinal)
            ? Path.Combine(Folder, path)
            : throw new InvalidDataException($"{path}: lies outside the folder {Folder}. Give a full path if that is meant.");
    }
}
