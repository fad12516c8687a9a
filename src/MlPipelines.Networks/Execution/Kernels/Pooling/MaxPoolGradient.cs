using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>The gradient of max pooling. Of equal maxima in a window the first, row by row, takes it all.</summary>
/// <remarks>x [P,H,W], y and dy [P,H',W'] → dx [P,H,W], where P counts the planes of all images.</remarks>
static class MaxPoolGradient
{
    const int SmallRow = 4;

    /// <summary>Computes <paramref name="dx"/>.</summary>
    public static void Run(PoolShape shape, ReadOnlyMemory<float> x, ReadOnlyMemory<float> y, ReadOnlyMemory<float> dy, Memory<float> dx,
        ParallelFor parallel)
    {
        var (plane, outPlane) = (shape.Input.Area, shape.Output.Area);
        var halves = IsHalving(shape);
        shape.EachPlane(parallel, p =>
        {
            var xp = x.Span.Slice(p * plane, plane);
            var yp = y.Span.Slice(p * outPlane, outPlane);
            var dyp = dy.Span.Slice(p * outPlane, outPlane);
            var dxp = dx.Span.Slice(p * plane, plane);
            if (halves)
                Halve(shape, xp, yp, dyp, dxp);
            else
                Scatter(shape, xp, yp, dyp, dxp);
        });
    }

    static bool IsHalving(PoolShape shape) => shape.Window.Rows is { Kernel: 2, Stride: 2, Dilation: 1, Before: 0 }
        && shape.Window.Columns is { Kernel: 2, Stride: 2, Dilation: 1, Before: 0 }
        && shape.Output.Height * 2 <= shape.Input.Height && shape.Output.Width * 2 <= shape.Input.Width;

    static void Scatter(PoolShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var (window, (height, width), (outHeight, outWidth)) = (shape.Window, shape.Input, shape.Output);
        dx.Clear();
        var isSmall = window.Rows is { Kernel: <= 4, Dilation: 1 } && window.Columns is { Kernel: <= SmallRow, Dilation: 1 };
        for (int row = 0, at = 0; row < outHeight; row++)
            for (var column = 0; column < outWidth; column++, at++)
            {
                var corner = (row * window.Rows.Stride - window.Rows.Before) * width + column * window.Columns.Stride
                    - window.Columns.Before;
                var winner = isSmall && IsInside(window.Rows, height, row) && IsInside(window.Columns, width, column)
                    && corner + (window.Rows.Kernel - 1) * width + SmallRow <= x.Length
                    ? FirstOfSmall(window, x[corner..], width, y[at]) + corner
                    : First(shape, row, column, x, y[at]);
                if (winner >= 0)
                    dx[winner] += dy[at];
            }
    }

    static bool IsInside(WindowAxis axis, int size, int output) =>
        output * axis.Stride >= axis.Before && output * axis.Stride - axis.Before + axis.Kernel <= size;

    /// <summary>The place of the maximum in a window of at most four rows and columns that lies within the plane, from its corner on; one
    /// that holds no number has none and gets the least.</summary>
    static int FirstOfSmall(Window window, ReadOnlySpan<float> x, int width, float maximum)
    {
        var (wanted, found) = (Vector128.Create(maximum), 0u);
        // Four columns are read whatever the kernel's width: the caller has seen that they lie within the plane's floats.
        for (var i = 0; i < window.Rows.Kernel; i++)
            found |= (Vector128.Equals(Vector128.Create(x[(i * width)..]), wanted).ExtractMostSignificantBits()
                & ((1u << window.Columns.Kernel) - 1)) << (SmallRow * i);
        var first = BitOperations.TrailingZeroCount(found);
        return found == 0 ? int.MinValue : first / SmallRow * width + first % SmallRow;
    }

    static int First(PoolShape shape, int row, int column, ReadOnlySpan<float> x, float maximum)
    {
        var (window, (height, width)) = (shape.Window, shape.Input);
        var (top, left) = (row * window.Rows.Stride - window.Rows.Before, column * window.Columns.Stride - window.Columns.Before);
        for (var i = 0; i < window.Rows.Kernel; i++)
        {
            var r = top + i * window.Rows.Dilation;
            if ((uint)r >= (uint)height)
                continue;
            for (var j = 0; j < window.Columns.Kernel; j++)
            {
                var c = left + j * window.Columns.Dilation;
                if ((uint)c < (uint)width && x[r * width + c] == maximum)
                    return r * width + c;
            }
        }
        return -1;
    }

    static void Halve(PoolShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var (width, (outHeight, outWidth)) = (shape.Input.Width, shape.Output);
        for (var row = 0; row < outHeight; row++)
        {
            var (upper, lower) = (2 * row * width, (2 * row + 1) * width);
            HalveRow(x.Slice(upper, width), x.Slice(lower, width), y.Slice(row * outWidth, outWidth), dy.Slice(row * outWidth, outWidth),
                dx.Slice(upper, width), dx.Slice(lower, width));
        }
        dx[(2 * outHeight * width)..].Clear();
    }

    // Four windows of 2×2 at once. Lanes 2i and 2i + 1 of a row belong to window i, whose maximum and gradient stand in both. A place
    // wins when it equals the maximum and none before it does: before a right lane stands its left neighbour, before a lower lane both
    // upper ones. The last four windows may overlap those before; what is written there again is the same.
    static void HalveRow(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
        Span<float> dxUpper, Span<float> dxLower)
    {
        dxUpper[(2 * y.Length)..].Clear();
        dxLower[(2 * y.Length)..].Clear();
        if (y.Length < 4)
        {
            HalveShort(upper, lower, y, dy, dxUpper, dxLower);
            return;
        }
        ref var u = ref MemoryMarshal.GetReference(upper);
        ref var l = ref MemoryMarshal.GetReference(lower);
        ref var m = ref MemoryMarshal.GetReference(y);
        ref var g = ref MemoryMarshal.GetReference(dy);
        ref var du = ref MemoryMarshal.GetReference(dxUpper);
        ref var dl = ref MemoryMarshal.GetReference(dxLower);
        var right = Vector256.Create(0, -1, 0, -1, 0, -1, 0, -1);
        for (var next = 0; next < y.Length; next += 4)
        {
            var o = Math.Min(next, y.Length - 4);
            var maximum = Twice(Vector128.LoadUnsafe(ref m, (nuint)o));
            var gradient = Twice(Vector128.LoadUnsafe(ref g, (nuint)o)).AsInt32();
            var above = Vector256.Equals(Vector256.LoadUnsafe(ref u, (nuint)(2 * o)), maximum).AsInt32();
            var below = Vector256.Equals(Vector256.LoadUnsafe(ref l, (nuint)(2 * o)), maximum).AsInt32();
            var aboveLeft = Vector256.Shuffle(above, Vector256.Create(0, 0, 2, 2, 4, 4, 6, 6));
            var aboveRight = Vector256.Shuffle(above, Vector256.Create(1, 1, 3, 3, 5, 5, 7, 7));
            var belowLeft = Vector256.Shuffle(below, Vector256.Create(0, 0, 2, 2, 4, 4, 6, 6));
            var winsAbove = Vector256.AndNot(above, aboveLeft & right);
            var winsBelow = Vector256.AndNot(Vector256.AndNot(below, aboveLeft | aboveRight), belowLeft & right);
            (gradient & winsAbove).AsSingle().StoreUnsafe(ref du, (nuint)(2 * o));
            (gradient & winsBelow).AsSingle().StoreUnsafe(ref dl, (nuint)(2 * o));
        }
    }

    /// <summary>For rows too short for a vector.</summary>
    static void HalveShort(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, ReadOnlySpan<float> y, ReadOnlySpan<float> dy,
        Span<float> dxUpper, Span<float> dxLower)
    {
        for (var o = 0; o < y.Length; o++)
        {
            var (a, b, c, d) = (upper[2 * o] == y[o], upper[2 * o + 1] == y[o], lower[2 * o] == y[o], lower[2 * o + 1] == y[o]);
            dxUpper[2 * o] = a ? dy[o] : 0;
            dxUpper[2 * o + 1] = b && !a ? dy[o] : 0;
            dxLower[2 * o] = c && !a && !b ? dy[o] : 0;
            dxLower[2 * o + 1] = d && !a && !b && !c ? dy[o] : 0;
        }
    }

    static Vector256<float> Twice(Vector128<float> four) => Vector256.Shuffle(four.ToVector256(), Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3));
}
