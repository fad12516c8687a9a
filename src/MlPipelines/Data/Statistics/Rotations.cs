using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>Rotations of neighbouring rows, in sweeps downwards, that make a symmetric tridiagonal matrix diagonal.</summary>
/// <remarks>Source: implicit QR with Wilkinson's shift, Golub, Van Loan, Matrix Computations, 4th edition, §8.3.3–8.3.5.</remarks>
sealed class Rotations
{
    const double Unit = 2.3e-16;
    const int MostSweepsEach = 60;

    readonly List<(int First, (double Cosine, double Sine)[] Turns)> sweeps = [];

    /// <param name="diagonal">Becomes the eigenvalues, in no order.</param>
    /// <param name="beside">The elements next to the diagonal; they become 0.</param>
    /// <exception cref="InvalidOperationException">The matrix holds numbers that are not finite.</exception>
    public Rotations(double[] diagonal, double[] beside)
    {
        if (diagonal.Concat(beside).FirstOrDefault(number => !double.IsFinite(number), 0) is not 0)
            throw new InvalidOperationException(
                "Eigenvalues: the matrix holds numbers that are not finite. Check the data that it was made of.");
        // So that small elements beside zeros of the diagonal count as 0 too.
        var floor = Unit * Unit * diagonal.Concat(beside).Select(Math.Abs).Max();
        for (var last = diagonal.Length - 1; last > 0;)
        {
            var first = last;
            while (first > 0 && Math.Abs(beside[first - 1]) > Unit * (Math.Abs(diagonal[first - 1]) + Math.Abs(diagonal[first])) + floor)
                first--;
            if (first > 0)
                beside[first - 1] = 0;
            if (first == last)
                last--;
            else if (sweeps.Count > MostSweepsEach * diagonal.Length)
                throw new InvalidOperationException(
                    $"Eigenvalues: not found within {sweeps.Count} sweeps for a matrix of {diagonal.Length}.");
            else
                sweeps.Add((first, Sweep(diagonal, beside, first, last)));
        }
    }

    /// <summary>Turns the rows of a [size, width] block as the sweeps did.</summary>
    public void Apply(double[] block, int width)
    {
        foreach (var (first, turns) in sweeps)
            for (var i = 0; i < turns.Length; i++)
                Apply(block.AsSpan((first + i) * width, width), block.AsSpan((first + i + 1) * width, width), turns[i].Cosine,
                    turns[i].Sine);
    }

    static void Apply(Span<double> upper, Span<double> lower, double cosine, double sine)
    {
        var ups = MemoryMarshal.Cast<double, Vector<double>>(upper);
        var lows = MemoryMarshal.Cast<double, Vector<double>>(lower)[..ups.Length];
        Vector<double> c = new(cosine), s = new(sine);
        for (var i = 0; i < ups.Length; i++)
        {
            var (up, low) = (ups[i], lows[i]);
            ups[i] = Vector.FusedMultiplyAdd(c, up, s * low);
            lows[i] = Vector.FusedMultiplyAdd(c, low, -s * up);
        }
        for (var i = ups.Length * Vector<double>.Count; i < upper.Length; i++)
            (upper[i], lower[i]) = (cosine * upper[i] + sine * lower[i], cosine * lower[i] - sine * upper[i]);
    }

    static (double, double)[] Sweep(double[] d, double[] e, int first, int last)
    {
        var turns = new (double, double)[last - first];
        var half = (d[last - 1] - d[last]) / 2;
        // Wilkinson's: the eigenvalue of the last 2×2 block that is nearer to its last element, in a form without cancellation.
        var shift = d[last] - e[last - 1] / (half + Math.CopySign(double.Hypot(half, e[last - 1]), half)) * e[last - 1];
        var (x, bulge) = (d[first] - shift, e[first]);
        for (var k = first; k < last; k++)
        {
            // Each rotation takes away the element outside the three diagonals, and brings up the next, a row further down.
            var length = double.Hypot(x, bulge);
            var (c, s) = length == 0 ? (1.0, 0.0) : (x / length, bulge / length);
            turns[k - first] = (c, s);
            if (k > first)
                e[k - 1] = length;
            var change = s * (d[k + 1] - d[k]) + 2 * c * e[k];
            (d[k], d[k + 1], e[k]) = (d[k] + s * change, d[k + 1] - s * change, c * change - e[k]);
            if (k < last - 1)
                (x, bulge, e[k + 1]) = (e[k], s * e[k + 1], c * e[k + 1]);
        }
        return turns;
    }
}
