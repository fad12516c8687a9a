using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>Dropout: each element is multiplied by 0 with probability rate, else by 1/(1 − rate), by sample key and position alone.</summary>
/// <remarks>The bits are two rounds of a 32-bit finaliser over key and counter. Source: Wellons 2018, "Prospecting for Hash Functions" (lowbias32).</remarks>
static class DropoutMask
{
    const int Part = 1 << 14;
    const uint Golden = 0x9E3779B9;

    /// <summary>Fills <paramref name="mask"/> [samples, elements] from one key per sample.</summary>
    public static void Run(ReadOnlyMemory<long> keys, float rate, Memory<float> mask, ParallelFor parallel)
    {
        Check.Within(rate, 0, 0.999f);
        Each(keys, mask.Length, parallel, (key, first, start, count) => Fill(key, rate, (uint)first, mask.Span.Slice(start, count)));
    }

    /// <summary>y = x · mask; the gradient is the same with dy for x.</summary>
    public static void Apply(ReadOnlyMemory<long> keys, float rate, ReadOnlyMemory<float> x, Memory<float> y, ParallelFor parallel)
    {
        Check.Within(rate, 0, 0.999f);
        Each(keys, x.Length, parallel, (key, first, start, count) => Apply(key, rate, (uint)first, x.Span.Slice(start, count), y.Span.Slice(start, count)));
    }

    /// <summary>Fills part of one sample's mask, from element <paramref name="first"/> on.</summary>
    public static void Fill(long key, float rate, uint first, Span<float> mask)
    {
        var draw = new Draw(key, rate);
        var scale = 1 / (1 - rate);
        ref var to = ref MemoryMarshal.GetReference(mask);
        var i = 0;
        for (; i <= mask.Length - 16; i += 16)
            (draw.Keeps(Vector512.Create(first + (uint)i) + Vector512<uint>.Indices).AsSingle() & Vector512.Create(scale)).StoreUnsafe(ref to, (nuint)i);
        for (; i < mask.Length; i++)
            mask[i] = draw.Keeps(first + (uint)i) ? scale : 0;
    }

    static void Apply(long key, float rate, uint first, ReadOnlySpan<float> x, Span<float> y)
    {
        var draw = new Draw(key, rate);
        var scale = 1 / (1 - rate);
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - 16; i += 16)
            (draw.Keeps(Vector512.Create(first + (uint)i) + Vector512<uint>.Indices).AsSingle() & (Vector512.LoadUnsafe(ref from, (nuint)i) * scale)).StoreUnsafe(ref to, (nuint)i);
        for (; i < x.Length; i++)
            y[i] = draw.Keeps(first + (uint)i) ? x[i] * scale : 0;
    }

    static void Each(ReadOnlyMemory<long> keys, int total, ParallelFor parallel, Action<long, int, int, int> body)
    {
        if (total == 0)
            return;
        var elements = total / keys.Length;
        var parts = (elements + Part - 1) / Part;
        parallel(keys.Length * parts, at =>
        {
            var (sample, first) = (at / parts, at % parts * Part);
            body(keys.Span[sample], first, sample * elements + first, Math.Min(Part, elements - first));
        });
    }

    readonly struct Draw(long key, float rate)
    {
        readonly uint seed = Mix((uint)key ^ Golden);
        readonly uint salt = Mix((uint)(key >> 32) + Golden);
        readonly uint threshold = (uint)(rate * 4294967296.0);

        public bool Keeps(uint element) => Mix(Mix(element * Golden + seed) ^ salt) >= threshold;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<uint> Keeps(Vector512<uint> elements) =>
            Vector512.GreaterThanOrEqual(Mix(Mix(elements * Golden + Vector512.Create(seed)) ^ Vector512.Create(salt)), Vector512.Create(threshold));

        static uint Mix(uint x)
        {
            x = (x ^ (x >> 16)) * 0x7FEB352D;
            x = (x ^ (x >> 15)) * 0x846CA68B;
            return x ^ (x >> 16);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector512<uint> Mix(Vector512<uint> x)
        {
            x = (x ^ (x >> 16)) * 0x7FEB352D;
            x = (x ^ (x >> 15)) * 0x846CA68B;
            return x ^ (x >> 16);
        }
    }
}
