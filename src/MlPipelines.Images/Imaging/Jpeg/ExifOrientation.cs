using System.Buffers.Binary;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>The orientation in the EXIF block of a photograph.</summary>
/// <remarks>Source: Exif 2.32 (CIPA DC-008), §4.5.2 and §4.6.2; TIFF 6.0, section 2.</remarks>
static class ExifOrientation
{
    const int OrientationTag = 274, Short = 3, EntryBytes = 12;

    // Bytes of one value of the types 1 to 12.
    static ReadOnlySpan<byte> ValueBytes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

    /// <summary>The number of the tag; 1 without one; null where the first directory has anything out of order,
    /// which readers judge differently.</summary>
    /// <param name="block">What follows the length of an APP1 segment, from "Exif" on.</param>
    internal static int? Read(ReadOnlySpan<byte> block)
    {
        if (!block.StartsWith("Exif\0\0"u8))
            return null;
        var tiff = block[6..];
        var little = tiff.StartsWith("II*\0"u8);
        if (!little && !tiff.StartsWith("MM\0*"u8) || tiff.Length < 14)
            return null;
        var directory = Number32(tiff[4..], little);
        if (directory < 8 || directory > tiff.Length - 2)
            return null;
        var entries = Number16(tiff[(int)directory..], little);
        var first = (int)directory + 2;
        if (entries * EntryBytes > tiff.Length - first)
            return null;
        int? found = null;
        for (var i = 0; i < entries; i++)
        {
            var entry = tiff.Slice(first + i * EntryBytes, EntryBytes);
            var (type, count) = (Number16(entry[2..], little), Number32(entry[4..], little));
            if (type is 0 or > 12 || count == 0)
                return null;
            var length = (ulong)count * ValueBytes[type];
            if (length > 4 && Number32(entry[8..], little) + length > (ulong)tiff.Length)
                return null;
            if (Number16(entry, little) != OrientationTag)
                continue;
            if (found is not null || type != Short || count != 1)
                return null;
            found = Number16(entry[8..], little);
        }
        return found ?? 1;
    }

    static int Number16(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);

    static uint Number32(ReadOnlySpan<byte> at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);
}
