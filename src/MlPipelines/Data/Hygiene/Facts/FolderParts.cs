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

/// <summary>The parts of a folder of images: those that it is split into, or the folder itself.</summary>
public static class FolderParts
{
    static readonly ImmutableHashSet<string> Names = ["train", "validation", "valid", "val", "test"];

    /// <summary>The sub-folders train, validation (valid, val) and test by name, if these, train among them, are all that the folder has
    /// and each has sub-folders; else none.</summary>
    public static ImmutableSortedDictionary<string, string> Split(string path)
    {
        if (!Directory.Exists(path))
            return ImmutableSortedDictionary<string, string>.Empty;
        var parts = FolderListing.Folders(path).Where(part => !Path.GetFileName(part).StartsWith('.'))
            .ToImmutableSortedDictionary(part => Path.GetFileName(part), part => part, StringComparer.Ordinal);
        return parts.Count >= 2 && parts.ContainsKey("train")
            && parts.All(part => Names.Contains(part.Key) && Directory.EnumerateDirectories(part.Value).Any())
            ? parts : ImmutableSortedDictionary<string, string>.Empty;
    }

    /// <summary>Lists a folder: one split into parts, one with a sub-folder a class, or one of images without classes.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no image.</exception>
    public static ImmutableArray<SurveyedPart> List(string path)
    {
        if (Split(path) is { IsEmpty: false } parts)
            return [.. parts.Select(part => new SurveyedPart(part.Key, ImageFolder.List(part.Value)))];
        return [Directory.Exists(path) && FolderListing.Folders(path).Length == 0 ? Flat(path) ?? Labelled(path) : Labelled(path)];
    }

    static SurveyedPart Labelled(string path) => new(Name(path), ImageFolder.List(path));

    static SurveyedPart? Flat(string path)
    {
        var listing = new FolderListing(ImageFolder.Extensions);
        var images = listing.Images(path).Order(StringComparer.Ordinal).ToArray();
        return images.Length == 0 ? null
            : new(Name(path), new SourceView(images.Length, SourceColumn.Text("ImagePath", row => images[row])), [.. listing.Ignored]);
    }

    static string Name(string path) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) is { Length: > 0 } name ? name : path;
}
