namespace MlPipelines;

/// <summary>New folders that are there whole or not at all: the content is written aside within them, then moved up.</summary>
static class AtomicFolder
{
    /// <summary>Fills a folder; when that fails or is ended, nothing of it is left.</summary>
    /// <param name="folder">A folder that is not there yet, or is empty.</param>
    /// <param name="fill">Makes sub-folders in the folder it is given.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static T Write<T>(string folder, Func<string, T> fill)
    {
        var full = Path.GetFullPath(folder);
        var isNew = !Directory.Exists(full);
        var aside = Path.Combine(full, $".{Guid.NewGuid():N}.part");
        try
        {
            Create(aside, folder);
            var filled = fill(aside);
            foreach (var part in Directory.GetDirectories(aside))
                Directory.Move(part, Path.Combine(full, Path.GetFileName(part)));
            Directory.Delete(aside);
            return filled;
        }
        catch
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            if (isNew && Directory.Exists(full) && !Directory.EnumerateFileSystemEntries(full).Any())
                Directory.Delete(full);
            throw;
        }
    }

    static void Create(string path, string folder)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder}: cannot be written: {exception.Message.TrimEnd('.')}. Choose another folder.", exception);
        }
    }
}
