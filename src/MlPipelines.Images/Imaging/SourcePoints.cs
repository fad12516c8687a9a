using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>Where in a picture the pixels of a stretch of a row come from, and in which shares.</summary>
/// <remarks>
/// The offset of a pixel is that of the upper left one of the four around it; all four lie within the picture.
/// Weights are products of shares in units of 2⁻¹⁰, times 2⁴: the sum of the four weighted bytes has the result in its uppermost byte.
/// </remarks>
ref struct SourcePoints
{
    /// <summary>Pixels of a stretch.</summary>
    internal const int Count = 64;

    /// <summary>Places from a pixel to the next, and from a number of a pixel to the next number.</summary>
    internal const int Step = 2, Next = Step * Count;

    /// <summary>Length of the memory that is needed.</summary>
    internal const int Numbers = 5 * Count;

    const double One = 1 << 10, Scale = 1 << 4;

    // Added to a whole number, shows it in the lower half of the double.
    const double Whole = 1L << 52;

    const uint AllFour = 15;

    // Doubles further away are too coarse to be folded four at a time.
    const double Most = 1e9;

    // Five groups of Count doubles: offsets, then the four weights; each is read as the lower, first half of its double.
    readonly ref double numbers;
    readonly int width, height, channels;

    /// <param name="numbers">Of <see cref="Numbers"/> elements.</param>
    /// <param name="width">Of the picture.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="channels">Of the picture.</param>
    internal SourcePoints(Span<double> numbers, int width, int height, int channels)
    {
        (this.width, this.height, this.channels) = (width, height, channels);
        this.numbers = ref MemoryMarshal.GetReference(numbers[..Numbers]);
    }

    /// <summary>Bits of the pixels that show the constant.</summary>
    internal ulong Outside { get; private set; }

    /// <summary>Bits of the pixels, perhaps of some more, that must be computed one by one.</summary>
    internal ulong Far { get; private set; }

    /// <summary>The numbers of one pixel are this and those each <see cref="Next"/> places on: offset; weights upper left, upper right,
    /// lower left, lower right.</summary>
    internal readonly ref uint First => ref Unsafe.As<double, uint>(ref numbers);

    /// <summary>Finds the sources of that many pixels of row <paramref name="y"/>, from <paramref name="x"/> on.</summary>
    internal void Locate<TMap>(TMap map, int x, int y, int count, Interpolation interpolation, FillMode fill) where TMap : struct, IPointMap
    {
        (Outside, Far) = (0, 0);
        // There are no four pixels around a point.
        if (width == 1 || height == 1)
        {
            Far = ulong.MaxValue;
            return;
        }
        Vector256<double> right = Vector256.Create(width - 1.0), bottom = Vector256.Create(height - 1.0), zero = Vector256<double>.Zero,
            half = Vector256.Create(0.5);
        Vector256<double> one = Vector256.Create(One), column = Vector256.Create((double)channels),
            row = Vector256.Create((double)width * channels);
        var nearest = interpolation == Interpolation.Nearest;
        ref var to = ref numbers;
        var places = Vector256.Create((double)x) + Vector256.Create(0.0, 1, 2, 3);
        for (var i = 0; i < count; i += 4, places += Vector256.Create(4.0))
        {
            var (fromX, fromY) = map.Apply(places, y);
            // A point that is no number is not inside, and in Bring it is not near: PointSampling says what is wrong with it.
            var inside = Vector256.GreaterThanOrEqual(Vector256.MinNative(fromX, fromY), zero) & Vector256.LessThanOrEqual(fromX, right)
                & Vector256.LessThanOrEqual(fromY, bottom);
            if (inside.ExtractMostSignificantBits() != AllFour)
                (fromX, fromY) = Bring(fromX, fromY, i, fill);
            if (nearest)
            {
                Store(Vector256.Floor(fromY + half) * row + Vector256.Floor(fromX + half) * column, ref to, i);
                continue;
            }
            // On the last column, the whole share is that of the right neighbour.
            var (left, top) = (Vector256.MinNative(Vector256.Floor(fromX), right - Vector256<double>.One),
                Vector256.MinNative(Vector256.Floor(fromY), bottom - Vector256<double>.One));
            var rightShare = Vector256.Floor((fromX - left) * one + half) * Vector256.Create(Scale);
            var downShare = Vector256.Floor((fromY - top) * one + half);
            var (both, down) = (rightShare * downShare, downShare * Vector256.Create(One * Scale));
            var rightOnly = rightShare * one - both;
            Store(top * row + left * column, ref to, i);
            // Whole numbers, and exact. The upper left gets what the others leave, so that they add up to 2²⁴.
            Store(Vector256.Create(One * One * Scale) - down - rightOnly, ref to, i + Count);
            Store(rightOnly, ref to, i + 2 * Count);
            Store(down - both, ref to, i + 3 * Count);
            Store(both, ref to, i + 4 * Count);
        }
        Outside &= ulong.MaxValue >> (Count - count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    (Vector256<double> X, Vector256<double> Y) Bring(Vector256<double> x, Vector256<double> y, int i, FillMode fill)
    {
        var far = Vector256.Create(Most);
        var near = Vector256.LessThanOrEqual(Vector256.Abs(x), far) & Vector256.LessThanOrEqual(Vector256.Abs(y), far);
        if (near.ExtractMostSignificantBits() == AllFour)
        {
            var outside = Boundary.MapCoordinate(ref x, width, fill) | Boundary.MapCoordinate(ref y, height, fill);
            Outside |= (ulong)outside.ExtractMostSignificantBits() << i;
            return (x, y);
        }
        Far |= (ulong)AllFour << i;
        // A point that may be read; what is read there is written over.
        return (Vector256<double>.Zero, Vector256<double>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(Vector256<double> value, ref double to, int i) => (value + Vector256.Create(Whole)).StoreUnsafe(ref to, (nuint)i);
}
