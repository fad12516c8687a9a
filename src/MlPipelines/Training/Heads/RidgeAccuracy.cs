namespace MlPipelines;

/// <summary>How well a linear head tells classes apart, cross-validated by leaving each sample out in turn, in closed form.</summary>
/// <remarks>
/// The head is a ridge regression on one-hot targets, of which the error of a sample that was left out is αᵢ / Gᵢᵢ with G = (K + λ·1)⁻¹ and
/// α = G·Y; one decomposition of K serves all λ. Source: Rifkin and Lippert 2007, "Notes on Regularized Least Squares".
/// </remarks>
static class RidgeAccuracy
{
    /// <summary>Penalties that are tried, in units of the features' mean square.</summary>
    static readonly double[] penalties = [1e-3, 1e-2, 1e-1, 1, 10];

    /// <summary>Whether each sample is right when it is left out, with the penalty by which the most are; none is where features are no
    /// finite numbers or all alike.</summary>
    /// <param name="features">Features of each sample, all of one length.</param>
    /// <param name="labels">Number of each sample's class, from 0.</param>
    /// <param name="classes">Number of classes.</param>
    public static bool[] Right(float[][] features, int[] labels, int classes)
    {
        var count = features.Length;
        var kernel = Kernel(features);
        var scale = Enumerable.Range(0, count).Sum(i => kernel[i * count + i]) / count;
        if (!double.IsFinite(scale) || scale <= 0)
            return new bool[count];
        // The 1 is the product of two biases. Taking the mean of the targets away instead would tell each sample's own.
        var eigen = SymmetricEigen.Of(Array.ConvertAll(kernel, value => value / scale + 1), count);
        var targets = Targets(labels, classes);
        return penalties.Select(penalty => Right(eigen, targets, labels, classes, penalty)).MaxBy(right => right.Count(one => one))!;
    }

    // Products of the features less their means.
    static double[] Kernel(float[][] features)
    {
        var (count, length) = (features.Length, features[0].Length);
        var centred = features.Select(row => Array.ConvertAll(row, number => (double)number)).ToArray();
        for (var j = 0; j < length; j++)
        {
            var mean = centred.Average(row => row[j]);
            foreach (var row in centred)
                row[j] -= mean;
        }
        var kernel = new double[count * count];
        Parallel.For(0, count, i =>
        {
            for (var k = 0; k <= i; k++)
                kernel[i * count + k] = kernel[k * count + i] = Dot(centred[i], centred[k]);
        });
        return kernel;
    }

    static double[][] Targets(int[] labels, int classes) =>
        [.. Enumerable.Range(0, classes).Select(kind => Array.ConvertAll(labels, label => label == kind ? 1.0 : 0))];

    static bool[] Right(SymmetricEigen eigen, double[][] targets, int[] labels, int classes, double penalty)
    {
        var count = labels.Length;
        var inverse = Array.ConvertAll(eigen.Values, value => 1 / (Math.Max(value, 0) + penalty));
        var diagonal = new double[count];
        var weights = new double[classes][];
        for (var kind = 0; kind < classes; kind++)
            weights[kind] = new double[count];
        for (var k = 0; k < count; k++)
        {
            var vector = eigen.Vectors.AsSpan(k * count, count);
            for (var i = 0; i < count; i++)
                diagonal[i] += vector[i] * vector[i] * inverse[k];
            for (var kind = 0; kind < classes; kind++)
            {
                var along = Dot(vector, targets[kind]) * inverse[k];
                for (var i = 0; i < count; i++)
                    weights[kind][i] += along * vector[i];
            }
        }
        return [.. Enumerable.Range(0, count).Select(i => labels[i]
            == Enumerable.Range(0, classes).MaxBy(kind => targets[kind][i] - weights[kind][i] / diagonal[i]))];
    }

    static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
