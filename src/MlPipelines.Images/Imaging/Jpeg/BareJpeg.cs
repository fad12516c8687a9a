using System.Buffers.Binary;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>A JPEG without what its coefficients do not need: application data, comments, and bytes that lie between the segments before
/// its first scan. What lies between scans may be one.</summary>
/// <remarks>Source: ITU-T T.81, annex B.</remarks>
static class BareJpeg
{
    internal static byte[] Of(ReadOnlySpan<byte> file)
    {
        using var bare = new MemoryStream(file.Length);
        bare.Write(file[..2]);
        for (var at = NextMarker(file, 2); at + 4 <= file.Length; at = NextMarker(file, at))
        {
            var marker = file[at + 1];
            if (marker == JpegMarker.Scan)
            {
                bare.Write(file[at..]);
                break;
            }
            var length = SegmentLength(file, at);
            if (marker is not (>= JpegMarker.Application0 and <= JpegMarker.Application15 or JpegMarker.Comment))
                bare.Write(file[at..Math.Min(file.Length, at + length)]);
            at += length;
        }
        return bare.ToArray();
    }

    /// <summary>Whether the header says that pixels are coded by arithmetic, and brings tables for Huffman's code, which those do not need:
    /// one of its bytes is another than was written.</summary>
    internal static bool IsContradictory(ReadOnlySpan<byte> file)
    {
        var (isArithmetic, hasTables) = (false, false);
        for (var at = NextMarker(file, 2); at + 4 <= file.Length && file[at + 1] != JpegMarker.Scan; at = NextMarker(file, at))
        {
            var marker = file[at + 1];
            isArithmetic |= marker is >= JpegMarker.FirstArithmetic and <= JpegMarker.LastArithmetic and not JpegMarker.Arithmetic;
            hasTables |= marker == JpegMarker.Huffman;
            at += SegmentLength(file, at);
        }
        return isArithmetic && hasTables;
    }

    static int SegmentLength(ReadOnlySpan<byte> file, int at) =>
        IsAlone(file[at + 1]) ? 2 : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);

    static bool IsAlone(byte marker) => marker is 1 or >= JpegMarker.Restart0 and < JpegMarker.End;

    static int NextMarker(ReadOnlySpan<byte> file, int at)
    {
        while (at + 1 < file.Length && !(file[at] == JpegMarker.Prefix && file[at + 1] is not (JpegMarker.Stuffing or JpegMarker.Prefix)))
            at++;
        return at;
    }
}
