using System.Collections.Concurrent;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace MlPipelines;

/// <summary>A zip: each reading thread has a reader of its own, which is kept for the next.</summary>
sealed class ZipFileArchive(string path, ArchiveLimits limits, Encoding? nameEncoding) : Archive(path, limits)
{
    readonly ConcurrentBag<ZipArchive> readers = [];

    protected override IEnumerable<ArchiveEntry> List()
    {
        var zip = Reader();
        foreach (var entry in zip.Entries)
        {
            var (name, problem) = ArchiveName.Of(entry.FullName, IsFolder(entry));
            yield return new(problem is null ? name : entry.FullName, entry.Length, !IsFolder(entry),
                problem ?? Problem(entry) ?? OutOfProportion(entry));
        }
        readers.Add(zip);
    }

    string? OutOfProportion(ZipArchiveEntry entry) => entry.Length <= Limits.MostFrom(entry.CompressedLength) ? null
        : $"unpacks from {entry.CompressedLength:N0} to {entry.Length:N0} bytes, at most {Limits.Ratio:0.#} times as many are read";

    // What is in the archive counts, not what its list promises, which Archive has seen to be within the limit.
    protected override byte[] Bytes(int position, ArchiveEntry entry)
    {
        if (!readers.TryTake(out var zip))
            zip = Reader();
        try
        {
            // Every reader lists the same file, so that positions mean the same entries.
            using var content = zip.Entries[position].Open();
            var whole = new byte[entry.Bytes];
            var read = content.ReadAtLeast(whole, whole.Length, throwOnEndOfStream: false);
            return read < whole.Length || content.ReadByte() >= 0
                ? throw new InvalidDataException(
                    $"promised {entry.Bytes:N0} bytes, {(read < whole.Length ? $"there are {read:N0}" : "there are more")}")
                : Crc32.HashToUInt32(whole) != zip.Entries[position].Crc32 ? throw new InvalidDataException("its sum does not fit")
                : whole;
        }
        finally
        {
            readers.Add(zip);
        }
    }

    protected override byte[] Head(int position, ArchiveEntry entry, int count)
    {
        if (!readers.TryTake(out var zip))
            zip = Reader();
        try
        {
            using var content = zip.Entries[position].Open();
            var head = new byte[(int)Math.Min(entry.Bytes, count)];
            return head[..content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        finally
        {
            readers.Add(zip);
        }
    }

    internal static bool IsFolder(ZipArchiveEntry entry) => entry.FullName is [.., '/' or '\\'];

    // The upper half of the attributes is the mode that Unix gives files.
    internal static string? Problem(ZipArchiveEntry entry) => (entry.ExternalAttributes >> 28 & 0xF, entry.IsEncrypted) switch
    {
        (_, true) => "is encrypted",
        (0xA, _) => "is a link",
        (0x1 or 0x2 or 0x6 or 0xC, _) => "is a device or a pipe",
        _ => null,
    };

    ZipArchive Reader()
    {
        var file = File.OpenRead(Path);
        try
        {
            return new(file, ZipArchiveMode.Read, leaveOpen: false, nameEncoding);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
