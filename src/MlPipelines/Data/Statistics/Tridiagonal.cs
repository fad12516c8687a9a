using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>A symmetric matrix as Q·T·Qᵀ with T tridiagonal and Q a product of reflections.</summary>
/// <remarks>Source: Golub, Van Loan, Matrix Computations, 4th edition, §8.3.1. The change of one step and
/// the product of the next go over the matrix together.</remarks>
sealed class Tridiagonal
{
    const int Strip = 64, Small = 256;

    readonly double[] reflectors;
    readonly double[] factors;

    Tridiagonal(int size, double[] matrix)
    {
        (Size, reflectors, factors) = (size, matrix, new double[size]);
        (Diagonal, Subdiagonal) = (new double[size], new double[Math.Max(size - 1, 0)]);
    }

    public int Size { get; }
    public double[] Diagonal { get; }

    /// <summary>The elements next to the diagonal.</summary>
    public double[] Subdiagonal { get; }

    /// <param name="matrix">[size, size], row-major and symmetric; it is used up.</param>
    /// <param name="size">Rows and columns.</param>
    public static Tridiagonal Of(double[] matrix, int size)
    {
        var result = new Tridiagonal(size, matrix);
        double[] v = new double[size], w = new double[size], product = new double[size];
        for (var step = 0; step < size; step++)
            (v, w, product) = result.Reduce(step, v, w, product);
        return result;
    }

    /// <summary>Multiplies the rows of a [size, width] block by Qᵀ from the left.</summary>
    public void Reflect(double[] block, int width)
    {
        var sums = new double[width];
        for (var step = 0; step < Size - 2; step++)
        {
            if (factors[step] == 0)
                continue;
            var v = reflectors.AsSpan(step * Size, Size);
            Array.Clear(sums);
            for (var row = step + 1; row < Size; row++)
                Rows.AddScaled(sums, block.AsSpan(row * width, width), v[row]);
            for (var row = step + 1; row < Size; row++)
                Rows.AddScaled(block.AsSpan(row * width, width), sums, -factors[step] * v[row]);
        }
    }

    // The matrix lacks the change by (v, w) of the step before; v stays in its row, behind the diagonal.
    (double[], double[], double[]) Reduce(int step, double[] v, double[] w, double[] product)
    {
        var row = reflectors.AsSpan(step * Size, Size);
        Rows.Change(row[step..], v.AsSpan(step), w.AsSpan(step), v[step], w[step]);
        Diagonal[step] = row[step];
        if (step == Size - 1)
            return (v, w, product);
        var next = row[(step + 1)..];
        if (next[1..].ContainsAnyExcept(0.0))
        {
            var norm = Rows.Norm(next);
            // 2 / vᵀv, with the sign of the first element chosen so that nothing cancels.
            factors[step] = 1 / (norm * (norm + Math.Abs(next[0])));
            Subdiagonal[step] = next[0] > 0 ? -norm : norm;
            next[0] -= Subdiagonal[step];
        }
        else
        {
            Subdiagonal[step] = next[0];
            next.Clear();
        }
        var start = step + 1;
        // Small rests are done before other threads have woken up.
        var threads = new ParallelOptions { MaxDegreeOfParallelism = Size - start < Small ? 1 : Environment.ProcessorCount };
        Parallel.For(0, (Size - start + Strip - 1) / Strip, threads, strip =>
        {
            var reflector = reflectors.AsSpan(step * Size + start, Size - start);
            for (var i = start + strip * Strip; i < Math.Min(start + (strip + 1) * Strip, Size); i++)
                // A row belongs to one thread, and its sum is made in one order: bits depend on the width of vectors, not on threads.
                product[i] = Rows.ChangeAndDot(reflectors.AsSpan(i * Size + start, Size - start), v.AsSpan(start), w.AsSpan(start), v[i],
                    w[i], reflector);
        });
        row[start..].CopyTo(v.AsSpan(start));
        // v and w of this step are what the next one applies: three arrays change places, none is made.
        Array.Clear(v, 0, start);
        var factor = factors[step];
        var half = factor * factor / 2 * Rows.Dot(v.AsSpan(start), product.AsSpan(start));
        for (var i = start; i < Size; i++)
            product[i] = factor * product[i] - half * v[i];
        return (v, product, w);
    }

    /// <summary>What is done to rows of doubles.</summary>
    static class Rows
    {
        public static void AddScaled(Span<double> row, ReadOnlySpan<double> other, double factor)
        {
            var to = MemoryMarshal.Cast<double, Vector<double>>(row);
            var from = MemoryMarshal.Cast<double, Vector<double>>(other)[..to.Length];
            var scale = new Vector<double>(factor);
            for (var i = 0; i < to.Length; i++)
                to[i] = Vector.FusedMultiplyAdd(from[i], scale, to[i]);
            for (var i = to.Length * Vector<double>.Count; i < row.Length; i++)
                row[i] += other[i] * factor;
        }

        /// <summary>row −= vᵢ·w + wᵢ·v.</summary>
        public static void Change(Span<double> row, ReadOnlySpan<double> v, ReadOnlySpan<double> w, double vi, double wi)
        {
            AddScaled(row, w, -vi);
            AddScaled(row, v, -wi);
        }

        /// <summary>row −= vᵢ·w + wᵢ·v, and then row · x.</summary>
        public static double ChangeAndDot(Span<double> row, ReadOnlySpan<double> v, ReadOnlySpan<double> w, double vi, double wi,
            ReadOnlySpan<double> x)
        {
            var to = MemoryMarshal.Cast<double, Vector<double>>(row);
            var vs = MemoryMarshal.Cast<double, Vector<double>>(v)[..to.Length];
            var ws = MemoryMarshal.Cast<double, Vector<double>>(w)[..to.Length];
            var xs = MemoryMarshal.Cast<double, Vector<double>>(x)[..to.Length];
            Vector<double> minusV = new(-vi), minusW = new(-wi), even = default, odd = default;
            var i = 0;
            for (; i < to.Length - 1; i += 2)
            {
                to[i] = Vector.FusedMultiplyAdd(minusV, ws[i], Vector.FusedMultiplyAdd(minusW, vs[i], to[i]));
                to[i + 1] = Vector.FusedMultiplyAdd(minusV, ws[i + 1], Vector.FusedMultiplyAdd(minusW, vs[i + 1], to[i + 1]));
                even = Vector.FusedMultiplyAdd(to[i], xs[i], even);
                odd = Vector.FusedMultiplyAdd(to[i + 1], xs[i + 1], odd);
            }
            if (i < to.Length)
            {
                to[i] = Vector.FusedMultiplyAdd(minusV, ws[i], Vector.FusedMultiplyAdd(minusW, vs[i], to[i]));
                even = Vector.FusedMultiplyAdd(to[i], xs[i], even);
            }
            var sum = Vector.Sum(even + odd);
            for (i = to.Length * Vector<double>.Count; i < row.Length; i++)
            {
                row[i] -= vi * w[i] + wi * v[i];
                sum += row[i] * x[i];
            }
            return sum;
        }

        public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            var sum = 0.0;
            for (var i = 0; i < x.Length; i++)
                sum += x[i] * y[i];
            return sum;
        }

        // Scaled, so that squares neither overflow nor vanish.
        public static double Norm(ReadOnlySpan<double> x)
        {
            var (most, sum) = (0.0, 0.0);
            foreach (var value in x)
                most = Math.Max(most, Math.Abs(value));
            if (most == 0)
                return 0;
            foreach (var value in x)
                sum += value / most * (value / most);
            return most * Math.Sqrt(sum);
        }
    }
}
