using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What the files of samples held when they were read last, so that a training that goes on knows whether they are the
/// same.</summary>
/// <param name="tables">The samples to learn from, and those to watch.</param>
/// <remarks>Each file is hashed once, by the thread that reads it, and not again while its length and its time of change stay: a copy of
/// the data has other times and equal hashes.</remarks>
sealed class ReadFiles(params IEnumerable<SampleTable?> tables)
{
    readonly string?[] paths = [.. tables.OfType<SampleTable>().SelectMany(table => table.Samples).Select(WatchedFiles.PathOf)];
    readonly ConcurrentDictionary<string, Content> read = new(StringComparer.Ordinal);

    /// <summary>The samples, whose files are noted when they are read.</summary>
    public SampleTable Noting(SampleTable table) => table.Telling(sample =>
    {
        if (WatchedFiles.PathOf(sample) is { } path)
            Note(path);
    });

    /// <summary>Notes all files, where what is learnt from them was read before.</summary>
    /// <param name="reading">How many threads read.</param>
    /// <param name="cancellation">Ends it.</param>
    public void NoteAll(RowReading reading, CancellationToken cancellation) =>
        Parallel.ForEach(paths.OfType<string>(), Threads(reading, cancellation), Note);

    /// <summary>What a checkpoint holds of them; nothing where no file was read.</summary>
    public byte[] ToBytes()
    {
        if (read.IsEmpty)
            return [];
        var bytes = new byte[paths.Length * Content.Length];
        foreach (var (place, path) in paths.Index())
            if (path is not null && read.TryGetValue(path, out var content))
                content.Write(bytes.AsSpan(place * Content.Length));
        return bytes;
    }

    /// <summary>Takes over what a checkpoint holds, and names the files that hold something else now; those that are gone are told of when
    /// they are read.</summary>
    /// <param name="bytes">What <see cref="ToBytes"/> gave of the same samples.</param>
    /// <param name="reading">How many threads read the files whose time of change is another.</param>
    /// <param name="cancellation">Ends it.</param>
    public string[] Changed(byte[] bytes, RowReading reading, CancellationToken cancellation)
    {
        var changed = new ConcurrentBag<string>();
        Parallel.ForEach(paths.Index().Take(bytes.Length / Content.Length), Threads(reading, cancellation), file =>
        {
            if (file.Item is not { } path || Content.Read(bytes.AsSpan(file.Index * Content.Length)) is not { } before)
                return;
            if (FileStamp.Of(path) == before.Stamp)
                read[path] = before;
            else
            {
                Note(path);
                if (read.TryGetValue(path, out var now) && now.Hash != before.Hash)
                    changed.Add(path);
            }
        });
        return [.. changed.Distinct().Order(StringComparer.Ordinal)];
    }

    static ParallelOptions Threads(RowReading reading, CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = Math.Max(1, reading.Workers), CancellationToken = cancellation };

    void Note(string path)
    {
        // Before the bytes: if the file changes in between, the stamp is the old one, and the file is read again next time.
        // A device has no length, and no end.
        if (FileStamp.Of(path) is { Length: > 0 } stamp && !(read.TryGetValue(path, out var known) && known.Stamp == stamp)
            && HashOf(path) is { } hash)
            read[path] = new(stamp, hash);
    }

    static long? HashOf(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(file, hash);
            return BinaryPrimitives.ReadInt64LittleEndian(hash);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its decoding tells.
            return null;
        }
    }

    readonly record struct Content(FileStamp Stamp, long Hash)
    {
        public const int Length = 3 * sizeof(long);

        public void Write(Span<byte> bytes)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, Stamp.Length);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[sizeof(long)..], Stamp.Changed.Ticks);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(2 * sizeof(long))..], Hash);
        }

        // No file was changed in the year 1: zeros stand for one that was not read.
        public static Content? Read(ReadOnlySpan<byte> bytes) =>
            BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]) is > 0 and var ticks && ticks <= DateTime.MaxValue.Ticks
                ? new(new(BinaryPrimitives.ReadInt64LittleEndian(bytes), new(ticks, DateTimeKind.Utc)),
                    BinaryPrimitives.ReadInt64LittleEndian(bytes[(2 * sizeof(long))..])) : null;
    }
}
