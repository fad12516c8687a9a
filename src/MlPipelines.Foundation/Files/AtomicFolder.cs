using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>New folders that are there whole or not at all: the content is written aside within them, then moved up.</summary>
static partial class AtomicFolder
{
    // Held open while the folder beside it is filled, and let go of by the system when the process ends, however it ends.
    const string InUse = ".in-use";

    /// <summary>Fills a folder; when that fails or is ended, nothing of it is left. What an earlier process that was killed left there is
    /// taken away first.</summary>
    /// <param name="folder">A folder that is not there yet, or <see cref="IsFree"/>.</param>
    /// <param name="fill">Makes sub-folders in the folder it is given.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static T Write<T>(string folder, Func<string, T> fill)
    {
        var full = Path.GetFullPath(folder);
        var isNew = !Directory.Exists(full);
        var aside = Path.Combine(full, $".{Guid.NewGuid():N}.part");
        FileStream? inUse = null;
        try
        {
            inUse = Create(aside, folder);
            RemoveLeftovers(full);
            var filled = fill(aside);
            foreach (var part in Directory.GetDirectories(aside))
                Directory.Move(part, Path.Combine(full, Path.GetFileName(part)));
            inUse.Dispose();
            Directory.Delete(aside, recursive: true);
            return filled;
        }
        catch
        {
            inUse?.Dispose();
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            if (isNew && Directory.Exists(full) && !Directory.EnumerateFileSystemEntries(full).Any())
                Directory.Delete(full);
            throw;
        }
    }

    /// <summary>Whether a folder may be filled: it is not there, or holds nothing but what processes that were killed left.</summary>
    public static bool IsFree(string folder) => !File.Exists(folder)
        && (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).All(entry => IsAside(entry) && !IsInUse(entry)));

    /// <summary>Whether a path is, or leads through, a folder that is being filled, or was when its process was killed: what is in it is
    /// not whole.</summary>
    public static bool IsUnfinished(string path) =>
        Path.GetFullPath(path).Split(Path.DirectorySeparatorChar).Any(part => Aside().IsMatch(part));

    static bool IsAside(string path) => Aside().IsMatch(Path.GetFileName(path)) && Directory.Exists(path);

    static void RemoveLeftovers(string full)
    {
        foreach (var left in Directory.GetDirectories(full).Where(entry => IsAside(entry) && !IsInUse(entry)))
            Directory.Delete(left, recursive: true);
    }

    static bool IsInUse(string aside)
    {
        try
        {
            using var file = new FileStream(Path.Combine(aside, InUse), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    static FileStream Create(string path, string folder)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new(Path.Combine(path, InUse), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder}: cannot be written: {exception.Message.TrimEnd('.')}. Choose another folder.", exception);
        }
    }

    [GeneratedRegex(@"^\.[0-9a-f]{32}\.part$")]
    private static partial Regex Aside();
}
