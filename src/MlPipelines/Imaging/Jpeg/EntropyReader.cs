using System.Buffers.Binary;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>Coded pixels → blocks of coefficients.</summary>
/// <remarks>Source: ITU-T T.81, F.1.2 (the code) and B.1.1.5 (stuffed bytes and markers).</remarks>
ref struct EntropyReader
{
    /// <summary>More than one block can take: 64 codes of 16 bits with up to 11 bits after each, and 8 bytes of look-ahead.</summary>
    internal const int Spare = 256;

    const int LargestDcSize = 11, LargestAcSize = 10, Coefficients = 64, ZeroRun = 15;

    readonly ReadOnlySpan<byte> coded;
    readonly Span<byte> plain;
    int next, restarts, length, position, bits;
    ulong buffer;

    /// <param name="coded">What follows the header of the scan.</param>
    /// <param name="plain">Working space, longer than that by <see cref="Spare"/>.</param>
    internal EntropyReader(ReadOnlySpan<byte> coded, Span<byte> plain)
    {
        this.coded = coded;
        this.plain = plain;
    }

    /// <summary>Takes the stuffed bytes out of the next part, up to the marker that must come there.</summary>
    /// <param name="isLast">Whether the picture must end after it, or the next restart marker come.</param>
    /// <returns>False if another marker comes, or none.</returns>
    internal bool TryBegin(bool isLast)
    {
        length = 0;
        for (; ; )
        {
            var run = coded[next..].IndexOf(JpegMarker.Prefix);
            if (run < 0 || next + run + 1 >= coded.Length)
                return false;
            var marker = coded[next + run + 1];
            if (marker != JpegMarker.Stuffing)
            {
                coded.Slice(next, run).CopyTo(plain[length..]);
                length += run;
                next += run + 2;
                (position, bits, buffer) = (0, 0, 0);
                return marker == (isLast ? JpegMarker.End : JpegMarker.Restart0 + restarts++ % 8);
            }
            coded.Slice(next, run + 1).CopyTo(plain[length..]);
            length += run + 1;
            next += run + 2;
        }
    }

    /// <summary>Whether the part was read to its last byte.</summary>
    internal readonly bool IsAtEnd => length * 8L - (position * 8L - bits) is >= 0 and < 8;

    /// <summary>Reads one block, each coefficient times its factor, to where the inverse transform wants it.</summary>
    /// <param name="component">Codes and factors.</param>
    /// <param name="prediction">First coefficient of the block before, which becomes that of this one.</param>
    /// <param name="block">64 zeros.</param>
    /// <param name="last">Zigzag position of the last coefficient that is not 0.</param>
    /// <returns>False for what is no code, or no block.</returns>
    internal bool TryRead(in JpegComponent component, ref int prediction, scoped Span<short> block, out int last)
    {
        last = 0;
        if (position > length + sizeof(ulong) || !TryReadDifference(component.Dc, out var difference))
            return false;
        prediction += difference;
        if ((short)prediction != prediction)
            return false;
        ReadOnlySpan<byte> places = InverseCosineTransform.Places;
        ReadOnlySpan<int> entries = component.Ac.Entries;
        ReadOnlySpan<ushort> factors = component.Quantisation;
        ReadOnlySpan<byte> from = plain;
        var (held, count, at) = (buffer, bits, position);
        block[0] = (short)(prediction * factors[0]);
        for (var k = 1; k < Coefficients; k++)
        {
            if (count < 32)
            {
                held |= BinaryPrimitives.ReadUInt64BigEndian(from[at..]) >> count;
                at += 63 - count >> 3;
                count |= 56;
            }
            var entry = entries[(int)(held >> 64 - HuffmanTable.LookupBits)];
            var value = entry >> 16;
            if (value == 0)
            {
                if (entry == 0)
                    entry = component.Ac.LongEntry((int)(held >> 48));
                var size = entry >> 12 & 15;
                if (size == 0)
                {
                    if (entry == 0 || (entry >> 8 & 15) is var run && run != 0 && run != ZeroRun)
                        return false;
                    held <<= entry & 255;
                    count -= entry & 255;
                    if (run == 0)
                        break;
                    k += ZeroRun;
                    if (k >= Coefficients)
                        return false;
                    continue;
                }
                if (size > LargestAcSize)
                    return false;
                held <<= entry & 255;
                count -= entry & 255;
                value = Extend(held, size);
                held <<= size;
                count -= size;
            }
            else
            {
                held <<= entry;
                count -= entry & 255;
            }
            k += entry >> 8 & 15;
            if (k >= Coefficients)
                return false;
            block[places[k]] = (short)(value * factors[k]);
            last = k;
        }
        (buffer, bits, position) = (held, count, at);
        return true;
    }

    bool TryReadDifference(HuffmanTable table, out int difference)
    {
        if (bits < 32)
        {
            buffer |= BinaryPrimitives.ReadUInt64BigEndian(plain[position..]) >> bits;
            position += 63 - bits >> 3;
            bits |= 56;
        }
        var entry = table.Entries[(int)(buffer >> 64 - HuffmanTable.LookupBits)];
        difference = entry >> 16;
        if (entry == 0)
            entry = table.LongEntry((int)(buffer >> 48));
        // A run of zeros has no place here; nor has a long coefficient.
        if (entry == 0 || (entry & 0xF00) != 0 || (entry >> 12 & 15) > LargestDcSize)
            return false;
        buffer <<= entry & 255;
        bits -= entry & 255;
        if (difference == 0 && (entry >> 12 & 15) is var size and > 0)
        {
            difference = Extend(buffer, size);
            buffer <<= size;
            bits -= size;
        }
        return true;
    }

    // The bits of a negative number are those of the number less one.
    static int Extend(ulong held, int size)
    {
        var value = (int)(held >> 64 - size);
        return value < 1 << size - 1 ? value - (1 << size) + 1 : value;
    }
}
