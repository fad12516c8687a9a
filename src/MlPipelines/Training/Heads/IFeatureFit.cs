using MlPipelines.Graphs;

namespace MlPipelines;

/// <summary>Learns what lies behind the features from all of them at once.</summary>
interface IFeatureFit
{
    /// <summary>The network with what was learnt; <paramref name="around"/> is told where that is not all there was to learn.</summary>
    Graph Of(Graph network, FeatureTable features, CategoricalCrossEntropy loss, FitSurroundings around);
}
