
namespace MlPipelines.Cli;

/// <summary>The heads that --head names.</summary>
enum HeadKind
{
    Linear,
    Perceptron,
    Neighbours,
    Mean,
}

/// <summary>Heads by their names.</summary>
static class HeadKinds
{
    /// <summary>The library's head.</summary>
    public static Head Create(this HeadKind kind) => kind switch
    {
        HeadKind.Linear => new LinearHead(),
        HeadKind.Perceptron => new MultilayerPerceptron(0.5f, 256),
        HeadKind.Neighbours => new NearestNeighbours(),
        HeadKind.Mean => new NearestClassMean(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Whether it is learnt in steps, over epochs.</summary>
    public static bool HasEpochs(this HeadKind kind) => kind == HeadKind.Perceptron;
}
