namespace MlPipelines.Evaluation;

/// <summary>Files that are there in full or not at all: written aside, flushed to the disk, renamed.</summary>
public static class OutputFile
{
    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="IOException">The disk is full or the file cannot be written; an older file of that name is as it was.</exception>
    public static void WriteText(string path, string text) => Write(path, aside =>
    {
        using var writer = new StreamWriter(aside);
        writer.Write(text);
    });

    /// <summary>Writes bytes.</summary>
    /// <inheritdoc cref="WriteText"/>
    public static void WriteBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, aside =>
    {
        using var stream = File.Create(aside);
        stream.Write(bytes.Span);
    });

    /// <summary>Lets <paramref name="write"/> fill a file aside (with the same extension) and puts it in place when it is complete.</summary>
    /// <inheritdoc cref="WriteText"/>
    public static void Write(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        var aside = Path.Combine(folder, $".{Guid.NewGuid():N}{Path.GetExtension(full)}");
        try
        {
            Directory.CreateDirectory(folder);
            write(aside);
            using (var stream = new FileStream(aside, FileMode.Open, FileAccess.ReadWrite))
                stream.Flush(flushToDisk: true);
            File.Move(aside, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be written: {e.Message.TrimEnd('.')}. Make room, or choose another folder.", e);
        }
        finally
        {
            Remove(aside);
        }
    }

    static void Remove(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
