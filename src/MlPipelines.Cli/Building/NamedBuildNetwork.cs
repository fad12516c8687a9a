namespace MlPipelines.Cli;

/// <summary>A network that the command line names for a build.</summary>
/// <param name="Asked">What --network of 'mlpipe train' takes for it.</param>
/// <param name="Network">The network with its preprocessing.</param>
sealed record NamedBuildNetwork(string Asked, BuildNetwork Network)
{
    /// <summary>Reads it; where what it wants done with pixels is not known, the presets are tried, as for a training.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no network for images.</exception>
    public static NamedBuildNetwork Read(Terminal terminal, MLContext ml, TrainingSettings settings, TrainingImages sets)
    {
        var pipeline = TrainingPipeline.Of(terminal, ml, settings with { Resizing = settings.Resizing ?? ResizingText.Default },
            sets.Learnt).Prepared(terminal, sets.Divide(ml, learnsAtOnce: true).TrainSet);
        var named = pipeline.Named!;
        return new(named.Asked, new(named.Model?.Name ?? Path.GetFileNameWithoutExtension(named.Path), named.Network));
    }
}
