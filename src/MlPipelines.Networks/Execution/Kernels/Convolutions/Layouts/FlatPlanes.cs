using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>Lays a band of an image plane out flat, padded by zeros, so that every tap of a window is the
/// whole band read from one shift on.</summary>
/// <remarks>Flat position p = row · Pitch + column stands for output (row, column); columns from OutWidth on are waste, computed with the
/// others and not used. A channel holds a plane for each pair of a row's and a column's phase, one behind the other. Between the columns of
/// data nothing is ever written, so that a buffer cleared once can be packed with band after band and image after image.</remarks>
sealed class FlatPlanes
{
    const int Line = 16;

    readonly FlatAxis rows;
    readonly FlatAxis columns;

    /// <param name="window">Where the taps lie.</param>
    /// <param name="bandRows">Rows of output in a band.</param>
    public FlatPlanes(FlatWindow window, int bandRows)
    {
        (rows, columns) = window;
        BandRows = bandRows;
        Pitch = columns.Pitch;
        // Kernels go through whole lines: what the last tap reads of the last line must still lie within the plane. An odd number of lines
        // keeps planes of a power of two from the same sets of the cache.
        Length = RoundUp(bandRows * Pitch, Line);
        var plane = RoundUp(rows.MaxShift * Pitch + columns.MaxShift + Length, Line);
        PlaneLength = plane / Line % 2 == 0 ? plane + Line : plane;
        ChannelLength = rows.Phases.Length * columns.Phases.Length * PlaneLength;
        Shifts = new int[rows.TapShift.Length * columns.TapShift.Length];
        for (var i = 0; i < rows.TapShift.Length; i++)
            for (var j = 0; j < columns.TapShift.Length; j++)
                Shifts[i * columns.TapShift.Length + j] =
                    (rows.TapPhase[i] * columns.Phases.Length + columns.TapPhase[j]) * PlaneLength + rows.TapShift[i] * Pitch
                    + columns.TapShift[j];
    }

    public int BandRows { get; }
    public int Pitch { get; }

    /// <summary>Flat positions of a band, a multiple of 16.</summary>
    public int Length { get; }

    /// <summary>Floats that one channel takes, all phases together.</summary>
    public int ChannelLength { get; }

    /// <summary>Where each tap's run begins within a channel, row by row of the window.</summary>
    public int[] Shifts { get; }

    int PlaneLength { get; }

    /// <summary>The offsets of all taps of several channels, channel by channel, repeated at the end up to a multiple of
    /// <paramref name="multiple"/>.</summary>
    public int[] Offsets(int channels, int multiple)
    {
        var offsets = new int[RoundUp(channels * Shifts.Length, multiple)];
        for (var t = 0; t < offsets.Length; t++)
        {
            var tap = Math.Min(t, channels * Shifts.Length - 1);
            offsets[t] = tap / Shifts.Length * ChannelLength + Shifts[tap % Shifts.Length];
        }
        return offsets;
    }

    /// <summary>Writes the band that begins at output row <paramref name="firstRow"/>.
    /// The target's padding must be zero already and stays so.</summary>
    public void Pack(ReadOnlySpan<float> plane, int firstRow, Span<float> flat)
    {
        for (var a = 0; a < rows.Phases.Length; a++)
            for (var b = 0; b < columns.Phases.Length; b++)
                PackPhase(plane, firstRow, a, b, flat.Slice((a * columns.Phases.Length + b) * PlaneLength, PlaneLength));
    }

    /// <summary>Writes rows of <paramref name="width"/> elements at the pitch of this layout, zero rows after the last. The target's
    /// padding must be zero already.</summary>
    public void PackRows(ReadOnlySpan<float> source, int width, Span<float> flat)
    {
        var count = source.Length / width;
        for (var r = 0; r < count; r++)
            Copy(ref MemoryMarshal.GetReference(source.Slice(r * width, width)), ref flat[r * Pitch], width);
        if (count < BandRows)
            flat[(count * Pitch)..].Clear();
    }

    void PackPhase(ReadOnlySpan<float> plane, int firstRow, int a, int b, Span<float> flat)
    {
        var first = 0;
        while (first < Pitch && columns.Source(b, first) < 0)
            first++;
        var origin = columns.Source(b, first);
        var count = Math.Min(Pitch - first, origin >= columns.Size ? 0 : (columns.Size - origin + columns.Stride - 1) / columns.Stride);
        if (count <= 0)
            return;
        for (var r = 0; r < BandRows + rows.MaxShift; r++)
        {
            var source = rows.Source(a, firstRow + r);
            var target = flat.Slice(r * Pitch + first, count);
            if ((uint)source >= (uint)rows.Size)
                target.Clear();
            else if (columns.Stride == 1)
                Copy(in plane.Slice(source * columns.Size + origin, count)[0], ref target[0], count);
            else
                CopyStrided(plane[(source * columns.Size + origin)..], target, columns.Stride);
        }
    }

    static void CopyStrided(ReadOnlySpan<float> source, Span<float> target, int stride)
    {
        var i = 0;
        if (stride == 2)
            for (; i <= target.Length - 8 && 2 * i + 16 <= source.Length; i += 8)
                EveryOther(ref Unsafe.Add(ref MemoryMarshal.GetReference(source), 2 * i))
                .StoreUnsafe(ref MemoryMarshal.GetReference(target), (nuint)i);
        for (; i < target.Length; i++)
            target[i] = source[i * stride];
    }

    static Vector256<float> EveryOther(ref float source)
    {
        var evens = Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6);
        return Vector256.Create(Vector256.Shuffle(Vector256.LoadUnsafe(ref source), evens).GetLower(),
            Vector256.Shuffle(Vector256.LoadUnsafe(ref source, 8), evens).GetLower());
    }

    /// <summary>Copies a short row without the cost of a call to the runtime's block copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ref readonly float source, ref float target, int count)
    {
        ref var from = ref Unsafe.AsRef(in source);
        nuint i = 0;
        if (count >= 16)
        {
            // The last vector overlaps the one before it, in place of a tail.
            for (; i < (nuint)count - 16; i += 16)
                Vector512.LoadUnsafe(ref from, i).StoreUnsafe(ref target, i);
            Vector512.LoadUnsafe(ref from, (nuint)count - 16).StoreUnsafe(ref target, (nuint)count - 16);
            return;
        }
        if (count >= 8)
        {
            Vector256.LoadUnsafe(ref from).StoreUnsafe(ref target);
            Vector256.LoadUnsafe(ref from, (nuint)count - 8).StoreUnsafe(ref target, (nuint)count - 8);
            return;
        }
        for (; i < (nuint)count; i++)
            Unsafe.Add(ref target, i) = Unsafe.Add(ref from, i);
    }

    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
