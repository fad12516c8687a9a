using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Learns weighted sums by the loss of all samples at once, with its penalty, to the optimum.</summary>
/// <param name="penalty">Times half the squares of the weights that are no biases; null to choose it by cross-validation.</param>
/// <param name="tolerance">Ends where no element of the mean gradient is larger.</param>
/// <param name="iterations">Ends there at the latest.</param>
/// <remarks>It learns from features less their means, which the biases, free of the penalty, make up for:
/// the optimum is the same and found in fewer steps.</remarks>
sealed class WholeBatchFit(float? penalty, float tolerance, int iterations) : IFeatureFit
{
    public FittedHead Of(Graph network, FeatureTable features, CategoricalCrossEntropy loss, FitSurroundings around)
    {
        var means = Means(features);
        using var objective = new Objective(network, features, means, loss, around.Session);
        var values = objective.Start();
        Shift(values, objective.Parameters, means, 1);
        double[] start = [.. values.SelectMany(numbers => numbers)];
        objective.Penalty = penalty ?? new PenaltySearch(objective, features, means, around).Best(start);
        var search = new Lbfgs(tolerance, iterations);
        var found = search.Minimum(start, (x, gradient) =>
        {
            around.Cancellation.ThrowIfCancellationRequested();
            return objective.At(x, gradient);
        });
        if (search.IsCut)
            around.Warn($"LinearHead: the optimum was not reached in {iterations} iterations. Raise MaximumNumberOfIterations or "
                + "L2Regularization.");
        var place = 0;
        foreach (var numbers in values)
        {
            found.AsSpan(place, numbers.Length).CopyTo(numbers);
            place += numbers.Length;
        }
        Shift(values, objective.Parameters, means, -1);
        return new(network.WithParameters(parameter => Array.IndexOf(objective.Parameters, parameter) is >= 0 and var i
            ? Tensor.Of<float>(parameter.Shape, Array.ConvertAll(values[i], number => (float)number)) : null), objective.Penalty);
    }

    static float[] Means(FeatureTable features)
    {
        var sums = new double[features.FeaturesOf(0).Length];
        for (var sample = 0; sample < features.Count; sample++)
        {
            var numbers = features.FeaturesOf(sample);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += numbers[i];
        }
        return Array.ConvertAll(sums, sum => (float)(sum / features.Count));
    }

    static void Shift(double[][] values, Value[] parameters, float[] means, int sign)
    {
        var kernel = values[Array.FindIndex(parameters, parameter => parameter.Shape.Rank > 1)];
        var bias = values[Array.FindIndex(parameters, parameter => parameter.Shape.Rank == 1)];
        for (var unit = 0; unit < bias.Length; unit++)
            for (var i = 0; i < means.Length; i++)
                // w·x + b = w·(x − mean) + (b + w·mean), with a sign for either direction.
                bias[unit] += sign * kernel[unit * means.Length + i] * means[i];
    }
}
