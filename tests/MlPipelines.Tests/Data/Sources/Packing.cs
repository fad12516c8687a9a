using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace MlPipelines.Tests.Data.Sources;

/// <summary>Makes small archives, well-formed and other.</summary>
static class Packing
{
    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.SmallestSize))
            zip.Write(bytes);
        return stream.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        return stream.ToArray();
    }

    public static byte[] Tar(params (string Name, byte[] Content)[] entries) =>
        Tar(TarEntryFormat.Pax, [.. entries.Select(entry => File(TarEntryFormat.Pax, entry.Name, entry.Content))]);

    public static byte[] Tar(TarEntryFormat format, params TarEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format))
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        return stream.ToArray();
    }

    public static TarEntry File(TarEntryFormat format, string name, byte[] content)
    {
        var entry = Entry(format, format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile : TarEntryType.RegularFile, name);
        entry.DataStream = new MemoryStream(content);
        return entry;
    }

    public static TarEntry Link(TarEntryType type, string name, string target)
    {
        var entry = Entry(TarEntryFormat.Pax, type, name);
        entry.LinkName = target;
        return entry;
    }

    public static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name) => format switch
    {
        TarEntryFormat.V7 => new V7TarEntry(type, name),
        TarEntryFormat.Ustar => new UstarTarEntry(type, name),
        TarEntryFormat.Gnu => new GnuTarEntry(type, name),
        _ => new PaxTarEntry(type, name),
    };

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
