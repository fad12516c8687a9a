using System.Numerics;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>Σ x·xᵀ over vectors, in double, tile by tile of the upper triangle. The order of the sums follows from the vectors alone, not
/// from the number of threads.</summary>
sealed class OuterProducts
{
    const int Side = 64, Rows = 4;

    readonly int length, panels;
    readonly double[]?[] tiles;

    /// <param name="length">Of the vectors.</param>
    public OuterProducts(int length)
    {
        (this.length, panels) = (Check.AtLeast(length, 1), (length + Side - 1) / Side);
        tiles = new double[panels * panels][];
    }

    /// <summary>Adds the product of each vector with itself; a block of a few hundred vectors at once is quickest.</summary>
    public void Add(IReadOnlyList<double[]> vectors)
    {
        var packed = new double[panels][];
        Parallel.For(0, panels, panel => packed[panel] = Pack(vectors, panel * Side));
        Parallel.For(0, panels * panels, place =>
        {
            var (down, across) = Math.DivRem(place, panels);
            if (down <= across)
                AddTile(packed[down], packed[across], tiles[place] ??= new double[Side * Side], vectors.Count);
        });
    }

    /// <summary>The sum, [length, length], row-major.</summary>
    public double[] ToMatrix()
    {
        var matrix = new double[length * length];
        Parallel.For(0, length, row =>
        {
            for (var column = 0; column < length; column++)
            {
                var (upper, lower) = row / Side <= column / Side ? (row, column) : (column, row);
                matrix[row * length + column] = tiles[upper / Side * panels + lower / Side]?[upper % Side * Side + lower % Side] ?? 0;
            }
        });
        return matrix;
    }

    double[] Pack(IReadOnlyList<double[]> vectors, int start)
    {
        var panel = new double[vectors.Count * Side];
        var width = Math.Min(Side, length - start);
        for (var i = 0; i < vectors.Count; i++)
            vectors[i].AsSpan(start, width).CopyTo(panel.AsSpan(i * Side));
        return panel;
    }

    static void AddTile(double[] left, double[] right, double[] tile, int count)
    {
        var step = 2 * Vector<double>.Count;
        for (var row = 0; row < Side; row += Rows)
            for (var column = 0; column < Side; column += step)
                AddBlock(left, right, tile, row, column, count);
    }

    static void AddBlock(double[] left, double[] right, double[] tile, int row, int column, int count)
    {
        Vector<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        // Each element is one chain of sums over the vectors in their order, whatever the width of Vector<double>; the tile takes it whole.
        for (var i = 0; i < count; i++)
        {
            var vectors = MemoryMarshal.Cast<double, Vector<double>>(right.AsSpan(i * Side + column, 2 * Vector<double>.Count));
            var (x0, x1) = (vectors[0], vectors[1]);
            var factors = left.AsSpan(i * Side + row, Rows);
            Vector<double> a = new(factors[0]), b = new(factors[1]), c = new(factors[2]), d = new(factors[3]);
            a0 = Vector.FusedMultiplyAdd(a, x0, a0);
            a1 = Vector.FusedMultiplyAdd(a, x1, a1);
            b0 = Vector.FusedMultiplyAdd(b, x0, b0);
            b1 = Vector.FusedMultiplyAdd(b, x1, b1);
            c0 = Vector.FusedMultiplyAdd(c, x0, c0);
            c1 = Vector.FusedMultiplyAdd(c, x1, c1);
            d0 = Vector.FusedMultiplyAdd(d, x0, d0);
            d1 = Vector.FusedMultiplyAdd(d, x1, d1);
        }
        Store(tile, row, column, a0, a1);
        Store(tile, row + 1, column, b0, b1);
        Store(tile, row + 2, column, c0, c1);
        Store(tile, row + 3, column, d0, d1);
    }

    static void Store(double[] tile, int row, int column, Vector<double> first, Vector<double> second)
    {
        var target = MemoryMarshal.Cast<double, Vector<double>>(tile.AsSpan(row * Side + column, 2 * Vector<double>.Count));
        target[0] += first;
        target[1] += second;
    }
}
