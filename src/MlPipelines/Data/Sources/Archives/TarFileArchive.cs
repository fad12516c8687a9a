using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;

namespace MlPipelines;

/// <summary>A tar, listed once and then read by position. One in gzip, which has no positions, is unpacked into a file without a name that
/// ends with the process.</summary>
sealed class TarFileArchive(string path, ArchiveLimits limits, bool zipped) : Archive(path, limits)
{
    readonly List<long> starts = [];
    // Closed by its finalizer: archives are shared, and nobody knows who reads last.
    SafeFileHandle? tape;

    protected override IEnumerable<ArchiveEntry> List()
    {
        tape = zipped ? Unzipped() : File.OpenHandle(Path);
        var (length, end) = (RandomAccess.GetLength(tape), 0L);
        using var stream = new TapeStream(tape);
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is { } entry)
        {
            end = Math.Max(stream.Position, entry.DataOffset + Padded(entry.Length));
            if (IsNote(entry))
                continue;
            var (name, problem) = ArchiveName.Of(entry.Name, entry.EntryType is TarEntryType.Directory or TarEntryType.DirectoryList);
            // One for each entry that is listed, in their order.
            starts.Add(entry.DataOffset);
            yield return new(problem is null ? name : entry.Name, entry.Length, IsFile(entry),
                problem ?? Problem(entry)
                ?? (IsFile(entry) && entry.Length > 0 && (entry.DataOffset < 0 || entry.DataOffset + entry.Length > length)
                    ? "goes on after the end of the archive" : null));
        }
        Problems = TarEnd.Problem(tape, end) is { } missing ? [missing] : [];
    }

    static long Padded(long bytes) => (bytes + TarEnd.Block - 1) / TarEnd.Block * TarEnd.Block;

    protected override byte[] Bytes(int position, ArchiveEntry entry)
    {
        // No more than there are: List has compared the promise with the length of the tape.
        var bytes = new byte[entry.Bytes];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(tape!, bytes.AsSpan(done), starts[position] + done);
            done += read > 0 ? read : throw new EndOfStreamException("the archive ends within it");
        }
        return bytes;
    }

    protected override byte[] Head(int position, ArchiveEntry entry, int count)
    {
        var head = new byte[(int)Math.Min(entry.Bytes, count)];
        return head[..RandomAccess.Read(tape!, head, starts[position])];
    }

    internal static bool IsNote(TarEntry entry) => entry.EntryType is TarEntryType.GlobalExtendedAttributes;

    internal static bool IsFile(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;

    internal static string? Problem(TarEntry entry) => entry.EntryType switch
    {
        _ when IsFile(entry) => null,
        TarEntryType.Directory or TarEntryType.DirectoryList => null,
        TarEntryType.SymbolicLink or TarEntryType.HardLink => "is a link",
        TarEntryType.BlockDevice or TarEntryType.CharacterDevice or TarEntryType.Fifo => "is a device or a pipe",
        var other => $"is of the kind {other}",
    };

    SafeFileHandle Unzipped()
    {
        var place = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"mlpipelines-{Guid.NewGuid():N}.tar");
        var handle = File.OpenHandle(place, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete,
            FileOptions.DeleteOnClose);
        try
        {
            // Unix keeps the content of a file without a name until it is closed, so nothing is left when the process is killed.
            if (!OperatingSystem.IsWindows())
                File.Delete(place);
            using var file = File.OpenRead(Path);
            var most = Math.Min(Limits.MostFrom(file.Length), RoomForTemporary());
            using var content = new GZipStream(file, CompressionMode.Decompress);
            var (buffer, length) = (new byte[1 << 17], 0L);
            for (int read; (read = content.Read(buffer)) > 0; length += read)
            {
                if (length + read > most)
                    throw new InvalidDataException($"{Path}: unpacks from {file.Length:N0} to more than {most:N0} bytes, at most "
                        + $"{Limits.Ratio:0.#} times as many are read, and no more than {System.IO.Path.GetTempPath()} has room for. "
                        + "Is it the right file?");
                RandomAccess.Write(handle, buffer.AsSpan(0, read), length);
            }
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // Some is left: a full disk stops others too.
    static long RoomForTemporary()
    {
        var folder = System.IO.Path.GetFullPath(System.IO.Path.GetTempPath());
        return new DriveInfo(OperatingSystem.IsWindows() ? System.IO.Path.GetPathRoot(folder)! : folder).AvailableFreeSpace / 10 * 9;
    }

    /// <summary>The tape as a stream that leaves the tape open.</summary>
    sealed class TapeStream(SafeFileHandle tape) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => RandomAccess.GetLength(tape);
        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var read = RandomAccess.Read(tape, buffer, Position);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };

        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
