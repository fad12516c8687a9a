using System.Buffers.Binary;

namespace MlPipelines.Imaging;

/// <summary>TIFF files that libvips would hand on as if their numbers were red, green and blue from 0 to 255, or as white.</summary>
/// <remarks>Source: TIFF 6.0, sections 2 (structure), 8 (PhotometricInterpretation, Compression), 19 (SampleFormat) and 22 (the old JPEG);
/// BigTIFF: Aware Systems, "The BigTIFF File Format Proposal". The first page is looked at, as it is the one that is read.</remarks>
static class TiffKind
{
    const int Compression = 259, Photometric = 262, SampleFormat = 339;
    const int Uncompressed = 1, OldJpeg = 6, YCbCr = 6, Lab = 8, Float = 3;

    /// <exception cref="InvalidDataException">The file is of a kind that is not read; the message begins with the name.</exception>
    public static void Check(ReadOnlySpan<byte> file, string name)
    {
        var page = new Directory(file);
        var found = (page.First(Photometric), page.First(Compression, Uncompressed), page.First(SampleFormat, 1)) switch
        {
            (_, OldJpeg, _) => "old-style JPEG (compression 6)",
            (_, _, Float) => "floating-point numbers",
            (YCbCr, Uncompressed, _) => "uncompressed YCbCr",
            (Lab, _, _) => "CIE Lab",
            _ => null,
        };
        if (found is not null)
            throw new InvalidDataException(
                $"{name}: is a TIFF of {found}, needs red, green and blue, grey, a palette or CMYK. Save it as such, or as PNG.");
    }

    /// <summary>The entries of the first page, of 12 bytes, or of 20 in a BigTIFF; what a damaged file lacks is for the decoder to
    /// say.</summary>
    readonly ref struct Directory
    {
        readonly ReadOnlySpan<byte> file, entries;
        readonly bool little, big;

        internal Directory(ReadOnlySpan<byte> file)
        {
            this.file = file;
            little = file is [(byte)'I', ..];
            if (file.Length < 16)
                return;
            big = Number(file[2..], 2) == 43;
            var (start, countBytes) = big ? (Number(file[8..], 8), 8) : (Number(file[4..], 4), 2);
            if (start > (ulong)(file.Length - countBytes))
                return;
            var after = file[((int)start + countBytes)..];
            var count = (long)Math.Min(Number(file[(int)start..], countBytes), (ulong)(after.Length / EntryBytes));
            entries = after[..(int)(count * EntryBytes)];
        }

        int EntryBytes => big ? 20 : 12;

        /// <summary>The first number of an entry.</summary>
        internal int First(int tag, int otherwise = -1)
        {
            for (var rest = entries; !rest.IsEmpty; rest = rest[EntryBytes..])
                if ((int)Number(rest, 2) == tag)
                    return Value(rest) ?? otherwise;
            return otherwise;
        }

        // A byte, or a whole number of 2, 4 or 8 bytes: readers take any of them where two bytes are meant.
        int? Value(ReadOnlySpan<byte> entry)
        {
            var bytes = Number(entry[2..], 2) switch { 1 => 1, 3 => 2, 4 => 4, 16 => 8, _ => 0 };
            var (counted, room) = big ? (8, 8) : (4, 4);
            var count = Number(entry[4..], counted);
            var at = entry[(4 + counted)..];
            if (bytes == 0 || count == 0)
                return null;
            if (count > (ulong)(room / bytes))
                at = Number(at, room) is var place && place <= (ulong)Math.Max(0, file.Length - bytes) ? file[(int)place..] : [];
            return at.Length < bytes ? null : (int)Math.Min(Number(at, bytes), int.MaxValue);
        }

        ulong Number(ReadOnlySpan<byte> at, int bytes) => (bytes, little) switch
        {
            (1, _) => at[0],
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(at),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(at),
            (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(at),
            (4, false) => BinaryPrimitives.ReadUInt32BigEndian(at),
            (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(at),
            _ => BinaryPrimitives.ReadUInt64BigEndian(at),
        };
    }
}
