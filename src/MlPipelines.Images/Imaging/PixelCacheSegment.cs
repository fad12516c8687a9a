using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace MlPipelines.Imaging;

/// <summary>Where the pixels of a key lie in a segment.</summary>
readonly record struct PixelCacheRecord(PixelCacheKey Key, long Offset, int Length, ulong Checksum);

/// <summary>One file of a pixel cache: a head, one record an entry, and the pixels. It only grows,
/// up to the length that it has from the beginning.</summary>
/// <remarks>
/// Pixels are written before their record, and both bear an XXH3 of 64 bits, so whatever was cut off while it was written,
/// or was changed by others, is found out and left aside.
/// Files of another version of the format are left aside, and dropped when their room is needed.
/// One process at a time writes to a segment: the one that holds its lock file.
/// </remarks>
sealed class PixelCacheSegment : IDisposable
{
    internal const int RecordBytes = 64;
    const int PixelAlignment = 64;
    // There is one record for so many bytes: larger entries leave records unused, smaller ones bytes.
    const long BytesPerRecord = 4096;
    const int Checked = PixelCacheKey.Bytes + sizeof(long) + sizeof(int) + sizeof(ulong);

    static ReadOnlySpan<byte> Magic => "MLPPIX02"u8;

    readonly SafeFileHandle file;
    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    readonly FileStream? writer;
    readonly int slots;
    int filled;
    long end;

    PixelCacheSegment(string path, SafeFileHandle file, long length, FileStream? writer)
    {
        (Path, Length, this.file, this.writer, slots) = (path, length, file, writer, SlotsOf(length));
        // Maps the whole length at once, so the file must have it from the beginning and is never cut.
        map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        end = (slots + 1L) * RecordBytes;
    }

    internal string Path { get; }

    /// <summary>Bytes of the file.</summary>
    internal long Length { get; }

    /// <summary>Whether this process reads from it or writes to it, so that it should stay.</summary>
    internal bool Used { get; set; }

    /// <summary>Whether not even a small picture fits in any more.</summary>
    internal bool IsFull => filled == slots || end >= Length - BytesPerRecord;

    internal static string LockOf(string path) => System.IO.Path.ChangeExtension(path, ".lock");

    /// <summary>The most bytes of pixels that a segment of that length takes.</summary>
    internal static long RoomOf(long length) => length - (SlotsOf(length) + 1L) * RecordBytes;

    /// <summary>A new, empty segment; the lock is released with it, or at once where it cannot be made.</summary>
    internal static PixelCacheSegment Create(string path, long length, FileStream locked)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.SetLength(file, length);
            RandomAccess.Write(file, Head(length), 0);
            return new(path, file, length, locked);
        }
        catch
        {
            file?.Dispose();
            locked.Dispose();
            throw;
        }
    }

    /// <summary>The segment in a file; null if the file is none, or is not whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="locked">The lock, for one to be written to.</param>
    /// <param name="entry">Told of each entry.</param>
    internal static PixelCacheSegment? Open(string path, FileStream? locked, Action<PixelCacheSegment, PixelCacheRecord> entry)
    {
        var file = File.OpenHandle(path, FileMode.Open, locked is null ? FileAccess.Read : FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete);
        var (segment, isRead) = ((PixelCacheSegment?)null, false);
        try
        {
            var length = RandomAccess.GetLength(file);
            Span<byte> head = stackalloc byte[RecordBytes];
            if (length < 2 * RecordBytes || RandomAccess.Read(file, head, 0) < RecordBytes || !head.SequenceEqual(Head(length)))
                return null;
            segment = new(path, file, length, locked);
            segment.ReadRecords(entry);
            isRead = true;
            return segment;
        }
        finally
        {
            if (!isRead)
            {
                segment?.Dispose();
                file.Dispose();
            }
        }
    }

    /// <summary>Copies the pixels of an entry; false if they are not those that were written.</summary>
    internal bool TryRead(in PixelCacheRecord record, bool verify, Span<byte> to)
    {
        try
        {
            // Holds the mapping while it copies, so that it may be disposed of on another thread.
            view.SafeMemoryMappedViewHandle.ReadSpan((ulong)record.Offset, to);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        return !verify || XxHash3.HashToUInt64(to) == record.Checksum;
    }

    /// <summary>Adds an entry; null if it does not fit in. For one thread at a time.</summary>
    internal PixelCacheRecord? Append(PixelCacheKey key, ReadOnlySpan<byte> pixels)
    {
        if (filled == slots || end + pixels.Length > Length)
            return null;
        var record = new PixelCacheRecord(key, end, pixels.Length, XxHash3.HashToUInt64(pixels));
        // Before the record, so that a process that ends here leaves none. Where the system fell, the checksums tell.
        RandomAccess.Write(file, pixels, end);
        Span<byte> bytes = stackalloc byte[RecordBytes];
        bytes.Clear();
        Write(record, bytes);
        RandomAccess.Write(file, bytes, (filled + 1L) * RecordBytes);
        filled++;
        end = Aligned(end + pixels.Length);
        return record;
    }

    public void Dispose()
    {
        view.Dispose();
        map.Dispose();
        file.Dispose();
        writer?.Dispose();
    }

    static int SlotsOf(long length) => (int)Math.Max(1, length / BytesPerRecord);

    static long Aligned(long offset) => (offset + PixelAlignment - 1) / PixelAlignment * PixelAlignment;

    static byte[] Head(long length)
    {
        var head = new byte[RecordBytes];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(Magic.Length), length);
        return head;
    }

    void ReadRecords(Action<PixelCacheSegment, PixelCacheRecord> entry)
    {
        var length = slots * RecordBytes;
        var records = ArrayPool<byte>.Shared.Rent(length);
        var read = RandomAccess.Read(file, records.AsSpan(0, length), RecordBytes);
        for (var slot = 0; slot < read / RecordBytes; slot++)
            if (Parse(records.AsSpan(slot * RecordBytes, RecordBytes)) is { } record)
            {
                // A record that was cut off is passed over. One behind all others is written over, and so are its pixels.
                filled = slot + 1;
                end = Math.Max(end, Aligned(record.Offset + record.Length));
                entry(this, record);
            }
        ArrayPool<byte>.Shared.Return(records);
    }

    static void Write(PixelCacheRecord record, Span<byte> bytes)
    {
        record.Key.Write(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[PixelCacheKey.Bytes..], record.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(PixelCacheKey.Bytes + 8)..], record.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(PixelCacheKey.Bytes + 12)..], record.Checksum);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[Checked..], XxHash3.HashToUInt64(bytes[..Checked]));
    }

    PixelCacheRecord? Parse(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[Checked..]) != XxHash3.HashToUInt64(bytes[..Checked]))
            return null;
        var record = new PixelCacheRecord(PixelCacheKey.Read(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[PixelCacheKey.Bytes..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[(PixelCacheKey.Bytes + 8)..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[(PixelCacheKey.Bytes + 12)..]));
        return record.Length > 0 && record.Offset >= (slots + 1L) * RecordBytes && record.Offset <= Length - record.Length ? record : null;
    }
}
