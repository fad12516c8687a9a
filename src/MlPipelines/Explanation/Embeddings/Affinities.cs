using System.Numerics;

namespace MlPipelines;

/// <summary>How much vectors belong together: of each the nearest ones, with shares that sum to 1 over all pairs.</summary>
/// <param name="Starts">Of each vector the place of its first neighbour; one more for the end.</param>
/// <param name="Neighbours">Numbers of the neighbours.</param>
/// <param name="Shares">As many; a pair has the same share from both sides.</param>
sealed record Affinities(int[] Starts, int[] Neighbours, double[] Shares)
{
    /// <param name="vectors">All of one length.</param>
    /// <param name="perplexity">Two to the entropy of a vector's shares.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Affinities Of(IReadOnlyList<float[]> vectors, double perplexity, CancellationToken cancellation)
    {
        var count = vectors.Count;
        var near = Math.Min(count - 1, (int)(3 * perplexity + 1));
        var (neighbours, shares) = (new int[count][], new double[count][]);
        var squares = vectors.Select(vector => Dot(vector, vector)).ToArray();
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, () => (new float[count], new int[count]),
            (i, _, own) =>
        {
            var (distances, order) = own;
            for (var j = 0; j < count; j++)
                (distances[j],
                    order[j]) = (j == i ? float.PositiveInfinity : Math.Max(squares[i] + squares[j] - 2 * Dot(vectors[i], vectors[j]), 0),
                    j);
            SelectNearest(distances, order, near);
            neighbours[i] = order[..near];
            shares[i] = SharesOf(distances.AsSpan(0, near), perplexity);
            return own;
        }, _ => { });
        return Symmetric(neighbours, shares);
    }

    static float Dot(float[] one, float[] other)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= one.Length - Vector<float>.Count; i += Vector<float>.Count)
            sum += new Vector<float>(one, i) * new Vector<float>(other, i);
        var rest = Vector.Sum(sum);
        for (; i < one.Length; i++)
            rest += one[i] * other[i];
        return rest;
    }

    // Brings the nearest ones to the front, in the order of their distances.
    static void SelectNearest(float[] distances, int[] order, int near)
    {
        var (low, high) = (0, distances.Length - 1);
        while (low < high)
        {
            var pivot = distances[(low + high) / 2];
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (distances[left] < pivot)
                    left++;
                while (distances[right] > pivot)
                    right--;
                if (left > right)
                    break;
                (distances[left], distances[right]) = (distances[right], distances[left]);
                (order[left], order[right]) = (order[right], order[left]);
                left++;
                right--;
            }
            if (near - 1 <= right)
                high = right;
            else if (near - 1 >= left)
                low = left;
            else
                break;
        }
        Array.Sort(distances, order, 0, near);
    }

    // The width of the bell by halving, until the entropy is that of the perplexity.
    static double[] SharesOf(ReadOnlySpan<float> distances, double perplexity)
    {
        const int most = 100;
        const double tolerance = 1e-5;
        var (wanted, beta, least, greatest) = (Math.Log(perplexity), 1.0, 0.0, double.PositiveInfinity);
        var shares = new double[distances.Length];
        // Distances from the nearest one, so that the sum does not vanish.
        var nearest = distances[0];
        for (var step = 0; step < most; step++)
        {
            var (sum, weighted) = (0.0, 0.0);
            for (var j = 0; j < shares.Length; j++)
            {
                var distance = (double)distances[j] - nearest;
                sum += shares[j] = Math.Exp(-distance * beta);
                weighted += distance * shares[j];
            }
            var entropy = Math.Log(sum) + beta * weighted / sum;
            for (var j = 0; j < shares.Length; j++)
                shares[j] /= sum;
            if (Math.Abs(entropy - wanted) <= tolerance)
                break;
            if (entropy > wanted)
                (least, beta) = (beta, double.IsInfinity(greatest) ? beta * 2 : (beta + greatest) / 2);
            else
                (greatest, beta) = (beta, (beta + least) / 2);
        }
        return shares;
    }

    // Half of each pair's share from either side.
    static Affinities Symmetric(int[][] neighbours, double[][] shares)
    {
        var count = neighbours.Length;
        var rows = Enumerable.Range(0, count).Select(_ => new List<(int Other, double Share)>()).ToArray();
        for (var i = 0; i < count; i++)
            foreach (var (j, share) in neighbours[i].Zip(shares[i]))
            {
                rows[i].Add((j, share / (2 * count)));
                rows[j].Add((i, share / (2 * count)));
            }
        var merged = new (int Other, double Share)[count][];
        // In the order of their numbers; a pair that are each other's neighbours comes twice.
        Parallel.For(0, count, i => merged[i] =
            [.. rows[i].GroupBy(pair => pair.Other).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Sum(one => one.Share)))]);
        var starts = new int[count + 1];
        for (var i = 0; i < count; i++)
            starts[i + 1] = starts[i] + merged[i].Length;
        return new(starts, [.. merged.SelectMany(row => row.Select(pair => pair.Other))],
            [.. merged.SelectMany(row => row.Select(pair => pair.Share))]);
    }
}
