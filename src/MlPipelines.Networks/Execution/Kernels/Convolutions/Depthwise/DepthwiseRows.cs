using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>One 3×3 filter without strides over a flat channel, four rows at a time, so that each row read serves three rows written. For
/// 32 registers of 512 bits.</summary>
static class DepthwiseRows
{
    public const int Rows = 4;
    public const int Taps = 9;

    /// <summary>Floats beyond a band that are read, and written with values of no meaning.</summary>
    /// <remarks>Up to three rows more than asked for, and a vector beyond the last of them.</remarks>
    public static int Slack(int pitch) => Rows * pitch + 32;

    /// <param name="filter">Nine weights, by the offset of their tap.</param>
    /// <param name="x">Start of the flat channel, at the tap of the lowest offset.</param>
    /// <param name="y">Start of the output.</param>
    /// <param name="rows">Rows of output; rounded up to four.</param>
    /// <param name="pitch">Floats from one row to the next, in and out.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseFilter filter, ref float x, ref float y, int rows, int pitch)
    {
        var weights = filter.Weights;
        var first = Vector512.Create(filter.Bias);
        var floor = Vector512.Create(filter.Floor);
        var upper = new Neighbours(Vector512.Create(weights[0]), Vector512.Create(weights[1]), Vector512.Create(weights[2]));
        var middle = new Neighbours(Vector512.Create(weights[3]), Vector512.Create(weights[4]), Vector512.Create(weights[5]));
        var lower = new Neighbours(Vector512.Create(weights[6]), Vector512.Create(weights[7]), Vector512.Create(weights[8]));
        // A vector that runs over a row's end writes the next row's first positions as well: the flat layout makes them the same positions,
        // with the same sums. Six rows are read for four written.
        for (var r = 0; r < rows; r += Rows)
            for (var p = 0; p < pitch; p += 16)
            {
                ref var from = ref Unsafe.Add(ref x, r * pitch + p);
                ref var to = ref Unsafe.Add(ref y, r * pitch + p);
                var row = Neighbours.At(ref from);
                var a = row.AddTo(first, upper);
                from = ref Unsafe.Add(ref from, pitch);
                row = Neighbours.At(ref from);
                a = row.AddTo(a, middle);
                var b = row.AddTo(first, upper);
                from = ref Unsafe.Add(ref from, pitch);
                row = Neighbours.At(ref from);
                a = row.AddTo(a, lower);
                b = row.AddTo(b, middle);
                var c = row.AddTo(first, upper);
                from = ref Unsafe.Add(ref from, pitch);
                row = Neighbours.At(ref from);
                b = row.AddTo(b, lower);
                c = row.AddTo(c, middle);
                var d = row.AddTo(first, upper);
                from = ref Unsafe.Add(ref from, pitch);
                row = Neighbours.At(ref from);
                c = row.AddTo(c, lower);
                d = row.AddTo(d, middle);
                from = ref Unsafe.Add(ref from, pitch);
                row = Neighbours.At(ref from);
                d = row.AddTo(d, lower);
                Vector512.Max(a, floor).StoreUnsafe(ref to);
                Vector512.Max(b, floor).StoreUnsafe(ref to, (nuint)pitch);
                Vector512.Max(c, floor).StoreUnsafe(ref to, (nuint)(2 * pitch));
                Vector512.Max(d, floor).StoreUnsafe(ref to, (nuint)(3 * pitch));
            }
    }

    /// <summary>Three neighbours in a row, of sixteen positions: values, or the weights that they meet.</summary>
    readonly struct Neighbours(Vector512<float> left, Vector512<float> center, Vector512<float> right)
    {
        readonly Vector512<float> left = left, center = center, right = right;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Neighbours At(ref float from) =>
            new(Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref from, 1), Vector512.LoadUnsafe(ref from, 2));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> AddTo(Vector512<float> sum, in Neighbours weights) => Vector512.FusedMultiplyAdd(right, weights.right,
            Vector512.FusedMultiplyAdd(center, weights.center, Vector512.FusedMultiplyAdd(left, weights.left, sum)));
    }
}
