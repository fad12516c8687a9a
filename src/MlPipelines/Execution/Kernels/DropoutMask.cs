using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>Masks of dropout: each element is 0 with probability rate, else 1/(1 − rate), by sample key and position alone.</summary>
/// <remarks>The bits are two rounds of a 32-bit finaliser over key and counter. Source: Wellons 2018, "Prospecting for Hash Functions" (lowbias32).</remarks>
static class DropoutMask
{
    const int Part = 1 << 15;
    const uint Golden = 0x9E3779B9;

    /// <summary>Fills <paramref name="mask"/> [samples, elements] from one key per sample.</summary>
    public static void Run(ReadOnlyMemory<ulong> keys, float rate, Memory<float> mask, ParallelFor parallel)
    {
        Check.Within(rate, 0, 0.999f);
        var elements = mask.Length / keys.Length;
        var parts = (elements + Part - 1) / Part;
        parallel(keys.Length * parts, at =>
        {
            var (sample, first) = (at / parts, at % parts * Part);
            Fill(keys.Span[sample], rate, (uint)first, mask.Span.Slice(sample * elements + first, Math.Min(Part, elements - first)));
        });
    }

    /// <summary>Fills part of one sample's mask, from element <paramref name="first"/> on.</summary>
    public static void Fill(ulong key, float rate, uint first, Span<float> mask)
    {
        var (seed, salt) = (Mix((uint)key ^ Golden), Mix((uint)(key >> 32) + Golden));
        var threshold = (uint)(rate * 4294967296.0);
        var scale = 1 / (1 - rate);
        ref var to = ref MemoryMarshal.GetReference(mask);
        var i = 0;
        for (; i <= mask.Length - 16; i += 16)
        {
            var counter = Vector512.Create(first + (uint)i) + Vector512<uint>.Indices;
            var bits = Mix(counter * Golden + Vector512.Create(seed)) ^ Vector512.Create(salt);
            var keep = Vector512.GreaterThanOrEqual(Mix(bits), Vector512.Create(threshold));
            (keep.AsSingle() & Vector512.Create(scale)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < mask.Length; i++)
            mask[i] = Mix(Mix((first + (uint)i) * Golden + seed) ^ salt) >= threshold ? scale : 0;
    }

    static uint Mix(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352D;
        x = (x ^ (x >> 15)) * 0x846CA68B;
        return x ^ (x >> 16);
    }

    static Vector512<uint> Mix(Vector512<uint> x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352D;
        x = (x ^ (x >> 15)) * 0x846CA68B;
        return x ^ (x >> 16);
    }
}
