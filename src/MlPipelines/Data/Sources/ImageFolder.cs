using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A folder of images with one sub-folder a class, as columns ImagePath and Label. The files are only listed,
/// not opened.</summary>
public sealed class ImageFolder : LabelledImages
{
    /// <summary>How the names of image files end, in any case.</summary>
    internal static readonly ImmutableHashSet<string> Extensions = ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase,
        ".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".avif");

    ImageFolder(string path, IReadOnlyList<(string Path, string Label)> images, IEnumerable<IgnoredFile> ignored)
        : base(path, images, ignored) { }

    /// <summary>Lists a labelled folder, the files in the ordinal order of their relative paths.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no sub-folder, or no image in any.</exception>
    public static ImageFolder List(string path)
    {
        Check.Named(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: {(File.Exists(path) ? "is a file" : "not found")}, a folder with one "
                + "sub-folder a class is needed. Check the path.");
        if (AtomicFolder.IsUnfinished(path))
            throw new InvalidDataException($"{path}: is being written, or was left behind by a run that was stopped, so it is not whole. "
                + "Name the folder that it lies in, once it is written.");
        var listing = new FolderListing(Extensions);
        var folders = FolderListing.Folders(path);
        listing.Hide(path);
        foreach (var file in FolderListing.Files(path))
            listing.Ignore(file, "lies beside the class folders");
        if (folders.Length == 0)
            throw new InvalidDataException($"{path}: has no sub-folder{Found(listing.Ignored)}, needs one for each class. Move the images "
                + "of each class into a folder with the class's name.");
        var images = folders.SelectMany(folder => Class(listing, folder)).OrderBy(image => image.Item1, StringComparer.Ordinal).ToArray();
        return images.Length > 0
            ? new(path, images, listing.Ignored) { Hidden = [.. listing.HiddenEntries] }
            : throw new InvalidDataException($"{path}: its {folders.Length} sub-folders hold no image{Found(listing.Ignored)}, needs "
                + $"files named {string.Join(' ', Extensions.Order())}. Put at least one image into the folder of each class.");
    }

    static IEnumerable<(string, string)> Class(FolderListing listing, string folder)
    {
        var images = listing.Images(folder);
        if (images.Count == 0)
            listing.Ignore(folder, "class folder without images");
        var label = System.IO.Path.GetFileName(folder);
        return images.Select(image => (image, label));
    }

    static string Found(IReadOnlyCollection<IgnoredFile> ignored) => ignored.Count == 0 ? ""
        : $" (found {ignored.Count} other entries, such "
            + $"as {string.Join(", ", ignored.Take(3).Select(file => System.IO.Path.GetFileName(file.Path)))})";
}
