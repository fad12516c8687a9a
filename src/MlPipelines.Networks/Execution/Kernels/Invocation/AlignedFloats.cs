using System.Buffers;
using System.Runtime.InteropServices;

namespace MlPipelines.Execution.Kernels;

/// <summary>Floats that all threads of a kernel work on, aligned to cache lines, so that no vector lies across two.</summary>
readonly struct AlignedFloats
{
    const int Line = 16;

    readonly float[] array;
    readonly int first, count;

    AlignedFloats(float[] array, int count) => (this.array, first, this.count) = (array, Beginning(array), count);

    /// <summary>The floats.</summary>
    public Span<float> Span => array.AsSpan(first, count);

    /// <summary>Floats of a pool; their content is what was left there.</summary>
    /// <remarks>What is small may be moved by the garbage collector, which costs its alignment and nothing else.</remarks>
    public static AlignedFloats Rent(int count) => new(ArrayPool<float>.Shared.Rent(count + Line), count);

    /// <summary>Floats to keep; their content is undefined.</summary>
    public static AlignedFloats Allocate(int count) => new(LargeArrays.Allocate<float>(count + Line, pinned: true), count);

    /// <summary>Gives back what was rented.</summary>
    public void Return() => ArrayPool<float>.Shared.Return(array);

    /// <summary>The first place of an array that begins a cache line.</summary>
    public static int Beginning(float[] array) =>
        -(int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) / sizeof(float)) & (Line - 1);
}
