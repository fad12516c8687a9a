namespace MlPipelines.Execution.Kernels;

/// <summary>Working memory of the calling thread, kept from call to call, aligned to cache lines.</summary>
/// <remarks>Whoever holds a span of a use must not call what takes the same use: it would be given the same floats.</remarks>
static class Scratch
{
    const int Line = 16;

    [ThreadStatic]
    static float[]?[]? buffers;

    /// <summary>Names a buffer: two spans taken under different names never overlap.</summary>
    public enum Use { Input, Output, Sums }

    /// <summary>Takes <paramref name="count"/> floats; their content is what was left there.
    /// Valid until the thread takes the same use again.</summary>
    public static Span<float> Take(Use use, int count)
    {
        buffers ??= new float[]?[3];
        var buffer = buffers[(int)use];
        // Pinned, as a moved array would lose its alignment.
        if (buffer is null || buffer.Length < count + Line)
            buffers[(int)use] = buffer = GC.AllocateUninitializedArray<float>(count + Line, pinned: true);
        return buffer.AsSpan(AlignedFloats.Beginning(buffer), count);
    }
}
