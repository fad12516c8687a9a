using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>New folders that are there whole or not at all: the content is written aside within them, then moved up.</summary>
static partial class AtomicFolder
{
    // Held open while the folder beside it is filled, and let go of by the system when the process ends, however it ends.
    const string InUse = ".in-use";

    const int MostTaken = 10;

    // What the system says of a file that is there already (EEXIST, ERROR_FILE_EXISTS), or that another holds, see FolderLock.
    static readonly int[] taken = [17, 80, 11, 35, 32];

    /// <summary>Fills a folder; when that fails or is ended, nothing of it is left. What an earlier process that was killed left there is
    /// taken away first.</summary>
    /// <param name="folder">A folder that is not there yet, or <see cref="IsFree"/>.</param>
    /// <param name="fill">Makes sub-folders in the folder it is given.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static T Write<T>(string folder, Func<string, T> fill)
    {
        var full = Path.GetFullPath(folder);
        var isNew = !Directory.Exists(full);
        var aside = Path.Combine(full, Named());
        FileStream? inUse = null;
        try
        {
            inUse = Create(ref aside, folder);
            RemoveLeftovers(full);
            var filled = fill(aside);
            foreach (var part in Directory.GetDirectories(aside))
                Directory.Move(part, Path.Combine(full, Path.GetFileName(part)));
            Leave(aside, inUse);
            return filled;
        }
        catch
        {
            Leave(aside, inUse);
            if (isNew && Directory.Exists(full) && !Directory.EnumerateFileSystemEntries(full).Any())
                Directory.Delete(full);
            throw;
        }
    }

    /// <summary>Makes one new folder among others, under the first of some names that nothing has. What an earlier process that was killed
    /// left there is taken away first; others that do the same at once get other names.</summary>
    /// <param name="parent">The folder of all of them, made where it is missing.</param>
    /// <param name="names">Names to choose from, in this order; they never end.</param>
    /// <param name="fill">Puts something in the folder that it is given.</param>
    /// <returns>The folder's path.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string WriteOne(string parent, IEnumerable<string> names, Action<string> fill)
    {
        var aside = Path.Combine(parent, Named());
        FileStream? inUse = null;
        try
        {
            inUse = Create(ref aside, parent);
            RemoveLeftovers(parent);
            var whole = Path.Combine(aside, "whole");
            Directory.CreateDirectory(whole);
            fill(whole);
            return names.Select(name => Path.Combine(parent, name)).First(folder => Claim(whole, folder));
        }
        finally
        {
            Leave(aside, inUse);
        }
    }

    // Renaming replaces an empty folder of that name, but not one that holds a file: so no two get the same.
    static bool Claim(string whole, string folder)
    {
        if (Path.Exists(folder))
            return false;
        try
        {
            Directory.Move(whole, folder);
            return true;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return false;
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

    static string Named() => $".{Guid.NewGuid():N}.part";

    static void RemoveLeftovers(string full)
    {
        foreach (var left in Directory.GetDirectories(full).Where(IsAside))
        {
            try
            {
                Remove(left);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another is at work in it or takes it away too, or it is somebody else's.
            }
        }
    }

    // Whoever fills a folder holds the file in it before anything else is there. A file is made by its folder's owner alone: of one that
    // was made here and deleted again, another that had opened it before would hold what nobody sees, beside the owner's new one.
    static void Remove(string left)
    {
        try
        {
            using (Held(left, FileMode.Open))
                Empty(left);
        }
        catch (FileNotFoundException)
        {
            if (IsDeleted(left) || File.Exists(Path.Combine(left, InUse)))
                // Its owner has just made it, and makes another where this was too early.
                return;
            Empty(left);
        }
        Directory.Delete(left);
    }

    // Only an empty folder is.
    static bool IsDeleted(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return false;
        }
    }

    // Once it is let go of, another process may take it for a leftover and is at work in it, and takes it away.
    static void Leave(string aside, FileStream? inUse)
    {
        if (inUse is not null && Directory.Exists(aside))
            Empty(aside);
        inUse?.Dispose();
        try
        {
            Directory.Delete(aside);
        }
        catch (IOException)
        {
            // As above, or it was never made.
        }
    }

    static void Empty(string aside)
    {
        foreach (var folder in Directory.GetDirectories(aside))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.GetFiles(aside).Where(file => Path.GetFileName(file) != InUse))
            File.Delete(file);
    }

    static FileStream Held(string aside, FileMode mode) => new(Path.Combine(aside, InUse), new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        Options = FileOptions.DeleteOnClose,
    });

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

    static FileStream Create(ref string path, string folder)
    {
        for (var count = 1; ; count++)
        {
            try
            {
                Directory.CreateDirectory(path);
                var held = Held(path, FileMode.CreateNew);
                if (File.Exists(Path.Combine(path, InUse)))
                    return held;
                // Between its making and its lock another has taken it for a leftover.
                held.Dispose();
                path = Path.Combine(Path.GetDirectoryName(path)!, Named());
            }
            // Another process took the folder for a leftover before the file was in it.
            catch (IOException exception) when (count < MostTaken && (exception is DirectoryNotFoundException
                || taken.Contains(exception.HResult & 0xFFFF)) && Directory.Exists(folder))
            {
                path = Path.Combine(Path.GetDirectoryName(path)!, Named());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"{folder}: cannot be written: {exception.Message.TrimEnd('.')}. Choose another folder.", exception);
            }
        }
    }

    [GeneratedRegex(@"^\.[0-9a-f]{32}\.part$")]
    private static partial Regex Aside();
}
