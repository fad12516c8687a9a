using System.Buffers.Binary;

namespace MlPipelines.Tests.Imaging;

/// <summary>JPEGs of random coefficients, with samplings, codes and restart markers that encoders rarely write.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Components">1 or 3.</param>
/// <param name="Sampling">Across and down, of the first component.</param>
/// <param name="Interval">Units between restart markers, 0 for none.</param>
/// <param name="Largest">Largest coefficient, in bits.</param>
/// <param name="Density">Coefficients in a block that are not 0.</param>
/// <param name="Factor">Largest quantisation factor.</param>
/// <param name="Seed">Of all that is random.</param>
sealed record JpegWriter(int Width, int Height, int Components, (int Across, int Down) Sampling, int Interval, int Largest, int Density,
    int Factor, long Seed)
{
    static readonly byte[] codesByLength = [0, 1, 0, 1, 0, 0, 0, 60, 0, 40, 0, 0, 0, 0, 0, 60];

    readonly List<byte> file = [];
    int held, count;

    /// <summary>Numbers of the codes of first coefficients, of each length from 1 to 16; 12 in all.</summary>
    internal byte[] DcCodesByLength { get; init; } = [0, 0, 6, 0, 0, 0, 0, 0, 0, 3, 0, 3, 0, 0, 0, 0];

    internal byte[] Write()
    {
        var dice = Dice.For(Seed);
        file.Clear();
        file.AddRange([0xFF, 0xD8]);
        Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        var factors = new byte[64];
        foreach (ref var factor in factors.AsSpan())
            factor = (byte)(1 + dice.Below(Factor));
        Segment(0xDB, [0, .. factors]);
        byte[] frame = [8, (byte)(Height >> 8), (byte)Height, (byte)(Width >> 8), (byte)Width, (byte)Components];
        for (var i = 0; i < Components; i++)
            frame = [.. frame, (byte)(i + 1), (byte)(i == 0 ? Sampling.Across << 4 | Sampling.Down : 0x11), 0];
        Segment(0xC0, frame);
        var (dc, ac) = (Symbols(12, i => (byte)i, ref dice),
            Symbols(162, i => i < 2 ? (byte)(i * 0xF0) : (byte)((i - 2) / 10 << 4 | (i - 2) % 10 + 1), ref dice));
        Segment(0xC4, [0, .. DcCodesByLength, .. dc]);
        Segment(0xC4, [0x10, .. codesByLength, .. ac]);
        if (Interval > 0)
            Segment(0xDD, [(byte)(Interval >> 8), (byte)Interval]);
        byte[] scan = [(byte)Components];
        for (var i = 0; i < Components; i++)
            scan = [.. scan, (byte)(i + 1), 0];
        Segment(0xDA, [.. scan, 0, 63, 0]);
        Units(Codes(DcCodesByLength, dc), Codes(codesByLength, ac), ref dice);
        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }

    void Units(Dictionary<byte, (int Code, int Length)> dc, Dictionary<byte, (int Code, int Length)> ac, ref Dice dice)
    {
        var (across, down) = Components == 1 ? (1, 1) : Sampling;
        var units = ((Width + 8 * across - 1) / (8 * across)) * ((Height + 8 * down - 1) / (8 * down));
        var blocks = Components == 1 ? 1 : across * down + 2;
        var predictions = new int[3];
        for (var unit = 0; unit < units; unit++)
        {
            if (Interval > 0 && unit > 0 && unit % Interval == 0)
            {
                Flush();
                file.AddRange([0xFF, (byte)(0xD0 + (unit / Interval - 1) % 8)]);
                Array.Clear(predictions);
            }
            for (var block = 0; block < blocks; block++)
                Block(dc, ac, ref predictions[Math.Max(0, block - blocks + 3)], ref dice);
        }
        Flush();
    }

    void Block(Dictionary<byte, (int Code, int Length)> dc, Dictionary<byte, (int Code, int Length)> ac, ref int prediction, ref Dice dice)
    {
        var first = dice.Below(1 << Largest) - (1 << Largest - 1);
        Symbol(dc, 0, first - prediction);
        prediction = first;
        var run = 0;
        for (var k = 1; k < 64; k++)
        {
            var value = dice.Below(63) < Density ? dice.Below(1 << Largest) - (1 << Largest - 1) : 0;
            if (value == 0)
            {
                run++;
                continue;
            }
            for (; run > 15; run -= 16)
                Put(ac[0xF0].Code, ac[0xF0].Length);
            Symbol(ac, run, value);
            run = 0;
        }
        if (run > 0)
            Put(ac[0].Code, ac[0].Length);
    }

    void Symbol(Dictionary<byte, (int Code, int Length)> codes, int run, int value)
    {
        var size = 32 - int.LeadingZeroCount(Math.Abs(value));
        var (code, length) = codes[(byte)(run << 4 | size)];
        Put(code, length);
        Put(value < 0 ? value - 1 & (1 << size) - 1 : value, size);
    }

    void Put(int bits, int length)
    {
        for (var i = length - 1; i >= 0; i--)
        {
            held = held << 1 | bits >> i & 1;
            if (++count == 8)
            {
                file.Add((byte)held);
                if ((byte)held == 0xFF)
                    file.Add(0);
                (held, count) = (0, 0);
            }
        }
    }

    void Flush()
    {
        if (count > 0)
            Put(-1, 8 - count);
    }

    void Segment(byte marker, byte[] content)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(content.Length + 2));
        file.AddRange([0xFF, marker, .. length, .. content]);
    }

    static byte[] Symbols(int count, Func<int, byte> symbol, ref Dice dice)
    {
        var symbols = Enumerable.Range(0, count).Select(symbol).ToArray();
        dice.Shuffle(symbols.AsSpan());
        return symbols;
    }

    static Dictionary<byte, (int Code, int Length)> Codes(byte[] byLength, byte[] symbols)
    {
        var codes = new Dictionary<byte, (int, int)>();
        for (int length = 1, code = 0, at = 0; length <= 16; length++, code <<= 1)
            for (var i = 0; i < byLength[length - 1]; i++)
                codes[symbols[at++]] = (code++, length);
        return codes;
    }
}
