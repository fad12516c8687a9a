using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Walks through folders and remembers what it leaves out.</summary>
sealed class FolderListing
{
    static readonly EnumerationOptions Visible = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = false,
    };

    readonly List<IgnoredFile> ignored = [];

    public IReadOnlyCollection<IgnoredFile> Ignored => ignored;

    public void Ignore(string path, string reason) => ignored.Add(new(path, reason));

    public static string[] Folders(string path) => [.. Directory.EnumerateDirectories(path, "*", Visible).Order(StringComparer.Ordinal)];

    public static string[] Files(string path) => [.. Directory.EnumerateFiles(path, "*", Visible).Order(StringComparer.Ordinal)];

    /// <summary>The images in a folder and below it.</summary>
    public IReadOnlyList<string> Images(string folder)
    {
        var images = new List<string>();
        Walk(folder, [RealPath.Of(Path.GetDirectoryName(Path.GetFullPath(folder))!)], images);
        return images;
    }

    void Walk(string folder, ImmutableStack<string> above, List<string> images)
    {
        try
        {
            var real = RealPath.Of(folder);
            // Links may lead anywhere else, and twice to the same folder; only one that leads upwards would never end.
            if (above.Any(outer => RealPath.IsWithin(outer, real)))
            {
                Ignore(folder, "links to a folder that it lies in");
                return;
            }
            foreach (var file in Files(folder))
            {
                if (ImageFiles.Problem(file) is { } problem)
                    Ignore(file, problem);
                else
                    images.Add(file);
            }
            foreach (var inner in Folders(folder))
                Walk(inner, above.Push(real), images);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Ignore(folder, folder.Contains('\uFFFD') ? "its name is no valid UTF-8" : exception.Message.TrimEnd('.'));
        }
    }
}
