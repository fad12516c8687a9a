namespace MlPipelines;

/// <summary>What a file of many files is, told by its content.</summary>
enum ArchiveKind
{
    Zip,
    Tar,
    GzippedTar,
}

static class ArchiveKinds
{
    static readonly string[] endings = [".zip", ".tar", ".tar.gz", ".tgz"];

    /// <summary>Whether a path ends as an archive's does.</summary>
    public static bool IsArchive(string path) => Array.Exists(endings, ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="InvalidDataException">It is neither; the message names the file.</exception>
    public static ArchiveKind Of(string path)
    {
        using var file = File.OpenHandle(path);
        Span<byte> head = stackalloc byte[512];
        head = head[..RandomAccess.Read(file, head, 0)];
        return head switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => ArchiveKind.Zip,
            [0x1F, 0x8B, ..] => ArchiveKind.GzippedTar,
            { Length: 512 } when IsTarHeader(head) => ArchiveKind.Tar,
            [] => throw new InvalidDataException($"{path}: is empty, a zip, tar or tar.gz is needed. Fetch it again."),
            _ => throw new InvalidDataException($"{path}: begins with {Convert.ToHexString(head[..Math.Min(4, head.Length)])}, a zip, tar "
                + "or tar.gz is needed. Is it another file?"),
        };
    }

    // The sum of a header's bytes, with the eight of the sum itself taken for blanks, stands in it in octal digits;
    // an empty archive is all zeros.
    internal static bool IsTarHeader(ReadOnlySpan<byte> head)
    {
        var sum = 8 * ' ';
        for (var i = 0; i < head.Length; i++)
            sum += i is >= 148 and < 156 ? 0 : head[i];
        var written = 0;
        foreach (var digit in head[148..156])
            written = digit is >= (byte)'0' and <= (byte)'7' ? written * 8 + digit - '0' : written;
        return written == sum || !head.ContainsAnyExcept((byte)0);
    }
}
