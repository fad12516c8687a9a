using System.Text;
using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>Files that are there whole or not at all: written aside, flushed to disk, renamed.</summary>
static partial class AtomicFile
{
    static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a file; when that fails, what was there before stays and nothing else is left.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="durable">False to leave flushing to the system, which is much faster for many files: what the program leaves is whole
    /// even then, but not after a loss of power.</param>
    /// <exception cref="IOException">It cannot be written: the disk is full, the folder is missing or may not be written to.</exception>
    public static void Write(string path, Action<Stream> write, bool durable = true)
    {
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(Check.Named(path));
        if (Directory.Exists(full))
            throw new IOException($"{path}: cannot be written: it is a folder, the name of a file is needed.");
        var folder = Path.GetDirectoryName(full)!;
        var aside = Path.Combine(folder, $".{Guid.NewGuid():N}.part");
        try
        {
            using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(file);
                file.Flush(flushToDisk: durable);
            }
            File.Move(aside, full, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Remove(aside);
            throw new IOException($"{path}: cannot be written: " + error switch
            {
                DirectoryNotFoundException => $"there is no folder {folder}. Make it",
                UnauthorizedAccessException => $"nothing may be written into {folder}. Allow it",
                _ => $"{error.Message.Replace(aside, full, StringComparison.Ordinal).TrimEnd('.')}. Make room",
            } + ", or choose another folder.", error);
        }
        catch
        {
            Remove(aside);
            throw;
        }
    }

    /// <summary>Writes a file; when that fails, what was there before stays and nothing else is left.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, file => file.Write(bytes.Span));

    /// <summary>Writes a file, its folder made where it is missing.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void WriteWithFolder(string path, Action<Stream> write)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be written: {error.Message.TrimEnd('.')}. Choose another folder.", error);
        }
        Write(path, write);
    }

    /// <summary>Writes a file, its folder made where it is missing.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void WriteWithFolder(string path, ReadOnlyMemory<byte> bytes) =>
        WriteWithFolder(path, file => file.Write(bytes.Span));

    /// <summary>Writes a file of UTF-8 without a byte order mark, its folder made where it is missing.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, bool)"/>
    public static void WriteWithFolder(string path, string text) => WriteWithFolder(path, utf8.GetBytes(text));

    /// <summary>Deletes what processes that were killed while they wrote left in a folder and in those below it; nobody may be writing
    /// there now.</summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (var left in Directory.EnumerateFiles(folder, ".*.part", SearchOption.AllDirectories)
            .Where(file => Aside().IsMatch(Path.GetFileName(file))))
            File.Delete(left);
    }

    // A folder that is missing has nothing to remove from.
    static void Remove(string aside)
    {
        if (File.Exists(aside))
            File.Delete(aside);
    }

    [GeneratedRegex(@"^\.[0-9a-f]{32}\.part$")]
    private static partial Regex Aside();
}
