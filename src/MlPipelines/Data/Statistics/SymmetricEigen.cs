namespace MlPipelines;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix: A = Σ λₖ·vₖ·vₖᵀ.</summary>
/// <param name="Values">λ, from the largest to the smallest.</param>
/// <param name="Vectors">The vectors, one after the other, each of length 1 and at right angles to all others.</param>
sealed record SymmetricEigen(double[] Values, double[] Vectors)
{
    const int Strip = 32;

    /// <param name="matrix">[size, size], row-major and symmetric.</param>
    /// <param name="size">Rows and columns.</param>
    public static SymmetricEigen Of(ReadOnlySpan<double> matrix, int size)
    {
        var reduced = Tridiagonal.Of(matrix.ToArray(), size);
        var rotations = new Rotations(reduced.Diagonal, reduced.Subdiagonal);
        var order = Enumerable.Range(0, size).OrderByDescending(i => reduced.Diagonal[i]).ToArray();
        var vectors = new double[size * size];
        Parallel.For(0, (size + Strip - 1) / Strip, strip =>
        {
            // Columns of the unit matrix, through all reflections and rotations while they lie in the cache.
            var (start, width) = (strip * Strip, Math.Min(Strip, size - strip * Strip));
            var block = new double[size * width];
            for (var i = 0; i < width; i++)
                block[(start + i) * width + i] = 1;
            // Qᵀ and then the rotations: row i of the product is the eigenvector of value i. A strip's columns depend on no other strip.
            reduced.Reflect(block, width);
            rotations.Apply(block, width);
            for (var i = 0; i < size; i++)
                block.AsSpan(order[i] * width, width).CopyTo(vectors.AsSpan(i * size + start));
        });
        return new([.. order.Select(i => reduced.Diagonal[i])], vectors);
    }

    /// <summary>Σ f(λₖ)·vₖ·vₖᵀ, [size, size], for a function that is never negative.</summary>
    /// <param name="function">Of the place of the eigenvalue, from 0, and the eigenvalue.</param>
    public double[] Map(Func<int, double, double> function)
    {
        const int block = 256;
        var size = Values.Length;
        var sum = new OuterProducts(size);
        for (var start = 0; start < size; start += block)
            sum.Add([.. Enumerable.Range(start, Math.Min(block, size - start)).Select(k =>
            {
                var root = Math.Sqrt(function(k, Values[k]));
                return Array.ConvertAll(Vectors[(k * size)..((k + 1) * size)], value => root * value);
            })]);
        return sum.ToMatrix();
    }
}
