namespace MlPipelines;

/// <summary>The directions in which vectors differ the most.</summary>
static class PrincipalComponents
{
    /// <summary>Each vector along the first directions, its mean taken away.</summary>
    public static float[][] Of(IReadOnlyList<float[]> vectors, int count)
    {
        var length = vectors[0].Length;
        var covariance = new Covariance(length);
        foreach (var block in vectors.Chunk(Covariance.Block))
            covariance.Add(block);
        var axes = SymmetricEigen.Of(covariance.About(covariance.Mean), length).Vectors;
        var result = new float[vectors.Count][];
        Parallel.For(0, result.Length, i =>
        {
            var along = new float[Math.Min(count, length)];
            for (var axis = 0; axis < along.Length; axis++)
            {
                var sum = 0.0;
                for (var j = 0; j < length; j++)
                    sum += (vectors[i][j] - covariance.Mean[j]) * axes[axis * length + j];
                along[axis] = (float)sum;
            }
            result[i] = along;
        });
        return result;
    }
}
