namespace MlPipelines.Imaging;

/// <summary>Writes a file whole or not at all: aside, flushed, renamed.</summary>
static class WholeFile
{
    /// <exception cref="IOException">It could not be written; nothing of it is left, an older file of that name is as it was.</exception>
    internal static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var full = Path.GetFullPath(path);
        var aside = Path.Combine(Path.GetDirectoryName(full)!, $".{Guid.NewGuid():N}.part");
        try
        {
            using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(aside, full, overwrite: true);
        }
        catch (IOException error)
        {
            File.Delete(aside);
            throw new IOException($"{path}: not written, {error.Message} Make room or choose another folder.", error);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
