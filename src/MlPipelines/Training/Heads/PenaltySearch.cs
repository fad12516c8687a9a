using System.Globalization;

namespace MlPipelines;

/// <summary>Chooses the penalty of weighted sums by the loss of samples held out, from the strongest penalty on, each start being the
/// optimum under the one before.</summary>
/// <param name="objective">The loss.</param>
/// <param name="features">The samples.</param>
/// <param name="means">Of the features.</param>
/// <param name="around">Who is told of the choice.</param>
/// <remarks>Penalties are fractions of the features' total variance, so that the scale of the features does not matter. Samples of each
/// class take turns in the folds, all versions of one image in the same. Source: Friedman, Hastie, Tibshirani 2010 (paths with warm
/// starts).</remarks>
sealed class PenaltySearch(Objective objective, FeatureTable features, float[] means, FitSurroundings around)
{
    const int Folds = 5, MostIterations = 100, Patience = 2;
    const double Tolerance = 1e-4;

    /// <summary>From so many samples on, one fold is held out and not each in turn: it is large enough to judge by.</summary>
    const int Many = 20_000;

    static readonly double[] fractions = [10, 3, 1, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-4];

    /// <summary>The penalty with the smallest loss of samples held out.</summary>
    /// <param name="start">Weights to start from.</param>
    public double Best(double[] start)
    {
        var (folds, variance) = (FoldsOf(features), Variance());
        var held = features.Count >= Many ? 1 : Folds;
        var points = Enumerable.Repeat(start, held).ToArray();
        var (best, least, worse) = (0.0, double.PositiveInfinity, 0);
        foreach (var fraction in fractions)
        {
            objective.Penalty = fraction * variance;
            var sum = 0.0;
            for (var fold = 0; fold < held; fold++)
                sum += HeldOut(ref points[fold], folds, fold);
            (best, least, worse) = sum < least ? (objective.Penalty, sum, 0) : (best, least, worse + 1);
            if (worse == Patience)
                break;
        }
        objective.Weigh(features.WeightOf);
        around.Say(string.Create(CultureInfo.InvariantCulture,
            $"L2Regularization {best:g3} chosen by {(held == 1 ? "a part held out" : $"{held} folds")}."));
        return best;
    }

    double HeldOut(ref double[] point, int[] folds, int fold)
    {
        objective.Weigh(sample => folds[sample] == fold ? 0 : features.WeightOf(sample));
        point = new Lbfgs(Tolerance, MostIterations).Minimum(point, (x, gradient) =>
        {
            around.Cancellation.ThrowIfCancellationRequested();
            return objective.At(x, gradient);
        });
        objective.Weigh(sample => folds[sample] == fold ? features.WeightOf(sample) : 0);
        return objective.LossAt(point);
    }

    static int[] FoldsOf(FeatureTable features)
    {
        var (seen, placeOf) = (new int[features.Classes], new Dictionary<long, int>());
        return [.. features.Samples.Select(sample =>
        {
            if (!placeOf.TryGetValue(sample.Id, out var fold))
                placeOf[sample.Id] = fold = seen[sample.Label]++ % Folds;
            return fold;
        })];
    }

    double Variance()
    {
        var sum = 0.0;
        for (var sample = 0; sample < features.Count; sample++)
        {
            var numbers = features.FeaturesOf(sample);
            for (var i = 0; i < means.Length; i++)
                sum += Math.Pow(numbers[i] - means[i], 2);
        }
        return Math.Max(sum / features.Count, double.Epsilon);
    }
}
