using System.Buffers.Binary;
using System.IO.Compression;

namespace MlPipelines;

/// <summary>An IDX file (MNIST's format) of bytes, gzipped or not.</summary>
/// <remarks>Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits": two zero bytes, type (8 = unsigned byte), number of
/// dimensions, their sizes big-endian, the data.</remarks>
sealed record IdxFile(int[] Sizes, byte[] Data)
{
    /// <exception cref="InvalidDataException">The header is none, or promises another number of bytes than there are;
    /// the message names the file.</exception>
    public static IdxFile Read(string path, int dimensions)
    {
        using var file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        var zipped = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        try
        {
            using var stream = zipped ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            return Read(stream, path, dimensions);
        }
        catch (InvalidDataException exception) when (zipped && !exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: is damaged or cut short ({exception.Message}). Fetch it again.", exception);
        }
    }

    static IdxFile Read(Stream stream, string path, int dimensions)
    {
        var header = new byte[4 + 4 * dimensions];
        var got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got < header.Length || header is not [0, 0, 8, ..] || header[3] != dimensions)
            throw new InvalidDataException($"{path}: begins with {Convert.ToHexString(header.AsSpan(0, Math.Min(got, 4)))}, an IDX file "
                + $"of bytes with {dimensions} dimensions begins with 000008{dimensions:X2}. Is it another file?");
        var sizes = Enumerable.Range(0, dimensions).Select(i => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 + 4 * i))).ToArray();
        var promised = sizes.Aggregate(1d, (product, size) => product * size);
        if (sizes.Any(size => size < 1) || promised > Array.MaxLength)
            throw new InvalidDataException($"{path}: its header promises {string.Join("×", sizes)} bytes, sizes from 1 "
                + $"to {Array.MaxLength} bytes in all are needed. Fetch it again.");
        // Read as it comes: a lying header must not cost its memory.
        using var data = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; data.Length <= promised && (read = stream.Read(buffer)) > 0;)
            data.Write(buffer, 0, read);
        return data.Length == (long)promised
            ? new(sizes, data.ToArray())
            : throw new InvalidDataException($"{path}: its header "
                + $"promises {string.Join("×", sizes)} = {promised} bytes, "
                    + $"{(data.Length > promised ? "there are more" : $"there are {data.Length}")}. Fetch it again.");
    }
}
