namespace MlPipelines;

/// <summary>Mean and covariance of vectors, from one pass in double; memory is that of the matrix and a block of vectors.</summary>
/// <remarks>Each block is taken about its own mean and then joined to those before it. Source: Chan, Golub, LeVeque 1979.</remarks>
sealed class Covariance(int length)
{
    /// <summary>Vectors that are best added at once.</summary>
    public const int Block = 256;

    readonly OuterProducts scatter = new(length);

    /// <summary>Number of vectors.</summary>
    public long Count { get; private set; }

    /// <summary>Mean of each element.</summary>
    public double[] Mean { get; } = new double[length];

    /// <summary>Adds vectors, all in the same order as before for the same bits.</summary>
    public void Add(IReadOnlyList<float[]> vectors)
    {
        if (vectors.Count == 0)
            return;
        var mean = new double[length];
        foreach (var vector in vectors)
            for (var i = 0; i < length; i++)
                mean[i] += vector[i];
        for (var i = 0; i < length; i++)
            mean[i] /= vectors.Count;
        var rows = vectors.Select(vector => Departures(vector, mean)).ToList();
        var (before, now) = (Count, Count + vectors.Count);
        // What joins two blocks: n·m / (n + m) times the outer product of the difference of their means, as one more row.
        var weight = Math.Sqrt((double)before * vectors.Count / now);
        rows.Add([.. mean.Select((value, i) => weight * (value - Mean[i]))]);
        scatter.Add(rows);
        for (var i = 0; i < length; i++)
            Mean[i] += (mean[i] - Mean[i]) * vectors.Count / now;
        Count = now;
    }

    /// <summary>Mean product of departures from <paramref name="centre"/>, [length, length]; about <see cref="Mean"/> it is the covariance
    /// of the vectors themselves.</summary>
    public double[] About(ReadOnlySpan<double> centre)
    {
        var matrix = scatter.ToMatrix();
        for (var row = 0; row < length; row++)
            for (var column = 0; column < length; column++)
            {
                ref var element = ref matrix[row * length + column];
                element = element / Count + (Mean[row] - centre[row]) * (Mean[column] - centre[column]);
            }
        return matrix;
    }

    static double[] Departures(float[] vector, double[] mean)
    {
        var row = new double[vector.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = vector[i] - mean[i];
        return row;
    }
}
