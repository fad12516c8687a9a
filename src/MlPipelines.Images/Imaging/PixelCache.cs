using System.Collections.Concurrent;

namespace MlPipelines.Imaging;

/// <summary>Remembers the pixels of images that were decoded and resized, in files that outlive the process,
/// so that each image is decoded once.</summary>
/// <remarks>
/// An entry is found by the SHA-256 of the image file's bytes and by what was done to them, so a file that changes is decoded anew,
/// and equal files share an entry.
/// A file is read and hashed at its first look; after that its length and time of change tell whether it is still the same.
/// The files are memory-mapped, bear checksums, and may be used by several threads and processes at once. A cache that cannot be written to
/// reports that once and is left aside.
/// What lies in the folder may be deleted whenever nothing uses it.
/// </remarks>
public sealed class PixelCache : IDisposable
{
    /// <summary>4 GiB: some 28,000 images of 224×224.</summary>
    public const long DefaultCapacityBytes = 4L << 30;

    /// <summary>The least bound, 1 MiB.</summary>
    public const long LeastCapacityBytes = 1 << 20;

    /// <summary>Name of the setting (runtimeconfig.json, AppContext) that replaces the default folder;
    /// empty for no cache by default.</summary>
    public const string FolderSetting = "MlPipelines.PixelCacheFolder";

    // Null, for good, where the folder could not be opened.
    readonly Lazy<PixelCacheFolder?> content;
    readonly ConcurrentDictionary<string, Seen> seen = new(StringComparer.Ordinal);
    volatile bool closed;
    int failures;
    long hits;

    /// <param name="folder">Where it is kept; made when it is first needed.</param>
    /// <param name="capacityBytes">The most bytes of all files together, at least 1 MiB; the oldest are dropped. An image that takes more
    /// than a sixteenth, or 64 MiB, is not kept.</param>
    public PixelCache(string folder, long capacityBytes = DefaultCapacityBytes)
    {
        (Folder, CapacityBytes) = (Path.GetFullPath(Check.Named(folder)), Check.AtLeast(capacityBytes, LeastCapacityBytes));
        content = new(Open);
    }

    /// <summary>The cache in the user's folder of local application data, or where <see cref="FolderSetting"/> says; null if there is
    /// neither, or the setting is empty.</summary>
    public static PixelCache? CreateDefault()
    {
        if (AppContext.GetData(FolderSetting) is string setting)
            return setting.Length == 0 ? null : new(setting);
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0 ? null : new(Path.Combine(data, "MlPipelines", "pixels"));
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>The most that it holds.</summary>
    public long CapacityBytes { get; }

    /// <summary>How many images were found in it since it was made.</summary>
    public long Hits => Interlocked.Read(ref hits);

    /// <summary>Raised once, with the reason, when the folder cannot be used; images are then decoded as if there were no cache.</summary>
    public event Action<string>? Failed;

    /// <summary>What a file holds, if it is known and has not changed since.</summary>
    internal PixelCacheKey? Recall(string path, FileStamp stamp) =>
        seen.TryGetValue(path, out var known) && known.Stamp == stamp ? known.Content : null;

    internal Bitmap? Find(PixelCacheKey key, int width, int height, int channels)
    {
        if (closed || content.Value?.Find(key, checked(width * height * channels)) is not { } pixels)
            return null;
        Interlocked.Increment(ref hits);
        return new(width, height, channels, pixels);
    }

    internal bool Keep(PixelCacheKey key, Bitmap bitmap)
    {
        try
        {
            // Bitmaps of images have arrays of exactly their pixels; borrowed ones must not come here.
            return failures == 0 && !closed && content.Value is { } folder && folder.Keep(key, bitmap.Pixels);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(error);
            return false;
        }
    }

    internal void Remember(string path, FileStamp stamp, PixelCacheKey found) => seen[path] = new(stamp, found);

    /// <summary>Closes the files; images are decoded from then on as if there were no cache.</summary>
    public void Dispose()
    {
        closed = true;
        if (content.IsValueCreated)
            content.Value?.Dispose();
    }

    PixelCacheFolder? Open()
    {
        try
        {
            return new(Folder, CapacityBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(error);
            return null;
        }
    }

    void Fail(Exception error)
    {
        if (Interlocked.Increment(ref failures) == 1)
            Failed?.Invoke($"{Folder}: decoded images cannot be kept there: {error.Message.TrimEnd('.')}. Each is decoded anew in every "
                + "epoch. Make room, or choose another folder.");
    }

    readonly record struct Seen(FileStamp Stamp, PixelCacheKey Content);
}

/// <summary>What tells whether a file has changed without reading it.</summary>
readonly record struct FileStamp(long Length, DateTime Changed)
{
    /// <summary>That of a file, or of the one that a link leads to; null if there is none.</summary>
    internal static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists && file.Attributes.HasFlag(FileAttributes.ReparsePoint))
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file.Exists ? new(file.Length, file.LastWriteTimeUtc) : null;
    }
}
