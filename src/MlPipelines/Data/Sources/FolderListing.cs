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

    static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    const string UnknownName = "its name is no valid UTF-8, so it cannot be opened. Rename it";

    readonly List<IgnoredFile> ignored = [];
    readonly List<string> hidden = [];

    public IReadOnlyCollection<IgnoredFile> Ignored => ignored;

    /// <summary>What was passed over because it is hidden.</summary>
    public IReadOnlyCollection<string> HiddenEntries => hidden;

    public void Ignore(string path, string reason) => ignored.Add(new(path, reason));

    void Refuse(string path, string reason) => ignored.Add(new(path, reason) { IsRefused = true });

    /// <summary>Remembers what is passed over in a folder because its name begins with a dot, or the system hides it.</summary>
    public void Hide(string path) => hidden.AddRange(Directory.EnumerateFileSystemEntries(path, "*", All)
        .Except(Directory.EnumerateFileSystemEntries(path, "*", Visible), StringComparer.Ordinal).Order(StringComparer.Ordinal));

    public static string[] Folders(string path) => [.. Directory.EnumerateDirectories(path, "*", Visible).Order(StringComparer.Ordinal)];

    public static string[] Files(string path) => [.. Directory.EnumerateFiles(path, "*", Visible).Order(StringComparer.Ordinal)];

    /// <summary>The images in a folder and below it.</summary>
    public IReadOnlyList<string> Images(string folder)
    {
        var images = new List<string>();
        var above = Path.GetDirectoryName(Path.GetFullPath(folder))
            ?? throw new InvalidDataException($"{folder}: holds all files there are, a folder of images is needed.");
        Walk(folder, [RealPath.Of(above)], images);
        return images;
    }

    /// <summary>Whether a name that the system gave leads back to its file or folder; bytes that are no UTF-8 were replaced in it.
    /// </summary>
    public static bool IsNameKept(string path) => !path.Contains('\uFFFD') || Path.Exists(path);

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
            Hide(folder);
            foreach (var file in Files(folder))
            {
                if (!IsNameKept(file))
                    Refuse(file, UnknownName);
                else if (ImageFiles.Problem(file) is { } problem)
                    Ignore(file, problem);
                else
                    images.Add(file);
            }
            foreach (var inner in Folders(folder))
                if (!IsNameKept(inner))
                    Refuse(inner, UnknownName);
                else
                    Walk(inner, above.Push(real), images);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Refuse(folder, exception.Message.TrimEnd('.'));
        }
    }
}
