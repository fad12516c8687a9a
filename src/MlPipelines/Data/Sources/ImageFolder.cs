using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A folder of images with one sub-folder a class, as columns ImagePath and Label. The files are only listed; of one whose name
/// does not end as an image's does, the beginning is read to see whether it is one.</summary>
public sealed class ImageFolder : LabelledImages
{
    ImageFolder(string path, IReadOnlyList<LabelledImage> images, IEnumerable<IgnoredFile> ignored) : base(path, images, ignored) { }

    /// <summary>Lists a labelled folder, the files in the ordinal order of their relative paths.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no sub-folder, or no image in any.</exception>
    public static ImageFolder List(string path)
    {
        Check.Named(path);
        var listing = new FolderListing();
        var folders = ClassFolders(path, listing);
        var images = folders.SelectMany(folder => Class(listing, folder, null)).OrderBy(image => image.Path, StringComparer.Ordinal)
            .ToArray();
        return images.Length > 0
            ? new(path, images, listing.Ignored) { Hidden = [.. listing.HiddenEntries] }
            : throw new InvalidDataException($"{path}: its {folders.Length} sub-folders hold no image{Found(listing.Ignored)}, needs "
                + $"files of {ImageFormats.Readable}. Put at least one image into the folder of each class.");
    }

    /// <summary>Lists a labelled folder; of one that is divided into train, validation and test, each with one sub-folder a class, the
    /// images of all parts, with <see cref="LabelledImages.Parts"/>.</summary>
    /// <inheritdoc cref="List"/>
    internal static ImageFolder ListDivided(string path)
    {
        if (Divided(path) is not { IsEmpty: false } parts)
            return List(path);
        var (listing, images) = (new FolderListing(), new List<LabelledImage>());
        listing.Hide(path);
        foreach (var file in FolderListing.Files(path))
            listing.Ignore(file, "lies beside the class folders");
        foreach (var other in FolderListing.Folders(path).Where(folder => !parts.ContainsKey(folder) && !IsHidden(folder)))
            listing.Ignore(other, $"lies beside the parts {string.Join(", ", parts.Values.Distinct().Order())}, and is none");
        foreach (var (folder, part) in parts)
        {
            if (!HasFolders(folder))
                listing.Ignore(folder, $"has no sub-folders of classes, so it is no part of the data");
            else
                images.AddRange(ClassFolders(folder, listing).SelectMany(one => Class(listing, one, new(part, folder)))
                    .OrderBy(image => image.Path, StringComparer.Ordinal));
        }
        return images.Count > 0
            ? new(path, images, listing.Ignored) { Hidden = [.. listing.HiddenEntries] }
            : throw new InvalidDataException($"{path}: its {parts.Count} parts hold no image{Found(listing.Ignored)}, needs files of "
                + $"{ImageFormats.Readable}. Put at least one image into the folder of each class.");
    }

    /// <summary>The sub-folders that are parts, and which, if parts are all that the folder has and one of them has sub-folders, or if it
    /// has several parts that have sub-folders; else none.</summary>
    /// <exception cref="InvalidDataException">Two are the same part.</exception>
    internal static ImmutableSortedDictionary<string, string> Divided(string path)
    {
        if (!Directory.Exists(path))
            return ImmutableSortedDictionary<string, string>.Empty;
        var folders = FolderListing.Folders(path).Where(folder => !IsHidden(folder)).ToArray();
        if (!folders.Any(HasFolders))
            return ImmutableSortedDictionary<string, string>.Empty;
        // Something else may lie beside the parts: pictures to be predicted, runs.
        var named = folders.Where(folder => PartOf(folder) is not null && HasFolders(folder)).ToArray();
        if (named.Length > 1 && named.Any(folder => PartOf(folder) == DivisionNames.Train))
            folders = [.. folders.Where(folder => PartOf(folder) is not null)];
        var parts = DivisionNames.Of(path, [.. folders.Select(folder => System.IO.Path.GetFileName(folder)!)]);
        return parts.IsEmpty ? ImmutableSortedDictionary<string, string>.Empty
            : folders.ToImmutableSortedDictionary(folder => folder, folder => parts[System.IO.Path.GetFileName(folder)!],
                StringComparer.Ordinal);
    }

    static string? PartOf(string folder) => DivisionNames.Of(System.IO.Path.GetFileName(folder));

    static bool IsHidden(string folder) => System.IO.Path.GetFileName(folder).StartsWith('.');

    internal static bool HasFolders(string path) => FolderListing.IsNameKept(path) && FolderListing.Folders(path).Length > 0;

    static string[] ClassFolders(string path, FolderListing listing)
    {
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: {(File.Exists(path) ? "is a file" : "not found")}, a folder with one "
                + "sub-folder a class is needed. Check the path.");
        if (AtomicFolder.IsUnfinished(path))
            throw new InvalidDataException($"{path}: is being written, or was left behind by a run that was stopped, so it is not whole. "
                + "Name the folder that it lies in, once it is written.");
        var folders = FolderListing.Folders(path);
        // A class that is passed over would be missed by nobody.
        if (folders.FirstOrDefault(folder => !FolderListing.IsNameKept(folder)) is { } unnamed)
            throw new InvalidDataException($"{unnamed}: its name is no valid UTF-8, so it cannot be opened. Rename it.");
        listing.Hide(path);
        foreach (var file in FolderListing.Files(path))
            listing.Ignore(file, "lies beside the class folders");
        return folders.Length > 0 ? folders
            : throw new InvalidDataException($"{path}: has no sub-folder{Found(listing.Ignored)}, needs one for each class. Move the "
                + "images "
                + "of each class into a folder with the class's name.");
    }

    static IEnumerable<LabelledImage> Class(FolderListing listing, string folder, DataPartPlace? part)
    {
        var images = listing.Images(folder);
        if (images.Count == 0)
            listing.Ignore(folder, "class folder without images");
        var label = System.IO.Path.GetFileName(folder);
        return images.Select(image => new LabelledImage(image, label, part));
    }

    static string Found(IReadOnlyCollection<IgnoredFile> ignored) => ignored.Count == 0 ? ""
        : $" (found {ignored.Count} other entries, such "
            + $"as {string.Join(", ", ignored.Take(3).Select(file => System.IO.Path.GetFileName(file.Path)))})";
}
