using System.Buffers.Binary;

namespace MlPipelines.Imaging;

/// <summary>Netpbm's bitmaps, grey maps and pixel maps (PBM, PGM, PPM), as text and as bytes, with any maximum up to 65535.</summary>
/// <remarks>Source: Netpbm, pbm(5), pgm(5), ppm(5). Of a file with several pictures the first is read.</remarks>
readonly ref struct PnmReader
{
    const int MostDigits = 9;

    readonly ReadOnlySpan<byte> bytes;
    readonly string name;
    readonly int kind, width, height, most, start;

    PnmReader(ReadOnlySpan<byte> bytes, string name)
    {
        this.bytes = bytes;
        this.name = name;
        if (Head(bytes) is not { } head)
            throw new InvalidDataException($"{name}: PNM has a damaged header. Fetch it again or convert it.");
        (kind, width, height, most, start) = head;
    }

    int Channels => kind is 3 or 6 ? 3 : 1;

    // Bitmaps say 1 for black.
    bool IsBitmap => kind is 1 or 4;

    /// <summary>Whether bytes begin with a whole header.</summary>
    internal static bool IsPnm(ReadOnlySpan<byte> bytes) => Head(bytes) is not null;

    internal static (int Width, int Height) ReadSize(ReadOnlySpan<byte> bytes, string name)
    {
        var reader = new PnmReader(bytes, name);
        return (reader.width, reader.height);
    }

    /// <exception cref="InvalidDataException">It ends early, or a number in it is larger than its maximum.</exception>
    internal static Bitmap Read(ReadOnlySpan<byte> bytes, string name, bool borrowed)
    {
        var reader = new PnmReader(bytes, name);
        // Before memory is set aside for it: a number takes a digit at least, a row of bits a bit for each.
        if ((long)reader.width * reader.height * reader.Channels / 8 > bytes.Length)
            throw reader.Cut();
        var bitmap = Bitmap.Unwritten(reader.width, reader.height, 3, borrowed);
        if (reader.kind <= 3)
            reader.ReadText(bitmap.Pixels);
        else
            reader.ReadBytes(bitmap.Pixels);
        return bitmap;
    }

    void ReadText(byte[] pixels)
    {
        var at = start;
        for (var i = 0; i < width * height * Channels; i++)
        {
            at = SkipBlanks(bytes, at, comments: false);
            // The digits of a bitmap need no blanks between them.
            var value = Number(bytes, ref at, IsBitmap ? 1 : MostDigits) ?? throw Cut();
            Put(pixels, i, value);
        }
    }

    void ReadBytes(byte[] pixels)
    {
        var size = most > byte.MaxValue ? 2 : 1;
        var row = kind == 4 ? (width + 7L) / 8 : (long)width * Channels * size;
        if (start + row * height > bytes.Length)
            throw Cut();
        for (var y = 0; y < height; y++)
        {
            var from = bytes.Slice((int)(start + y * row), (int)row);
            for (var x = 0; x < width * Channels; x++)
                Put(pixels, y * width * Channels + x, kind == 4 ? from[x / 8] >> 7 - x % 8 & 1
                    : size == 1 ? from[x] : BinaryPrimitives.ReadUInt16BigEndian(from[(2 * x)..]));
        }
    }

    void Put(byte[] pixels, int i, int value)
    {
        if (value > most)
            throw new InvalidDataException($"{name}: PNM holds {value}, its header says at most {most}. Fetch it again or convert it.");
        var scaled = (byte)((value * 255L + most / 2) / most);
        if (Channels == 3)
            pixels[i] = scaled;
        else
            pixels.AsSpan(3 * i, 3).Fill(IsBitmap ? (byte)(255 - scaled) : scaled);
    }

    InvalidDataException Cut() => new($"{name}: PNM ends early, after {bytes.Length:N0} bytes; its header promises {width}×{height} "
        + "pixels. Fetch it again or delete it.");

    static (int Kind, int Width, int Height, int Most, int Start)? Head(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [(byte)'P', >= (byte)'1' and <= (byte)'6', (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'#', ..])
            return null;
        var (kind, at) = (bytes[1] - '0', SkipBlanks(bytes, 2, comments: true));
        if (Number(bytes, ref at, MostDigits) is not { } width)
            return null;
        at = SkipBlanks(bytes, at, comments: true);
        if (Number(bytes, ref at, MostDigits) is not { } height)
            return null;
        var most = 1;
        if (kind is not (1 or 4))
        {
            at = SkipBlanks(bytes, at, comments: true);
            if (Number(bytes, ref at, MostDigits) is not (> 0 and <= ushort.MaxValue and var number))
                return null;
            most = number;
        }
        // One blank ends the header: what follows may look like one and be a pixel.
        return at < bytes.Length && IsBlank(bytes[at]) ? (kind, width, height, most, at + 1) : null;
    }

    static int SkipBlanks(ReadOnlySpan<byte> bytes, int at, bool comments)
    {
        while (at < bytes.Length && (IsBlank(bytes[at]) || comments && bytes[at] == '#'))
        {
            if (bytes[at] == '#')
                while (at < bytes.Length && bytes[at] is not ((byte)'\n' or (byte)'\r'))
                    at++;
            else
                at++;
        }
        return at;
    }

    static bool IsBlank(byte value) => value is (byte)' ' or >= (byte)'\t' and <= (byte)'\r';

    static int? Number(ReadOnlySpan<byte> bytes, ref int at, int digits)
    {
        var (first, number) = (at, 0);
        while (at < bytes.Length && at - first < digits && bytes[at] is >= (byte)'0' and <= (byte)'9')
            number = number * 10 + bytes[at++] - '0';
        return at > first ? number : null;
    }
}
