using System.Collections.Immutable;
using System.IO.Enumeration;

namespace MlPipelines;

/// <summary>The images that paths name: files, folders with all that lies below them, archives, and patterns of these.</summary>
/// <param name="Paths">The images, in the order of their names; one in an archive goes on inside it.</param>
/// <param name="Failures">Names that lead to no image, each with its reason.</param>
/// <param name="Ignored">What lies in the folders and archives and is no image.</param>
sealed record NamedImages(ImmutableArray<string> Paths, ImmutableArray<SkippedRow> Failures, ImmutableArray<IgnoredFile> Ignored)
{
    // An archive is listed once while it is held.
    readonly List<Archive> archives = [];

    /// <summary>Of each image the folder or archive that was named; empty for one that was named itself.</summary>
    public required ImmutableArray<string> Sources { get; init; }

    /// <summary>Lists the images.</summary>
    /// <param name="names">Files, folders, archives, or patterns with * and ? in a name and ** for any number of folders. A file that is
    /// named is taken for an image, whatever it is called, and need not be there.</param>
    public static NamedImages Of(IEnumerable<string> names)
    {
        var listing = new Listing();
        foreach (var name in names)
            listing.Add(name);
        var named = new NamedImages([.. listing.Paths], [.. listing.Failures], [.. listing.Ignored]) { Sources = [.. listing.Sources] };
        named.archives.AddRange(listing.Archives);
        return named;
    }

    sealed class Listing
    {
        public List<string> Paths { get; } = [];
        public List<string> Sources { get; } = [];
        public List<SkippedRow> Failures { get; } = [];
        public List<IgnoredFile> Ignored { get; } = [];
        public List<Archive> Archives { get; } = [];

        public void Add(string name)
        {
            if (Directory.Exists(name))
                AddAll(name, OfFolder(name));
            else if (File.Exists(name) && ArchiveKinds.IsArchive(name))
                AddArchive(name);
            else if (File.Exists(name) || !PathPattern.Is(name))
                AddImage(name, "");
            else if (PathPattern.Matches(name).ToArray() is [_, ..] matches)
                Array.ForEach(matches, Add);
            else
                Fail(name, "matches no file. Check the pattern.");
        }

        List<string> OfFolder(string folder)
        {
            var listing = new FolderListing();
            var images = listing.Images(Path.TrimEndingDirectorySeparator(folder)).ToList();
            PassOver(listing.Ignored);
            return images;
        }

        void AddArchive(string path)
        {
            try
            {
                var archive = Archive.Open(path);
                Archives.Add(archive);
                var (images, ignored, _) = ArchiveImages.Pictures(archive);
                PassOver(ignored);
                AddAll(path, [.. images.Select(image => $"{path}/{image.Name}").Order(StringComparer.Ordinal)]);
            }
            catch (Exception exception) when (RowReader.IsUnreadable(exception))
            {
                Fail(path, exception.Message);
            }
        }

        void AddAll(string name, List<string> images)
        {
            images.ForEach(image => AddImage(image, name));
            if (images.Count == 0)
                Fail(name, "holds no image. Check the path.");
        }

        void AddImage(string path, string source)
        {
            Paths.Add(path);
            Sources.Add(source);
        }

        void PassOver(IEnumerable<IgnoredFile> files)
        {
            foreach (var file in files)
                if (file.IsRefused)
                    Fail(file.Path, file.Reason);
                else
                    Ignored.Add(file);
        }

        void Fail(string name, string reason) => Failures.Add(new(Failures.Count, name, reason));
    }
}

/// <summary>Paths in which * stands for any text of a name, ? for one letter, and ** for any number of folders.</summary>
static class PathPattern
{
    static readonly char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    public static bool Is(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <summary>The files and folders that fit, in ordinal order within each folder; hidden ones do not.</summary>
    public static IEnumerable<string> Matches(string pattern)
    {
        var root = Path.GetPathRoot(pattern) ?? "";
        return Below(root, pattern[root.Length..].Split(separators, StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal);
    }

    static IEnumerable<string> Below(string folder, ReadOnlyMemory<string> names)
    {
        if (names.IsEmpty)
            return [folder];
        var (first, rest) = (names.Span[0], names[1..]);
        if (first == "**")
            // A link may lead upwards, so that ** follows none.
            return Below(folder, rest).Concat(Folders(folder).Where(inner => new DirectoryInfo(inner).LinkTarget is null)
                .SelectMany(inner => Below(inner, names)));
        if (!Is(first))
            return Path.Join(folder, first) is var next && Path.Exists(next) ? Below(next, rest) : [];
        return (rest.IsEmpty ? Folders(folder).Concat(Files(folder)).Order(StringComparer.Ordinal) : Folders(folder))
            .Where(path => FileSystemName.MatchesSimpleExpression(first, Path.GetFileName(path), ignoreCase: false))
            .SelectMany(path => Below(path, rest));
    }

    static IEnumerable<string> Folders(string folder) => Visible(folder, FolderListing.Folders);

    static IEnumerable<string> Files(string folder) => Visible(folder, FolderListing.Files);

    static IEnumerable<string> Visible(string folder, Func<string, string[]> list) => folder.Length > 0
        ? list(folder) : list(".").Select(path => Path.GetFileName(path)!);
}
