using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>8×8 coefficients → 8×8 samples, exactly as the accurate integer transform that JPEG libraries share.</summary>
/// <remarks>
/// Source: Loeffler, Ligtenberg and Moschytz, ICASSP 1989, figure 1, with constants of 13 bits, 2 bits kept from columns to rows,
/// each result rounded once.
/// Between the roundings the flow graph is linear in whole numbers, so each pass is a product with a matrix of whole numbers.
/// </remarks>
static class InverseCosineTransform
{
    const int ConstantBits = 13, KeptBits = 2;
    const int ColumnShift = ConstantBits - KeptBits, RowShift = ConstantBits + KeptBits + 3;

    // Libraries add in 16 bits here and there; below this no sum of two can overflow.
    const short Limit = 16384;

    const int Lanes = 16, ColumnVectors = 16;

    /// <summary>Zigzag position → place in the block: pairs of rows (0,2), (4,6), (1,3), (5,7), the two of a column side by side.</summary>
    internal static byte[] Places { get; } = PlacesInPairs();

    static readonly short[] weights = Weights();

    /// <summary>Samples of a block.</summary>
    /// <param name="block">64 coefficients, placed by <see cref="Places"/>.</param>
    /// <param name="samples">From the upper left sample on.</param>
    /// <param name="stride">Samples from row to row.</param>
    /// <returns>False if the coefficients are so large that libraries differ about them.</returns>
    [SkipLocalsInit]
    internal static bool TryTransform(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        ref var to = ref MemoryMarshal.GetReference(samples[..(7 * stride + 8)]);
        ref var from = ref MemoryMarshal.GetReference(block[..64]);
        ref var weight = ref MemoryMarshal.GetArrayDataReference(weights);
        var (rows02, rows46) = (Vector256.LoadUnsafe(ref from), Vector256.LoadUnsafe(ref from, 16));
        var (rows13, rows57) = (Vector256.LoadUnsafe(ref from, 32), Vector256.LoadUnsafe(ref from, 48));

        // MultiplyAdd joins neighbouring lanes: two rows of one column here, two columns of one row in FourRows.
        var (row0, row7) = Columns(ref weight, 0, rows02, rows46, rows13, rows57);
        var (row1, row6) = Columns(ref weight, 1, rows02, rows46, rows13, rows57);
        var (row2, row5) = Columns(ref weight, 2, rows02, rows46, rows13, rows57);
        var (row3, row4) = Columns(ref weight, 3, rows02, rows46, rows13, rows57);
        var rows01 = Vector256.NarrowWithSaturation(row0, row1);
        var rows23 = Vector256.NarrowWithSaturation(row2, row3);
        var rows45 = Vector256.NarrowWithSaturation(row4, row5);
        var rows67 = Vector256.NarrowWithSaturation(row6, row7);
        var limit = Vector256.Create(Limit);
        var beyond = rows02 + limit | rows46 + limit | rows13 + limit | rows57 + limit | rows01 + limit | rows23 + limit | rows45
            + limit | rows67 + limit;

        // Eight rows, each of four pairs of neighbouring columns.
        Span<int> pairs = stackalloc int[32];
        ref var pair = ref MemoryMarshal.GetReference(pairs);
        rows01.AsInt32().StoreUnsafe(ref pair);
        rows23.AsInt32().StoreUnsafe(ref pair, 8);
        rows45.AsInt32().StoreUnsafe(ref pair, 16);
        rows67.AsInt32().StoreUnsafe(ref pair, 24);
        FourRows(ref weight, ref pair, ref to, stride);
        FourRows(ref weight, ref Unsafe.Add(ref pair, 16), ref Unsafe.Add(ref to, 4 * stride), stride);
        // A number of 16 bits outside ±limit, a saturated one too, became negative when the limit was added.
        return beyond.ExtractMostSignificantBits() == 0;
    }

    /// <summary>Samples of a block whose first coefficient alone is not 0.</summary>
    internal static bool TryFill(short coefficient, Span<byte> samples, int stride)
    {
        var kept = coefficient << KeptBits;
        var value = (byte)(Math.Clamp((kept << ConstantBits) + (1 << RowShift - 1) >> RowShift, -128, 127) + 128);
        for (var row = 0; row < 8; row++)
            samples.Slice(row * stride, 8).Fill(value);
        return kept is >= -Limit and < Limit;
    }

    // The matrix is even about its middle row for the even rows of coefficients and odd for the others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<int> Upper, Vector256<int> Lower) Columns(ref short weight, int output, Vector256<short> rows02,
        Vector256<short> rows46, Vector256<short> rows13, Vector256<short> rows57)
    {
        ref var own = ref Unsafe.Add(ref weight, output * 4 * Lanes);
        var even = ShortLanes.MultiplyAdd(rows02, Vector256.LoadUnsafe(ref own))
            + ShortLanes.MultiplyAdd(rows46, Vector256.LoadUnsafe(ref own, Lanes)) + Vector256.Create(1 << ColumnShift - 1);
        var odd = ShortLanes.MultiplyAdd(rows13, Vector256.LoadUnsafe(ref own, 2 * Lanes))
            + ShortLanes.MultiplyAdd(rows57, Vector256.LoadUnsafe(ref own, 3 * Lanes));
        return (even + odd >> ColumnShift, even - odd >> ColumnShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void FourRows(ref short weight, ref int pair, ref byte to, int stride)
    {
        var first = Vector256.NarrowWithSaturation(Row(ref weight, ref pair), Row(ref weight, ref Unsafe.Add(ref pair, 4)));
        var second =
            Vector256.NarrowWithSaturation(Row(ref weight, ref Unsafe.Add(ref pair, 8)), Row(ref weight, ref Unsafe.Add(ref pair, 12)));
        // To turn the highest bit over adds the 128 that the encoder subtracted (T.81, A.3.1).
        var samples = (Vector256.NarrowWithSaturation(first, second).AsByte() ^ Vector256.Create((byte)128)).AsUInt64();
        Unsafe.WriteUnaligned(ref to, samples[0]);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, stride), samples[1]);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 2 * stride), samples[2]);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 3 * stride), samples[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Row(ref short weight, ref int pair)
    {
        ref var own = ref Unsafe.Add(ref weight, ColumnVectors * Lanes);
        var first = ShortLanes.MultiplyAdd(Vector256.Create(pair).AsInt16(), Vector256.LoadUnsafe(ref own))
            + ShortLanes.MultiplyAdd(Vector256.Create(Unsafe.Add(ref pair, 1)).AsInt16(), Vector256.LoadUnsafe(ref own, Lanes));
        var second = ShortLanes.MultiplyAdd(Vector256.Create(Unsafe.Add(ref pair, 2)).AsInt16(), Vector256.LoadUnsafe(ref own, 2 * Lanes))
            + ShortLanes.MultiplyAdd(Vector256.Create(Unsafe.Add(ref pair, 3)).AsInt16(), Vector256.LoadUnsafe(ref own, 3 * Lanes));
        return first + second + Vector256.Create(1 << RowShift - 1) >> RowShift;
    }

    static byte[] PlacesInPairs()
    {
        var places = new byte[64];
        for (int at = 0, row = 0, column = 0; at < 64; at++)
        {
            places[at] = (byte)((row % 2 * 2 + row / 4) * Lanes + 2 * column + row / 2 % 2);
            if ((row + column) % 2 == 0)
                (row, column) = column == 7 ? (row + 1, column) : (Math.Max(row - 1, 0), column + 1);
            else
                (row, column) = row == 7 ? (row, column + 1) : (row + 1, Math.Max(column - 1, 0));
        }
        return places;
    }

    // Four vectors for each of the upper four rows of the column pass, then four for the row pass.
    static short[] Weights()
    {
        ReadOnlySpan<(int First, int Second)> rows = [(0, 2), (4, 6), (1, 3), (5, 7)];
        Span<int> response = stackalloc int[8];
        var weights = new short[(ColumnVectors + 4) * Lanes];
        for (var input = 0; input < 8; input++)
        {
            FlowGraph(input, response);
            for (var vector = 0; vector < 4; vector++)
                for (var lane = 0; lane < Lanes; lane++)
                {
                    if (input == (lane % 2 == 0 ? rows[vector].First : rows[vector].Second))
                        for (var output = 0; output < 4; output++)
                            weights[(output * 4 + vector) * Lanes + lane] = (short)response[output];
                    if (input == 2 * vector + lane % 2)
                        weights[(ColumnVectors + vector) * Lanes + lane] = (short)response[lane / 2];
                }
        }
        return weights;
    }

    // The response to a single 1.
    static void FlowGraph(int input, Span<int> response)
    {
        // Each constant is rounded by itself, as in libjpeg's jidctint.c: the response is made of rounded constants, not rounded itself.
        Span<int> x = stackalloc int[8];
        x.Clear();
        x[input] = 1;
        var turned = (x[2] + x[6]) * Fixed(0.541196100);
        var (sum, difference) = (x[0] + x[4] << ConstantBits, x[0] - x[4] << ConstantBits);
        var (outer, inner) = (turned + x[2] * Fixed(0.765366865), turned - x[6] * Fixed(1.847759065));
        ReadOnlySpan<int> even = [sum + outer, difference + inner, difference - inner, sum - outer];

        var common = (x[1] + x[3] + x[5] + x[7]) * Fixed(1.175875602);
        var (across17, across35) = ((x[1] + x[7]) * Fixed(0.899976223), (x[3] + x[5]) * Fixed(2.562915447));
        var (across37, across15) = (common - (x[3] + x[7]) * Fixed(1.961570560), common - (x[1] + x[5]) * Fixed(0.390180644));
        ReadOnlySpan<int> odd =
        [
            x[1] * Fixed(1.501321110) - across17 + across15,
            x[3] * Fixed(3.072711026) - across35 + across37,
            x[5] * Fixed(2.053119869) - across35 + across15,
            x[7] * Fixed(0.298631336) - across17 + across37,
        ];
        for (var i = 0; i < 4; i++)
            (response[i], response[7 - i]) = (even[i] + odd[i], even[i] - odd[i]);
    }

    static int Fixed(double constant) => (int)Math.Round(constant * (1 << ConstantBits));
}
