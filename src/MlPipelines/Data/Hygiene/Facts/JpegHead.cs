using System.Buffers.Binary;

namespace MlPipelines;

/// <summary>What the segments before the pixels of a JPEG say of how it was made.</summary>
/// <param name="Quality">As libjpeg counts it, from 1 to 100; not a number when there is no quantization table.</param>
/// <param name="HasExif">Whether there is an Exif segment.</param>
/// <remarks>
/// The quality is the one whose scaled table has the same sum; exact for tables of the standard's shape, the nearest guess for others.
/// Source: ITU-T T.81, annexes B.2 (segments) and K.1 (luminance table); libjpeg, jpeg_quality_scaling.
/// </remarks>
readonly record struct JpegHead(double Quality, bool HasExif)
{
    const byte StartOfScan = 0xDA, EndOfImage = 0xD9, QuantizationTables = 0xDB, App1 = 0xE1;

    static ReadOnlySpan<byte> Luminance =>
    [
        16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
        56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101,
        103, 99,
    ];

    static readonly double[] sums = [.. Enumerable.Range(1, 100).Select(Sum)];

    /// <summary>Reads as far as the segments are whole; the rest is the decoder's affair.</summary>
    internal static JpegHead Read(ReadOnlySpan<byte> file)
    {
        var (quality, exif) = (double.NaN, false);
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF;)
        {
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (marker is StartOfScan or EndOfImage || length < 2 || at + 2 + length > file.Length)
                break;
            var segment = file.Slice(at + 4, length - 2);
            if (marker == QuantizationTables && double.IsNaN(quality))
                quality = QualityOf(segment);
            exif |= marker == App1 && segment.StartsWith("Exif\0"u8);
            at += 2 + length;
        }
        return new(quality, exif);
    }

    // The first table is that of the luminance.
    static double QualityOf(ReadOnlySpan<byte> tables)
    {
        var wide = tables is [>= 0x10, ..];
        if (tables.Length < (wide ? 129 : 65))
            return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < 64; i++)
            sum += wide ? BinaryPrimitives.ReadUInt16BigEndian(tables[(1 + 2 * i)..]) : tables[1 + i];
        return 1 + sums.Index().MinBy(row => Math.Abs(row.Item - sum)).Index;
    }

    static double Sum(int quality)
    {
        var percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        var sum = 0.0;
        foreach (var step in Luminance)
            sum += Math.Clamp((step * percent + 50) / 100, 1, 255);
        return sum;
    }
}
