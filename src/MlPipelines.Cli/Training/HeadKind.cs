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
    /// <summary>The head that is learnt on a network; null where the network is trained itself.</summary>
    /// <param name="chosen">The head asked for; null for none.</param>
    /// <param name="freeze">What of the network is asked to stay as it is; null where nothing is said.</param>
    /// <param name="fineTuneEpochs">Epochs of the whole network; null where it is not to be trained so.</param>
    public static HeadKind? Learnt(HeadKind? chosen, FrozenPart? freeze, int? fineTuneEpochs) =>
        chosen ?? (fineTuneEpochs is null && freeze is null or { IsAll: true } ? HeadKind.Linear : null);

    /// <summary>The library's head.</summary>
    public static Head Create(this HeadKind kind) => kind switch
    {
        HeadKind.Linear => new LinearHead(),
        HeadKind.Perceptron => new MultilayerPerceptron(0.5f, 256),
        HeadKind.Neighbours => new NearestNeighbours(),
        HeadKind.Mean => new NearestClassMean(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The kind of a head by the library's name of it.</summary>
    public static HeadKind? Named(string head) => Enum.GetValues<HeadKind>().Cast<HeadKind?>()
        .FirstOrDefault(kind => kind!.Value.Create().GetType().Name == head);

    /// <summary>Whether it is learnt in steps, over epochs.</summary>
    public static bool HasEpochs(this HeadKind kind) => kind == HeadKind.Perceptron;
}
