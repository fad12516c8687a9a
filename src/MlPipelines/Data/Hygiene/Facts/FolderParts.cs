using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A part of a data set.</summary>
/// <param name="Name">What findings call it: train, test.</param>
/// <param name="Images">Rows with the columns ImagePath or Image, and Label where there are classes.</param>
/// <param name="Ignored">What lay among the images and was not taken.</param>
public sealed record SurveyedPart(string Name, IDataView Images, ImmutableArray<IgnoredFile> Ignored)
{
    /// <summary>A part, with what its listing left out.</summary>
    public SurveyedPart(string name, IDataView images) : this(name, images, (images as LabelledImages)?.Ignored ?? []) { }
}

/// <summary>The parts of a set of images: those that it is divided into, or the set itself.</summary>
public static class FolderParts
{
    /// <summary>The sub-folders that are parts, by their names (train, validation or val, test), if such folders are all that the folder
    /// has; those of them that have sub-folders themselves. Else none.</summary>
    /// <exception cref="InvalidDataException">Two mean the same part.</exception>
    public static ImmutableSortedDictionary<string, string> Split(string path) => ImageFolder.Divided(path).Keys
        .Where(ImageFolder.HasFolders).ToImmutableSortedDictionary(part => Path.GetFileName(part), part => part, StringComparer.Ordinal);

    /// <summary>Lists a folder, archive or table: one divided into parts, one with a class for each image, or a folder of images without
    /// classes.</summary>
    /// <exception cref="IOException">There is no such folder or file.</exception>
    /// <exception cref="InvalidDataException">It holds no image.</exception>
    public static ImmutableArray<SurveyedPart> List(string path)
    {
        if (Directory.Exists(path) && !ImageFolder.HasFolders(path) && Flat(path) is { } flat)
            return [flat];
        var images = ImageSource.List(path, null);
        if (images.Parts.IsEmpty)
            return [new(Name(path), images)];
        SurveyedPart[] parts = [.. images.Parts
            .Select(part => new SurveyedPart(Directory.Exists(part.Value.Path) ? Name(part.Value.Path) : part.Key, part.Value))
            .OrderBy(part => part.Name, StringComparer.Ordinal)];
        // What lies beside the parts is told of with the first of them.
        var beside = images.Ignored.Except(parts.SelectMany(part => part.Ignored));
        return [parts[0] with { Ignored = [.. parts[0].Ignored, .. beside] }, .. parts[1..]];
    }

    static SurveyedPart? Flat(string path)
    {
        var listing = new FolderListing();
        var images = listing.Images(path).Order(StringComparer.Ordinal).ToArray();
        return images.Length == 0 ? null
            : new(Name(path), new SourceView(images.Length, SourceColumn.Text("ImagePath", row => images[row])), [.. listing.Ignored]);
    }

    static string Name(string path) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) is { Length: > 0 } name ? name : path;
}
