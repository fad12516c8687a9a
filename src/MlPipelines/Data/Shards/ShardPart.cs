using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MlPipelines;

/// <summary>The scored rows of one share in a file that is there whole or not at all: what it is of, the rows in their order, how many, and
/// the SHA-256 of all that stands before it.</summary>
sealed partial class ShardPart
{
    const string Begin = "mlpipelines shard 1\n";
    const int MostHeader = 1 << 28;
    const long End = -1;

    // Behind the rows: End, their number, those that cannot be read, and the checksum.
    const int Tail = 3 * sizeof(long) + SHA256.HashSizeInBytes;

    readonly long rowsFrom;

    ShardPart(string path, ShardHeader header, long rowsFrom, long rows, long failed) =>
        (Path, Header, this.rowsFrom, Rows, Failed) = (path, header, rowsFrom, rows, failed);

    public string Path { get; }

    public ShardHeader Header { get; }

    /// <summary>Number of its rows.</summary>
    public long Rows { get; }

    /// <summary>Of these, rows whose picture cannot be read.</summary>
    public long Failed { get; }

    /// <summary>Name of the file of a share.</summary>
    public static string NameOf(Shard shard) => string.Create(CultureInfo.InvariantCulture, $"shard-{shard.Number}-of-{shard.Count}.part");

    /// <summary>The parts that lie in a folder, by their names.</summary>
    public static IEnumerable<(Shard Shard, string Path)> In(string folder) =>
        Directory.EnumerateFiles(folder).Select(path => (Name: Name().Match(System.IO.Path.GetFileName(path)), path))
            .Where(file => file.Name.Success).Select(file => (Parsed(file.Name), file.path));

    /// <summary>Writes a part, its folder made where it is missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What it is of.</param>
    /// <param name="rows">Its rows, in the order of their places.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, ShardHeader header, IEnumerable<SavedRow> rows) => AtomicFile.WriteWithFolder(path, file =>
    {
        const int buffer = 1 << 16;
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
        using (var buffered = new BufferedStream(hashed, buffer))
        using (var writer = new BinaryWriter(buffered))
            WriteHashed(writer, header, rows);
        file.Write(hash.Hash);
    });

    /// <summary>A part that is whole.</summary>
    /// <exception cref="InvalidDataException">It is no part, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static ShardPart Open(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length < Begin.Length + sizeof(int) + Tail || !IsIntact(file))
            throw new InvalidDataException($"{path}: is no whole part: its checksum is not that of what it holds. Was it changed, or "
                + "copied in part?");
        try
        {
            file.Position = 0;
            using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
            if (!reader.ReadBytes(Begin.Length).AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(Begin)))
                throw new InvalidDataException($"{path}: does not begin as a part does. Was it written by another version?");
            var length = reader.ReadInt32();
            var header = ShardHeader.Read(reader.ReadBytes(length is >= 0 and < MostHeader ? length : 0));
            var from = file.Position;
            file.Position = file.Length - Tail + sizeof(long);
            return new(path, header, from, reader.ReadInt64(), reader.ReadInt64());
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}: its header cannot be read ({exception.Message}). Was it written by another version?",
                exception);
        }
    }

    /// <summary>Its rows in the order of their places, one after the other.</summary>
    public IEnumerable<SavedRow> Read()
    {
        const int buffer = 1 << 16;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, buffer);
        file.Position = rowsFrom;
        using var reader = new BinaryReader(file);
        for (var place = reader.ReadInt64(); place != End; place = reader.ReadInt64())
            yield return SavedRow.Read(reader, place, Header);
    }

    static void WriteHashed(BinaryWriter writer, ShardHeader header, IEnumerable<SavedRow> rows)
    {
        writer.Write(Encoding.ASCII.GetBytes(Begin));
        var json = header.ToJson();
        writer.Write(json.Length);
        writer.Write(json);
        var (count, failed) = (0L, 0L);
        foreach (var row in rows)
        {
            row.Write(writer);
            count++;
            failed += row.Failure is null ? 0 : 1;
        }
        writer.Write(End);
        writer.Write(count);
        writer.Write(failed);
    }

    static bool IsIntact(FileStream file)
    {
        const int block = 1 << 16;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[block];
        for (var left = file.Length - SHA256.HashSizeInBytes; left > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(left, block));
            if (read == 0)
                return false;
            hash.AppendData(buffer, 0, read);
            left -= read;
        }
        var written = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(written);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(written);
    }

    static Shard Parsed(Match name) => new(Number(name.Groups[1]), Number(name.Groups[2]));

    static int Number(Group digits) => int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^shard-([1-9]\d{0,5})-of-([1-9]\d{0,5})\.part$")]
    private static partial Regex Name();
}
