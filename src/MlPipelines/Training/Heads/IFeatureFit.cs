using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>What lies behind the features, learnt.</summary>
/// <param name="Network">The network with it.</param>
/// <param name="L2Regularization">The penalty of its weights, given or chosen; null where it has none.</param>
sealed record FittedHead(Graph Network, double? L2Regularization = null);

/// <summary>Learns what lies behind the features from all of them at once.</summary>
interface IFeatureFit
{
    /// <summary>The network with what was learnt; <paramref name="around"/> is told where that is not all there was to learn.</summary>
    FittedHead Of(Graph network, FeatureTable features, CategoricalCrossEntropy loss, FitSurroundings around);
}
