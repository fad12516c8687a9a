using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>The classes of the training images whose features are nearest, each with its share of their votes. Nothing is iterated; more
/// images are added by a warm start.</summary>
/// <param name="Neighbours">How many vote, at most as many as there are training images.</param>
/// <param name="Metric">What near means.</param>
/// <param name="Weighting">How votes count.</param>
/// <remarks>
/// features x [N,F] → scores [N,classes]: the share of each class in the votes, and 1e-15 for a class without any. Of images equally near,
/// and of classes with equal votes, the first counts.
/// The model holds the features of all M training images, 4·M·(F + 2) bytes; scoring a batch takes 4·N·M bytes.
/// A warm start keeps the images of the earlier model and adds those of the data whose features and class are not among them, bit for bit.
/// Samples and classes may be weighted, which multiplies their votes. Source: Cover and Hart 1967; Dudani 1976 for the weighting by
/// distance; both as scikit-learn's KNeighborsClassifier.
/// </remarks>
public sealed record NearestNeighbours(int Neighbours = 5, NeighbourMetric Metric = NeighbourMetric.Cosine,
    NeighbourWeighting Weighting = NeighbourWeighting.Uniform) : Head
{
    /// <inheritdoc cref="NearestNeighbours" path="/param[@name='Neighbours']"/>
    public int Neighbours { get; } = Check.AtLeast(Neighbours, 1);

    /// <inheritdoc/>
    public override IEnumerable<Layer> Layers(int classes) => [new NeighbourVotes(classes, Neighbours, Metric, Weighting)];

    internal override IFeatureFit Fit => new NeighbourFit(Neighbours);
}

/// <summary>What near means.</summary>
public enum NeighbourMetric
{
    /// <summary>1 − cosine of the angle between the features: their lengths do not count. Features that are all 0 have no direction and are
    /// at 1/2 of all others.</summary>
    Cosine,
    /// <summary>Length of the difference.</summary>
    Euclidean,
}

/// <summary>How the votes of neighbours count.</summary>
public enum NeighbourWeighting
{
    /// <summary>All the same.</summary>
    Uniform,
    /// <summary>By 1 / distance; where some are at no distance (below 1e-12), these alone.</summary>
    Distance,
}
