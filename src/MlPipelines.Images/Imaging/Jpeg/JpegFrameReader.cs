using System.Buffers.Binary;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>Reads the segments before the coded pixels, of the JPEGs that are decoded here: sequential, 8 bits, grey or YCbCr,
/// one scan.</summary>
/// <remarks>Source: ITU-T T.81, annex B; JFIF 1.02; which colours are meant without JFIF: Adobe Technical Note 5116, section 18.</remarks>
ref struct JpegFrameReader
{
    // libjpeg's JPEG_MAX_DIMENSION: it refuses more, though the format has room for 65,535.
    const int LargestSide = 65500, Coefficients = 64, Tables = 4;

    readonly ReadOnlySpan<byte> file;
    readonly ushort[]?[] quantisations = new ushort[]?[Tables];
    readonly HuffmanTable?[] dc = new HuffmanTable?[Tables], ac = new HuffmanTable?[Tables];
    ReadOnlySpan<byte> frame;
    int restartInterval;
    int? orientation;
    bool isJfif, isAdobe;

    JpegFrameReader(ReadOnlySpan<byte> file) => this.file = file;

    /// <summary>The frame; null for a JPEG of another kind or with anything out of order.</summary>
    internal static JpegFrame? Read(ReadOnlySpan<byte> file) => new JpegFrameReader(file).Read();

    JpegFrame? Read()
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == JpegMarker.Prefix;)
        {
            var marker = file[at + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            var end = at + 2 + length;
            if (length < 2 || end > file.Length)
                return null;
            var content = file[(at + 4)..end];
            if (marker == JpegMarker.Scan)
                return Frame(content, end);
            if (!Accept(marker, content))
                return null;
            at = end;
        }
        return null;
    }

    bool Accept(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        JpegMarker.Baseline or JpegMarker.ExtendedSequential => AcceptFrame(content),
        JpegMarker.Huffman => AcceptHuffman(content),
        JpegMarker.Quantisation => AcceptQuantisation(content),
        JpegMarker.RestartInterval => AcceptRestartInterval(content),
        JpegMarker.Application0 => AcceptJfif(content),
        JpegMarker.Application1 => AcceptExif(content),
        JpegMarker.Application14 => AcceptAdobe(content),
        // What is not listed, such as progressive and arithmetically coded frames, is for libvips.
        JpegMarker.Comment or (> JpegMarker.Application1 and <= JpegMarker.Application15) => true,
        _ => false,
    };

    bool AcceptFrame(ReadOnlySpan<byte> content)
    {
        if (!frame.IsEmpty || content.Length < 6 || content[0] != 8 || content[5] is not (1 or 3) || content.Length != 6 + 3 * content[5])
            return false;
        frame = content;
        return true;
    }

    readonly bool AcceptHuffman(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var (kind, place) = (content[0] >> 4, content[0] & 15);
            if (kind > 1 || place >= Tables || content.Length < 17)
                return false;
            var symbols = 0;
            foreach (var count in content[1..17])
                symbols += count;
            if (symbols is 0 or > 256 || content.Length < 17 + symbols)
                return false;
            // libjpeg refuses a code of first coefficients with symbols above 15.
            if (kind == 0 && content[17..(17 + symbols)].ContainsAnyExceptInRange<byte>(0, 15)
                || HuffmanTable.Of(content[1..(17 + symbols)]) is not { } table)
                return false;
            (kind == 0 ? dc : ac)[place] = table;
            content = content[(17 + symbols)..];
        }
        return true;
    }

    readonly bool AcceptQuantisation(ReadOnlySpan<byte> content)
    {
        for (; !content.IsEmpty; content = content[(1 + Coefficients)..])
        {
            // The upper half of the byte is 1 for factors of 16 bits, so that the number of such a table is too large.
            if (content[0] >= Tables || content.Length < 1 + Coefficients)
                return false;
            var factors = quantisations[content[0]] = new ushort[Coefficients];
            for (var i = 0; i < Coefficients; i++)
                factors[i] = content[1 + i];
        }
        return true;
    }

    bool AcceptRestartInterval(ReadOnlySpan<byte> content)
    {
        if (content.Length != 2)
            return false;
        restartInterval = BinaryPrimitives.ReadUInt16BigEndian(content);
        return true;
    }

    bool AcceptJfif(ReadOnlySpan<byte> content)
    {
        isJfif |= content.Length >= 14 && content.StartsWith("JFIF\0"u8);
        return true;
    }

    bool AcceptExif(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("Exif"u8))
            return true;
        if (orientation is not null)
            return false;
        orientation = ExifOrientation.Read(content);
        return orientation is not null;
    }

    bool AcceptAdobe(ReadOnlySpan<byte> content)
    {
        // 1 is YCbCr; 0 leaves colours as they are, and 2 is YCCK.
        isAdobe = content.Length >= 12 && content.StartsWith("Adobe"u8);
        return !isAdobe || content[11] == 1;
    }

    readonly JpegFrame? Frame(ReadOnlySpan<byte> scan, int start)
    {
        if (frame.IsEmpty)
            return null;
        int height = BinaryPrimitives.ReadUInt16BigEndian(frame[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(frame[3..]),
            count = frame[5];
        // A height of 0 is told behind the scan (T.81, B.2.5).
        if (width is 0 or > LargestSide || height is 0 or > LargestSide)
            return null;
        if (scan.Length != 4 + 2 * count || scan[0] != count || scan[^3] != 0 || scan[^2] != Coefficients - 1 || scan[^1] != 0)
            return null;
        // JFIF means YCbCr, and Adobe says it itself; without either libjpeg goes by the names of the components.
        if (Sampling(count) is not var (across, down) || count == 3 && !isJfif && !isAdobe && !HasUsualNames())
            return null;
        var components = new JpegComponent[count];
        for (var i = 0; i < count; i++)
        {
            var described = frame.Slice(6 + 3 * i, 3);
            var coded = scan.Slice(1 + 2 * i, 2);
            // The scan names the components in the order of the frame, and tables that stood before it.
            if (coded[0] != described[0] || described[2] >= Tables || coded[1] >> 4 >= Tables || (coded[1] & 15) >= Tables)
                return null;
            if (quantisations[described[2]] is not { } factors || dc[coded[1] >> 4] is not { } first || ac[coded[1] & 15] is not { } others)
                return null;
            components[i] = new(factors, first, others);
        }
        return new()
        {
            Width = width,
            Height = height,
            Orientation = orientation ?? 1,
            Components = components,
            Across = across,
            Down = down,
            RestartInterval = restartInterval,
            Scan = start,
        };
    }

    // One component alone is coded block by block, whatever its factors.
    readonly (int Across, int Down)? Sampling(int count)
    {
        var (across, down) = (frame[7] >> 4, frame[7] & 15);
        if (count == 1)
            return across is >= 1 and <= 4 && down is >= 1 and <= 4 ? (1, 1) : null;
        var isDistinct = frame[6] != frame[9] && frame[6] != frame[12] && frame[9] != frame[12];
        return isDistinct && across is 1 or 2 && down is 1 or 2 && frame[10] == 0x11 && frame[13] == 0x11 ? (across, down) : null;
    }

    readonly bool HasUsualNames() => (frame[6], frame[9], frame[12]) is (1, 2, 3);
}
