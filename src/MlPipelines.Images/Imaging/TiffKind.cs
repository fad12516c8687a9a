using System.Buffers.Binary;

namespace MlPipelines.Imaging;

/// <summary>TIFF files whose numbers libvips would hand on as if they were red, green and blue from 0 to 255.</summary>
/// <remarks>Source: TIFF 6.0, sections 2 (structure), 8 (PhotometricInterpretation, Compression) and 19 (SampleFormat). Files larger than 4
/// GiB (BigTIFF) are not looked into.</remarks>
static class TiffKind
{
    const int Compression = 259, Photometric = 262, SampleFormat = 339;
    const int Uncompressed = 1, YCbCr = 6, Lab = 8, Float = 3;

    /// <exception cref="InvalidDataException">The file is of a kind that is not read; the message begins with the name.</exception>
    public static void Check(ReadOnlySpan<byte> file, string name)
    {
        var found = (First(file, Photometric), First(file, Compression, Uncompressed), First(file, SampleFormat, 1)) switch
        {
            (_, _, Float) => "floating-point numbers",
            (YCbCr, Uncompressed, _) => "uncompressed YCbCr",
            (Lab, _, _) => "CIE Lab",
            _ => null,
        };
        if (found is not null)
            throw new InvalidDataException(
                $"{name}: is a TIFF of {found}, needs red, green and blue, grey, a palette or CMYK. Save it as such, or as PNG.");
    }

    // The first number of an entry of the first directory; what a damaged file lacks is for the decoder to say.
    static int First(ReadOnlySpan<byte> file, int tag, int otherwise = -1)
    {
        var little = file is [(byte)'I', ..];
        int Short(ReadOnlySpan<byte> at) => little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
        long Long(ReadOnlySpan<byte> at) => little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
        if (file.Length < 8 || Short(file[2..]) != 42 || Long(file[4..]) is var start && start > file.Length - 2)
            return otherwise;
        var entries = file[(int)start..];
        for (var i = 0; i < Short(entries) && 2 + 12 * (i + 1) <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + 12 * i, 12);
            if (Short(entry) != tag || Short(entry[2..]) != 3)
                continue;
            if (Long(entry[4..]) <= 2)
                return Short(entry[8..]);
            return Long(entry[8..]) is var place && place <= file.Length - 2 ? Short(file[(int)place..]) : otherwise;
        }
        return otherwise;
    }
}
