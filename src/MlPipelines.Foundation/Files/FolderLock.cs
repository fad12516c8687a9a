namespace MlPipelines;

/// <summary>A folder in which one program at a time is at work.</summary>
/// <remarks>A file in it is held open with a lock of the system's, which lets go of it when the process ends, however it ends; the file
/// that a killed process leaves there locks nothing.</remarks>
static class FolderLock
{
    const string FileName = ".in-use";

    // What the system says of a file that another holds: EAGAIN on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.
    static readonly int[] held = [11, 35, 32];

    /// <summary>Holds a folder, made where it is missing, while something is done in it. Parts of files that a process left there which was
    /// killed are taken away first.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="work">What is done.</param>
    /// <exception cref="IOException">Another is at work in it, or it cannot be written.</exception>
    public static T Holding<T>(string folder, Func<T> work)
    {
        using var file = Take(folder);
        AtomicFile.RemoveLeftovers(folder);
        return work();
    }

    static FileStream Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new(Path.Combine(folder, FileName),
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    Options = FileOptions.DeleteOnClose,
                });
        }
        catch (IOException exception) when (held.Contains(exception.HResult & 0xFFFF))
        {
            throw new IOException($"{folder}: another run is at work in it. Wait for its end or stop it, or choose another folder.",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder}: cannot be written: {exception.Message.TrimEnd('.')}. Make room, or choose another folder.",
                exception);
        }
    }
}
