using System.Runtime.Intrinsics;

namespace MlPipelines.Imaging;

/// <summary>What a coordinate outside a picture means, as SciPy defines it; for one coordinate and for four, to the same bits.</summary>
static class Boundary
{
    // Sine and cosine of right angles miss 0 by 10⁻¹⁶, which must not count as outside.
    const double Snap = 1e-9;

    /// <summary>Brings a coordinate into [0, size − 1]; false where the constant shows.</summary>
    internal static bool MapCoordinate(ref double x, int size, FillMode fill)
    {
        var last = size - 1;
        if (x >= 0 && x <= last)
            return true;
        var whole = Math.Round(x);
        if (Math.Abs(x - whole) < Snap && whole >= 0 && whole <= last)
        {
            x = whole;
            return true;
        }
        if (double.IsNaN(x))
            throw new ArgumentException("Affine: the map gives no number. Check its six numbers.");
        switch (fill)
        {
            case FillMode.Nearest:
                x = Math.Clamp(x, 0, last);
                return true;
            case FillMode.Constant:
                return false;
            // d c b a | a b c d | d c b a: the edge lies half a pixel outside the centres.
            case FillMode.Reflect:
                var along = Modulo(x + 0.5, 2 * size);
                x = Math.Clamp((along < size ? along : 2 * size - along) - 0.5, 0, last);
                return true;
            // SciPy's period is size − 1, in which the first and the last pixel coincide.
            case FillMode.Wrap:
                x = last == 0 ? 0 : Math.Clamp(Modulo(x, last), 0, last);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(fill), fill, "Affine: needs Nearest, Constant, Reflect or Wrap.");
        }
    }

    /// <summary>The same for four finite coordinates, of a size of at least 2; all bits of a
    /// lane are set where the constant shows.</summary>
    internal static Vector256<double> MapCoordinate(ref Vector256<double> x, int size, FillMode fill)
    {
        Vector256<double> last = Vector256.Create(size - 1.0), zero = Vector256<double>.Zero;
        var inside = Vector256.GreaterThanOrEqual(x, zero) & Vector256.LessThanOrEqual(x, last);
        // Inside, or so near to the first or the last pixel that the one above rounds to it.
        var snapped = Vector256.GreaterThan(x, Vector256.Create(-Snap)) & Vector256.LessThan(x - last, Vector256.Create(Snap));
        var clamped = Vector256.MinNative(Vector256.MaxNative(x, zero), last);
        switch (fill)
        {
            case FillMode.Nearest:
                x = clamped;
                return zero;
            case FillMode.Constant:
                x = clamped;
                return ~snapped;
            case FillMode.Reflect:
                var along = Modulo(x + Vector256.Create(0.5), 2 * size);
                var nearer = Vector256.ConditionalSelect(Vector256.LessThan(along, Vector256.Create((double)size)), along,
                    Vector256.Create(2.0 * size) - along) - Vector256.Create(0.5);
                x = Vector256.ConditionalSelect(inside | snapped, clamped, Vector256.MinNative(Vector256.MaxNative(nearer, zero), last));
                return zero;
            case FillMode.Wrap:
                x = Vector256.ConditionalSelect(inside | snapped, clamped,
                    Vector256.MinNative(Vector256.MaxNative(Modulo(x, size - 1), zero), last));
                return zero;
            default:
                throw new ArgumentOutOfRangeException(nameof(fill), fill, "Affine: needs Nearest, Constant, Reflect or Wrap.");
        }
    }

    static double Modulo(double x, double period) => x - Math.Floor(x / period) * period;

    static Vector256<double> Modulo(Vector256<double> x, double period) =>
        x - Vector256.Floor(x / Vector256.Create(period)) * Vector256.Create(period);
}
