using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Execution.Kernels;

/// <summary>Masks of dropout: 0 with probability rate, else 1/(1 − rate), by sample key and position alone.</summary>
/// <remarks>The bits are two rounds of a 32-bit finaliser over key and counter. Source: Wellons 2018,
/// "Prospecting for Hash Functions" (lowbias32).</remarks>
static class DropoutMask
{
    const uint Golden = 0x9E3779B9;

    /// <summary>Fills part of one sample's mask, from element <paramref name="first"/> on.</summary>
    public static void Fill(long key, float rate, uint first, Span<float> mask)
    {
        var draw = new Draw(key, Check.Within(rate, 0, 0.999f));
        var scale = 1 / (1 - rate);
        ref var to = ref MemoryMarshal.GetReference(mask);
        var i = 0;
        for (; i <= mask.Length - 16; i += 16)
            (draw.Keeps(Vector512.Create(first + (uint)i) + Vector512<uint>.Indices).AsSingle() & Vector512.Create(scale))
            .StoreUnsafe(ref to, (nuint)i);
        for (; i < mask.Length; i++)
            mask[i] = draw.Keeps(first + (uint)i) ? scale : 0;
    }

    readonly struct Draw(long key, float rate)
    {
        readonly uint seed = Mix((uint)key ^ Golden);
        readonly uint salt = Mix((uint)(key >> 32) + Golden);
        readonly uint threshold = (uint)(rate * 4294967296.0);

        public bool Keeps(uint element) => Mix(Mix(element * Golden + seed) ^ salt) >= threshold;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<uint> Keeps(Vector512<uint> elements) =>
            Vector512.GreaterThanOrEqual(Mix(Mix(elements * Golden + Vector512.Create(seed)) ^ Vector512.Create(salt)),
                Vector512.Create(threshold));

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
