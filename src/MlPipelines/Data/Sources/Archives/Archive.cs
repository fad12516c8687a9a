using System.Text;

namespace MlPipelines;

/// <summary>An archive whose entries are read in place, by several threads at once.</summary>
abstract class Archive(string path, ArchiveLimits limits)
{
    static readonly Lock gate = new();
    static readonly Dictionary<string, (long Bytes, DateTime Written, WeakReference<Archive> Archive)> opened = [];

    readonly Dictionary<string, int> positions = [];

    public string Path => path;
    public IReadOnlyList<ArchiveEntry> Entries { get; private set; } = [];

    /// <summary>What is wrong with the archive as a whole, though its entries are read: more of them may be missing.</summary>
    public IReadOnlyList<string> Problems { get; protected set; } = [];

    protected ArchiveLimits Limits => limits;

    /// <summary>Opens an archive and lists what is in it; one that is in use and has not changed is used again.</summary>
    /// <exception cref="InvalidDataException">It is no archive, damaged, or holds too many entries; the message names it.</exception>
    public static Archive Open(string path, ArchiveLimits? limits = null, Encoding? nameEncoding = null)
    {
        var (full, file) = (System.IO.Path.GetFullPath(path), new FileInfo(path));
        lock (gate)
        {
            if (limits is null && nameEncoding is null && opened.TryGetValue(full, out var known) && known.Bytes == file.Length
                && known.Written == file.LastWriteTimeUtc && known.Archive.TryGetTarget(out var used))
                return used;
            var archive = List(path, limits ?? new(), nameEncoding);
            // One with limits or an encoding too: the paths that it gave lead to its entries while it is in use.
            opened[full] = (file.Length, file.LastWriteTimeUtc, new(archive));
            return archive;
        }
    }

    /// <summary>The bytes of an entry.</summary>
    /// <exception cref="InvalidDataException">It is damaged, too large or no plain file; the message names archive and entry.</exception>
    public byte[] Read(int position)
    {
        var entry = Entries[position];
        if (entry.Problem is { } problem)
            throw new InvalidDataException($"{path}/{entry.Name}: {problem}.");
        try
        {
            return Bytes(position, entry);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            // .NET unpacks what is stored or deflated.
            throw new InvalidDataException($"{path}/{entry.Name}: "
                + (failure.Message.Contains("not supported", StringComparison.Ordinal)
                    ? "is packed by a method that is not read. Pack the archive again, as most programs do."
                    : $"is damaged ({Reason(failure)}). Fetch the archive again."), failure);
        }
    }

    /// <summary>The bytes that an entry begins with.</summary>
    /// <exception cref="InvalidDataException">It is damaged; the message names archive and entry.</exception>
    public byte[] Head(int position, int count)
    {
        try
        {
            return Head(position, Entries[position], count);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw new InvalidDataException($"{path}/{Entries[position].Name}: is damaged ({failure.Message.TrimEnd('.')}). Fetch the "
                + "archive again.", failure);
        }
    }

    /// <summary>The bytes of the entry of that name; null when there is none.</summary>
    public byte[]? Read(string name) => positions.TryGetValue(name, out var position) ? Read(position) : null;

    protected abstract IEnumerable<ArchiveEntry> List();

    protected abstract byte[] Bytes(int position, ArchiveEntry entry);

    protected abstract byte[] Head(int position, ArchiveEntry entry, int count);

    /// <summary>What readers of archives throw at damaged ones.</summary>
    internal static bool IsDamage(Exception failure) =>
        failure is InvalidDataException or EndOfStreamException or FormatException or OverflowException or ArgumentException
        or NotSupportedException;

    internal static InvalidDataException Damaged(string path, Exception failure) =>
        new($"{path}: is damaged or cut short ({Reason(failure)}). Fetch it again.", failure);

    // .NET takes a wrong checksum for a method that it does not know.
    static string Reason(Exception failure) => failure is InvalidDataException && failure.Source == "System.IO.Compression"
        ? "what it holds does not unpack" : failure.Message.TrimEnd('.');

    // By what its header promises, before anything of it is read.
    static ArchiveEntry WithinLimit(ArchiveEntry entry, ArchiveLimits limits) => !entry.IsFile || entry.Problem is not null
        || entry.Bytes <= limits.ImageBytes ? entry
        : entry with { Problem = $"holds {entry.Bytes:N0} bytes, at most {limits.ImageBytes:N0} are read" };

    static Archive List(string path, ArchiveLimits limits, Encoding? nameEncoding)
    {
        var kind = ArchiveKinds.Of(path);
        Archive archive = kind == ArchiveKind.Zip ? new ZipFileArchive(path, limits, nameEncoding)
            : new TarFileArchive(path, limits, zipped: kind == ArchiveKind.GzippedTar);
        try
        {
            archive.Entries = [.. archive.List()
                .Select((entry, count) => count
                    < limits.Entries ? WithinLimit(entry, limits)
                    : throw new InvalidDataException($"{path}: holds more than {limits.Entries:N0} entries. Is it the right file?"))];
        }
        catch (Exception failure) when (IsDamage(failure) && !failure.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw Damaged(path, failure);
        }
        foreach (var (position, entry) in archive.Entries.Index())
            if (entry.IsFile)
                archive.positions.TryAdd(entry.Name, position);
        return archive;
    }
}

/// <summary>Something in an archive.</summary>
/// <param name="Name">Its path in the archive, with '/'.</param>
/// <param name="Bytes">Its size as the archive says.</param>
/// <param name="IsFile">False for a folder.</param>
/// <param name="Problem">Why it is not to be read; null when it may be.</param>
sealed record ArchiveEntry(string Name, long Bytes, bool IsFile, string? Problem);
