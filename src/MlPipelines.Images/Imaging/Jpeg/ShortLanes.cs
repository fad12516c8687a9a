using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MlPipelines.Imaging.Jpeg;

/// <summary>Products of 16 whole numbers of 16 bits at once.</summary>
static class ShortLanes
{
    /// <summary>Products of neighbours, added in pairs: lane i is a₂ᵢ b₂ᵢ + a₂ᵢ₊₁ b₂ᵢ₊₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> MultiplyAdd(Vector256<short> a, Vector256<short> b)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyAddAdjacent(a, b);
        var (x, y) = (a.AsInt32(), b.AsInt32());
        return (x << 16 >> 16) * (y << 16 >> 16) + (x >> 16) * (y >> 16);
    }

    /// <summary>The upper 16 bits of the products, rounded down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<short> MultiplyHigh(Vector256<short> a, Vector256<short> b)
    {
        if (Avx2.IsSupported)
            return Avx2.MultiplyHigh(a, b);
        var (x, y) = (a.AsInt32(), b.AsInt32());
        return ((x << 16 >> 16) * (y << 16 >> 16) >>> 16 | (x >> 16) * (y >> 16) & Vector256.Create(-65536)).AsInt16();
    }
}
