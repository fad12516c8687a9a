using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Draws a picture through a map, stretch of a row by stretch: first where each pixel comes from, then the pixels.</summary>
static class Warping
{
    const uint Half = 1 << 23;

    static Vector128<byte> Widen => Vector128.Create((byte)0, 255, 255, 255, 1, 255, 255, 255, 2, 255, 255, 255, 255, 255, 255, 255);
    static Vector128<byte> WidenNext => Vector128.Create((byte)1, 255, 255, 255, 2, 255, 255, 255, 3, 255, 255, 255, 255, 255, 255, 255);
    static Vector128<byte> WidenFour => Vector128.Create((byte)0, 255, 255, 255, 1, 255, 255, 255, 2, 255, 255, 255, 3, 255, 255, 255);
    static Vector128<byte> NarrowFour => Vector128.Create((byte)3, 7, 11, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);
    static Vector128<byte> Narrow => Vector128.Create((byte)3, 7, 11, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);

    internal static void Draw<TMap>(Bitmap from, TMap map, Bitmap to, Interpolation interpolation, FillMode fill, Colour value)
        where TMap : struct, IPointMap
    {
        if (!from.HasAlpha || interpolation == Interpolation.Nearest)
        {
            DrawEach(from, map, to, interpolation, new(fill, value, IsMultiplied: false));
            return;
        }
        DrawEach(PremultipliedAlpha.Multiplied(from), map, to, interpolation, new(fill, value, IsMultiplied: true));
        PremultipliedAlpha.Divide(to.Pixels);
    }

    static void DrawEach<TMap>(Bitmap from, TMap map, Bitmap to, Interpolation interpolation, Surroundings outside)
        where TMap : struct, IPointMap
    {
        var points = new SourcePoints(stackalloc double[SourcePoints.Numbers], from.Width, from.Height, from.Channels);
        for (var y = 0; y < to.Height; y++)
            for (var x = 0; x < to.Width; x += SourcePoints.Count)
            {
                var count = Math.Min(SourcePoints.Count, to.Width - x);
                var target = to.Pixels.AsSpan((y * to.Width + x) * to.Channels, count * to.Channels);
                points.Locate(map, x, y, count, interpolation, outside.Fill);
                // Far points and those outside are blended too, from places that may be read, and then written over.
                if (points.Far != ulong.MaxValue)
                    Blend(from, points, target, interpolation);
                for (var left = points.Outside; left != 0; left &= left - 1)
                    outside.Paint(target.Slice(BitOperations.TrailingZeroCount(left) * from.Channels, from.Channels));
                for (var left = points.Far; left != 0; left &= left - 1)
                    if (BitOperations.TrailingZeroCount(left) is var i && i < count)
                        PointSampling.Sample(from, map.Apply(x + i, y), interpolation, outside,
                            target.Slice(i * from.Channels, from.Channels));
            }
    }

    static void Blend(Bitmap from, SourcePoints points, Span<byte> to, Interpolation interpolation)
    {
        ref var pixels = ref MemoryMarshal.GetArrayDataReference(from.Pixels);
        if (interpolation == Interpolation.Nearest && from.HasAlpha)
            CopyWhole(ref pixels, ref points.First, to);
        else if (interpolation == Interpolation.Nearest)
            Copy(ref pixels, ref points.First, to, from.Channels);
        else if (from.HasAlpha)
            BlendWhole(ref pixels, from.RowBytes, ref points.First, to);
        else if (from.Channels == 3)
            BlendColours(ref pixels, from.RowBytes, ref points.First, to);
        else
            BlendGreys(ref pixels, from.RowBytes, ref points.First, to);
    }

    static void Copy(ref byte pixels, ref uint offset, Span<byte> to, int channels)
    {
        for (var i = 0; i < to.Length; i += channels, offset = ref Unsafe.Add(ref offset, SourcePoints.Step))
        {
            ref var pixel = ref Unsafe.Add(ref pixels, offset);
            to[i] = pixel;
            if (channels == 3)
                (to[i + 1], to[i + 2]) = (Unsafe.Add(ref pixel, 1), Unsafe.Add(ref pixel, 2));
        }
    }

    static void CopyWhole(ref byte pixels, ref uint offset, Span<byte> to)
    {
        foreach (ref var pixel in MemoryMarshal.Cast<byte, uint>(to))
        {
            pixel = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref pixels, offset));
            offset = ref Unsafe.Add(ref offset, SourcePoints.Step);
        }
    }

    static void BlendWhole(ref byte pixels, int rowBytes, ref uint point, Span<byte> to)
    {
        foreach (ref var pixel in MemoryMarshal.Cast<byte, uint>(to))
        {
            ref var upper = ref Unsafe.Add(ref pixels, point);
            ref var lower = ref Unsafe.Add(ref upper, rowBytes);
            var sum = Four(ref upper, WidenFour) * Vector128.Create(Weight(ref point, 1))
                + Four(ref Unsafe.Add(ref upper, 4), WidenFour) * Vector128.Create(Weight(ref point, 2))
                + (Four(ref lower, WidenFour) * Vector128.Create(Weight(ref point, 3))
                + Four(ref Unsafe.Add(ref lower, 4), WidenFour) * Vector128.Create(Weight(ref point, 4)))
                + Vector128.Create(Half);
            pixel = Vector128.Shuffle(sum.AsByte(), NarrowFour).AsUInt32().ToScalar();
            point = ref Unsafe.Add(ref point, SourcePoints.Step);
        }
    }

    static void BlendGreys(ref byte pixels, int rowBytes, ref uint point, Span<byte> to)
    {
        for (var i = 0; i < to.Length; i++, point = ref Unsafe.Add(ref point, SourcePoints.Step))
        {
            ref var upper = ref Unsafe.Add(ref pixels, point);
            ref var lower = ref Unsafe.Add(ref upper, rowBytes);
            to[i] = (byte)(upper * Weight(ref point, 1) + Unsafe.Add(ref upper, 1) * Weight(ref point, 2) + lower * Weight(ref point, 3)
                + Unsafe.Add(ref lower, 1) * Weight(ref point, 4) + Half >> 24);
        }
    }

    static void BlendColours(ref byte pixels, int rowBytes, ref uint point, Span<byte> to)
    {
        ref var target = ref MemoryMarshal.GetReference(to);
        // The last pixel alone is written byte by byte: behind it lies the next stretch, or nothing.
        var last = to.Length - 3;
        for (var i = 0; i < last; i += 3, point = ref Unsafe.Add(ref point, SourcePoints.Step))
            // The fourth byte is written again by the next pixel.
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), BlendColour(ref pixels, rowBytes, ref point));
        var colour = BlendColour(ref pixels, rowBytes, ref point);
        (to[last], to[last + 1], to[last + 2]) = ((byte)colour, (byte)(colour >> 8), (byte)(colour >> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint BlendColour(ref byte pixels, int rowBytes, ref uint point)
    {
        ref var upper = ref Unsafe.Add(ref pixels, point);
        ref var lower = ref Unsafe.Add(ref upper, rowBytes);
        // The neighbour's bytes are read from one before it on, so that nothing is read behind the last pixel.
        var sum = Four(ref upper, Widen) * Vector128.Create(Weight(ref point, 1))
            + Four(ref Unsafe.Add(ref upper, 2), WidenNext) * Vector128.Create(Weight(ref point, 2))
            + (Four(ref lower, Widen) * Vector128.Create(Weight(ref point, 3))
            + Four(ref Unsafe.Add(ref lower, 2), WidenNext) * Vector128.Create(Weight(ref point, 4)))
            + Vector128.Create(Half);
        return Vector128.Shuffle(sum.AsByte(), Narrow).AsUInt32().ToScalar();
    }

    static uint Weight(ref uint point, int which) => Unsafe.Add(ref point, which * SourcePoints.Next);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<uint> Four(ref byte at, Vector128<byte> places) =>
        Vector128.Shuffle(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref at)).AsByte(), places).AsUInt32();
}
