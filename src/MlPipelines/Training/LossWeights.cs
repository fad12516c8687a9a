using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>The factors that the losses of the classes are multiplied with.</summary>
static class LossWeights
{
    /// <summary>Those that are asked for, or that make up for what there are more of; empty for none.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than classes, one is negative or no number,
    /// or both kinds are asked for.</exception>
    public static ImmutableArray<float> Of(TrainingData data, SampleOptions options, TrainingRun run)
    {
        var given = options.ClassWeights.IsDefault ? [] : options.ClassWeights;
        if (!given.IsEmpty && given.Length != data.Labels.Length)
            throw new ArgumentException($"ClassWeights: got {given.Length} weights, the network has {data.Labels.Length} classes.");
        foreach (var (number, weight) in given.Index())
            if (!(weight >= 0 && float.IsFinite(weight)))
                throw new ArgumentException($"ClassWeights: got {weight} for class '{data.Labels[number]}', needs a number from 0 on.");
        if (options.ClassWeighting == ClassWeighting.None)
            return given;
        if (!given.IsEmpty)
            throw new ArgumentException($"ClassWeighting: got {options.ClassWeighting} beside {given.Length} ClassWeights, needs one of "
                + "the two. Leave out the other.");
        if (options.Sampling == BatchSampling.ClassBalanced)
            run.Warn($"ClassWeighting {options.ClassWeighting} and Sampling {options.Sampling} both make up for small classes, so that "
                + "these count for more than the large ones. Leave out one of them.");
        var counts = data.Train.Samples.CountBy(sample => sample.Label).ToDictionary();
        return [.. ClassCounts.Of(data.Labels, counts).Weights(options.ClassWeighting).Select(weight => (float)weight)];
    }
}
