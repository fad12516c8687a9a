using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace MlPipelines;

/// <summary>Unpacks archives into a new folder: plain files only, none outside it, no more than the limits allow.</summary>
static class ArchiveUnpacker
{
    /// <param name="archive">A zip, tar or tar.gz.</param>
    /// <param name="folder">Where to; it must not be there yet, and what is in it when this fails is worth nothing.</param>
    /// <param name="limits">The most that comes out.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidDataException">It is damaged, holds a link, a device, a name that leads out of the folder or comes twice, or
    /// too much; the message names archive and entry.</exception>
    public static IReadOnlyList<UnpackedFile> Unpack(string archive, string folder, ArchiveLimits limits, CancellationToken cancellation)
    {
        if (Directory.Exists(folder) || File.Exists(folder))
            throw new IOException($"{folder}: is there already, a new folder is needed. Choose another one.");
        Directory.CreateDirectory(folder);
        var (files, entries, room) = (new List<UnpackedFile>(), 0, limits.UnpackedBytes);
        try
        {
            foreach (var (written, stream, odd) in Entries(archive))
            {
                cancellation.ThrowIfCancellationRequested();
                if (++entries > limits.Entries)
                    throw new InvalidDataException($"{archive}: holds more than {limits.Entries:N0} entries. Is it the right file?");
                var (name, problem) = ArchiveName.Of(written);
                if (name.Length == 0 && stream is null && odd is null)
                    continue;
                if ((problem ?? odd) is { } reason)
                    throw new InvalidDataException(
                        $"{archive}/{written}: {reason}, so nothing is unpacked. Is the archive from who you think?");
                var place = Path.Combine(folder, name);
                Directory.CreateDirectory(stream is null ? place : Path.GetDirectoryName(place)!);
                if (stream is null)
                    continue;
                // Also where the names differ and the file system takes them for one.
                if (File.Exists(place) || Directory.Exists(place))
                    throw new InvalidDataException($"{archive}/{written}: comes twice, so nothing is unpacked. Fetch the archive again.");
                var file = Write(stream, name, place, room, cancellation)
                    ?? throw new InvalidDataException(
                        $"{archive}: unpacks to more than {limits.UnpackedBytes:N0} bytes. Is it the right file?");
                room -= file.Bytes;
                files.Add(file);
            }
        }
        catch (Exception failure) when (Archive.IsDamage(failure) && !failure.Message.StartsWith(archive, StringComparison.Ordinal))
        {
            throw Archive.Damaged(archive, failure);
        }
        return files;
    }

    static IEnumerable<(string Name, Stream? Content, string? Problem)> Entries(string archive)
    {
        var kind = ArchiveKinds.Of(archive);
        using var file = File.OpenRead(archive);
        if (kind == ArchiveKind.Zip)
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (var entry in zip.Entries)
            {
                using var content = ZipFileArchive.IsFolder(entry) || ZipFileArchive.Problem(entry) is not null ? null : entry.Open();
                yield return (entry.FullName, content, ZipFileArchive.Problem(entry));
            }
            yield break;
        }
        using var tape = kind == ArchiveKind.GzippedTar ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var tar = new TarReader(tape);
        while (tar.GetNextEntry() is { } entry)
            if (!TarFileArchive.IsNote(entry))
                yield return (entry.Name, TarFileArchive.IsFile(entry) ? entry.DataStream ?? Stream.Null : null,
                    TarFileArchive.Problem(entry));
    }

    /// <returns>Null when there is more than the room left.</returns>
    static UnpackedFile? Write(Stream content, string name, string place, long room, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(place, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var (buffer, bytes) = (new byte[1 << 16], 0L);
        for (int read; (read = content.Read(buffer)) > 0; bytes += read)
        {
            cancellation.ThrowIfCancellationRequested();
            if (bytes + read > room)
                return null;
            hash.AppendData(buffer, 0, read);
            file.Write(buffer, 0, read);
        }
        file.Flush(flushToDisk: true);
        return new(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}

/// <summary>A file that came out of an archive; its name uses '/'.</summary>
sealed record UnpackedFile(string Name, long Bytes, string Sha256);
