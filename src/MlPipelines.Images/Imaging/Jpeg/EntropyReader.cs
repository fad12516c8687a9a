using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>Coded pixels → blocks of coefficients.</summary>
/// <remarks>Source: ITU-T T.81, F.1.2 (the code) and B.1.1.5 (stuffed bytes and markers).</remarks>
ref struct EntropyReader
{
    /// <summary>More than one block can take: 64 codes of 16 bits with up to 11 bits after each, and 8 bytes of look-ahead.</summary>
    internal const int Spare = 256;

    const int LargestDcSize = 11, LargestAcSize = 10, LongestSymbol = 16 + LargestDcSize, Coefficients = 64, ZeroRun = 15;

    // The next bits of the stream are the highest of the buffer's 64; that many of them are there as bits says.
    // Position is the byte of plain from which the buffer is filled up next.
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
            // Any other marker ends it with false, and so do fill bytes before one, a second scan and a height told behind the scan.
            var run = coded[next..].IndexOf(JpegMarker.Prefix);
            if (run < 0 || next + run + 1 >= coded.Length)
                return false;
            var marker = coded[next + run + 1];
            if (marker != JpegMarker.Stuffing)
            {
                coded.Slice(next, run).CopyTo(plain[length..]);
                length += run;
                next += run + 2;
                // What lies behind the length, from an earlier part or another user of the array, is looked ahead at and never counted.
                (position, bits, buffer) = (0, 0, 0);
                return marker == (isLast ? JpegMarker.End : JpegMarker.Restart0 + restarts++ % 8);
            }
            coded.Slice(next, run + 1).CopyTo(plain[length..]);
            length += run + 1;
            next += run + 2;
        }
    }

    /// <summary>Whether the part was read to its last byte.</summary>
    // Fewer than eight bits are left, the padding, whatever its bits; and none was read beyond the end.
    internal readonly bool IsAtEnd => length * 8L - (position * 8L - bits) is >= 0 and < 8;

    /// <summary>Whole bytes of the part that were not read; 0 where they are all the same, which fills up.</summary>
    internal readonly int BytesLeft => (int)(length - (position * 8L - bits + 7) / 8) is > 0 and var left
        && plain[(length - left)..length].ContainsAnyExcept(plain[length - 1]) ? left : 0;

    /// <summary>Reads one block, each coefficient times its factor, to where the inverse transform wants it.</summary>
    /// <param name="component">Codes and factors.</param>
    /// <param name="prediction">First coefficient of the block before, which becomes that of this one.</param>
    /// <param name="block">64 zeros.</param>
    /// <param name="last">Zigzag position of the last coefficient that is not 0.</param>
    /// <returns>False for what is no code, or no block.</returns>
    internal bool TryRead(in JpegComponent component, ref int prediction, scoped Span<short> block, out int last)
    {
        last = 0;
        // Of what may follow, no block takes more than Spare.
        if (position > length + sizeof(ulong))
            return false;
        ReadOnlySpan<byte> from = plain;
        ref var places = ref MemoryMarshal.GetArrayDataReference(InverseCosineTransform.Places);
        ref var factors = ref MemoryMarshal.GetArrayDataReference(component.Quantisation);
        ref var coefficients = ref MemoryMarshal.GetReference(block[..Coefficients]);
        var (held, count, at) = (buffer, bits, position);
        Refill(from, ref held, ref count, ref at);
        if (!TryTakeDifference(component.Dc, ref held, ref count, out var difference)
            || (short)(prediction += difference) != prediction)
            return false;
        // Cut to 16 bits, as in libjpeg-turbo's vector code, and the others below too. InverseCosineTransform.Places[0] is 0.
        coefficients = (short)(prediction * factors);
        ref var entries = ref MemoryMarshal.GetArrayDataReference(component.Ac.Entries);
        var end = 0;
        for (var k = 1; k < Coefficients; k++)
        {
            if (count < LongestSymbol)
                Refill(from, ref held, ref count, ref at);
            // A code and its bits are at most LongestSymbol long, so what is taken until the next round is there.
            var entry = Unsafe.Add(ref entries, (nint)(held >> 64 - HuffmanTable.LookupBits));
            if (entry == 0 && (entry = component.Ac.LongEntry((int)(held >> 48))) == 0)
                return false;
            // A shift takes the six lowest bits of its count, and those of an entry are its length.
            held <<= entry;
            count -= entry & 255;
            var value = entry >> 16;
            if (value == 0)
            {
                var size = entry >> 12 & 15;
                if (size == 0)
                {
                    // Without bits of a coefficient: 0/0 ends the block; 15/0 stands for sixteen zeros, of which the loop counts the last.
                    var run = entry >> 8 & 15;
                    if (run == 0)
                        break;
                    k += ZeroRun;
                    if (run != ZeroRun || k >= Coefficients)
                        return false;
                    continue;
                }
                // More bits than baseline coefficients have (T.81, table F.2): libjpeg reads them nevertheless.
                if (size > LargestAcSize)
                    return false;
                value = Extend(held, size);
                held <<= size;
                count -= size;
            }
            k += entry >> 8 & 15;
            if (k >= Coefficients)
                return false;
            Unsafe.Add(ref coefficients, (nint)Unsafe.Add(ref places, k)) = (short)(value * Unsafe.Add(ref factors, k));
            end = k;
        }
        (buffer, bits, position, last) = (held, count, at, end);
        return true;
    }

    static bool TryTakeDifference(HuffmanTable table, ref ulong held, ref int count, out int difference)
    {
        var entry = table.Entries[(int)(held >> 64 - HuffmanTable.LookupBits)];
        difference = entry >> 16;
        if (entry == 0)
            entry = table.LongEntry((int)(held >> 48));
        var size = entry >> 12 & 15;
        if (entry == 0 || size > LargestDcSize)
            return false;
        held <<= entry;
        count -= entry & 255;
        if (difference == 0 && size > 0)
        {
            difference = Extend(held, size);
            held <<= size;
            count -= size;
        }
        return true;
    }

    // The bits beyond the count are those that come again.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Refill(ReadOnlySpan<byte> from, ref ulong held, ref int count, ref int at)
    {
        held |= BinaryPrimitives.ReadUInt64BigEndian(from[at..]) >> count;
        at += 63 - count >> 3;
        count |= 56;
    }

    // The bits of a negative number are those of the number less one.
    static int Extend(ulong held, int size)
    {
        var value = (int)(held >> 64 - size);
        return value - ((int)~(held >> 63) & 1) * ((1 << size) - 1);
    }
}
