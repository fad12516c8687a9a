using System.Collections.Concurrent;
using System.Globalization;

namespace MlPipelines.Imaging;

/// <summary>The segments in one folder: opened when they are first needed, found by key, added to and dropped within a bound.</summary>
/// <remarks>A segment that this instance has read from or written to is not dropped: pixels read in turn, over and over,
/// would else push each other out.</remarks>
sealed class PixelCacheFolder : IDisposable
{
    const string Prefix = "mlpipelines-";
    const long LeastSegment = 1 << 16, MostSegment = 1 << 26;
    const int SegmentsInBound = 16;

    readonly string folder, extension;
    readonly long capacity, segmentBytes;
    // Read without the gate; segments, writing and full are touched only within it, or in the constructor.
    readonly ConcurrentDictionary<PixelCacheKey, Place> places = new();
    readonly Dictionary<string, PixelCacheSegment> segments = new(StringComparer.Ordinal);
    readonly Lock gate = new();
    PixelCacheSegment? writing;
    bool full;

    internal PixelCacheFolder(string folder, long capacity, string extension = ".pixels")
    {
        (this.folder, this.capacity, this.extension) = (folder, capacity, extension);
        segmentBytes = Math.Clamp(capacity / SegmentsInBound, LeastSegment, MostSegment);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // What other processes add from here on is not seen, but for the segment that is gone on with.
        foreach (var path in Files())
            Open(path, null);
    }

    /// <summary>The pixels of a key; null if they are not there.</summary>
    internal byte[]? Find(PixelCacheKey key, int length)
    {
        if (!places.TryGetValue(key, out var place) || place.Record.Length != length)
            return null;
        var pixels = GC.AllocateUninitializedArray<byte>(length);
        // Checked once in a process: what this process wrote or has checked does not change, for segments only grow.
        if (!place.Segment.TryRead(place.Record, verify: !place.Verified, pixels))
        {
            places.TryRemove(new(key, place));
            return null;
        }
        if (!place.Verified)
        {
            place.Segment.Used = true;
            places.TryUpdate(key, place with { Verified = true }, place);
        }
        return pixels;
    }

    /// <summary>Keeps pixels; false if there is no room for them.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    internal bool Keep(PixelCacheKey key, ReadOnlySpan<byte> pixels)
    {
        if (pixels.Length > PixelCacheSegment.RoomOf(segmentBytes))
            return false;
        lock (gate)
        {
            if (places.ContainsKey(key))
                return true;
            // It ends: a new segment has room for all that passed the check above.
            while (!full && (writing ??= Next()) is { } segment)
            {
                if (segment.Append(key, pixels) is { } record)
                {
                    places[key] = new(segment, record, Verified: true);
                    return true;
                }
                writing = null;
            }
            return false;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var segment in segments.Values)
                segment.Dispose();
            (full, writing) = (true, null);
        }
    }

    // The newest segment may have room left by a process that has ended.
    PixelCacheSegment? Next()
    {
        var segment = (Files().LastOrDefault() is { } newest ? Adopt(newest) : null) ?? Create();
        if (segment is not null)
            segment.Used = true;
        return segment;
    }

    PixelCacheSegment? Adopt(string path)
    {
        // Its records are read again under the lock: the process that held it may have added some.
        if (segments.TryGetValue(path, out var known) && known.IsFull || Lock(path) is not { } locked)
            return null;
        Forget(path);
        if (Open(path, locked) is { } segment)
            return segment;
        locked.Dispose();
        return null;
    }

    PixelCacheSegment? Create()
    {
        // One process at a time counts, drops and numbers segments. Who does not get the lock leaves the picture out and asks again.
        using var creating = Lock(Path.Combine(folder, Prefix + "new" + extension));
        if (creating is null)
            return null;
        var files = Files().ToList();
        var held = files.Sum(path => new FileInfo(path).Length);
        // Files that this process has not opened first, such as those of another format; then its own, the oldest first.
        foreach (var path in files.OrderBy(path => segments.ContainsKey(path)).ToList())
            if (held + segmentBytes > capacity)
                held -= Drop(path);
        full = held + segmentBytes > capacity;
        if (full)
            return null;
        var last = files.Count == 0 ? 0
            : long.Parse(Path.GetFileNameWithoutExtension(files[^1])[Prefix.Length..], CultureInfo.InvariantCulture);
        var name = Path.Combine(folder, $"{Prefix}{last + 1:0000000000}{extension}");
        return Lock(name) is { } locked ? segments[name] = PixelCacheSegment.Create(name, segmentBytes, locked) : null;
    }

    long Drop(string path)
    {
        // What another process writes to is locked. What it only reads it has mapped, and keeps when the name is gone.
        if (segments.TryGetValue(path, out var segment) && segment.Used)
            return 0;
        using var locked = Lock(path);
        if (locked is null)
            return 0;
        var length = new FileInfo(path).Length;
        Forget(path);
        try
        {
            File.Delete(path);
            File.Delete(PixelCacheSegment.LockOf(path));
            return length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    void Forget(string path)
    {
        if (!segments.Remove(path, out var segment))
            return;
        foreach (var (key, _) in places.Where(pair => pair.Value.Segment == segment).ToList())
            places.TryRemove(key, out _);
        segment.Dispose();
    }

    PixelCacheSegment? Open(string path, FileStream? locked)
    {
        try
        {
            var segment = PixelCacheSegment.Open(path, locked, (found, record) => places[record.Key] = new(found, record, Verified: false));
            if (segment is not null)
                segments[path] = segment;
            return segment;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Holds a segment for this process; null if another one does.</summary>
    static FileStream? Lock(string path)
    {
        try
        {
            // The system lets go of it when the process ends, however it ends, so that the file itself means nothing.
            return new(PixelCacheSegment.LockOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(PixelCacheSegment.LockOf(path)))
        {
            return null;
        }
    }

    IEnumerable<string> Files() => Directory.EnumerateFiles(folder, $"{Prefix}*{extension}")
        .Where(path => Path.GetFileNameWithoutExtension(path)[Prefix.Length..] is { Length: 10 } number && number.All(char.IsAsciiDigit))
        .Order(StringComparer.Ordinal);

    readonly record struct Place(PixelCacheSegment Segment, PixelCacheRecord Record, bool Verified);
}
