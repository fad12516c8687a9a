namespace MlPipelines.Pipelines;

/// <summary>Files that are there whole or not at all: written aside, flushed to disk, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file; when that fails, what was there before stays.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        Check.Named(path);
        ArgumentNullException.ThrowIfNull(write);
        var aside = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
