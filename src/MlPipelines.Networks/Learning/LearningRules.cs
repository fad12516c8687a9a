using MlPipelines.Graphs;
using static MlPipelines.Graphs.Op;

namespace MlPipelines;

/// <summary>What becomes of gradients: clipped, then the optimizer's update at the rate of the weight's group, then the average.</summary>
/// <param name="Optimizer">How a gradient changes a weight.</param>
/// <param name="Loss">What is made small.</param>
sealed record LearningRules(Optimizer Optimizer, CategoricalCrossEntropy Loss)
{
    public GradientClipping? Clipping { get; init; }
    public WeightAveraging? Averaging { get; init; }
    public WeightGroups Groups { get; init; } = WeightGroups.One;

    /// <summary>What the learning rate of biases is multiplied by.</summary>
    public float BiasFactor { get; init => field = Check.AtLeast(value, 0, nameof(BiasFactor)); } = 1;

    /// <summary>Batches whose gradients make one update.</summary>
    public int Accumulation { get; init => field = Check.AtLeast(value, 1, nameof(Accumulation)); } = 1;

    /// <summary>Whether several processes learn together.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether normalisations take their statistics over the samples of all processes.</summary>
    public bool SynchronizedNormalization { get; init; }

    /// <summary>Whether steps only sum gradients up, and an update of its own learns from them.</summary>
    public bool Sums => Accumulation > 1 || IsShared;

    /// <summary>How much of a normalisation's stored statistics stays at most in a step.</summary>
    public float MostMomentum { get; init; } = 1;

    /// <summary>Whether each sample has a weight of its own.</summary>
    public bool Weighted { get; init; }

    /// <summary>Name of the scalar that says how much of an average stays.</summary>
    public const string Decay = "averaging_decay";

    /// <summary>Names of the optimizer's scalars of a group's weights, or of its biases.</summary>
    public IReadOnlyList<string> ScalarsOf(int group, bool biases = false)
    {
        var suffix = (Groups.Count == 1 ? "" : $"/{group}") + (biases && BiasFactor != 1 ? "/bias" : "");
        return suffix.Length == 0 ? Optimizer.Scalars : [.. Optimizer.Scalars.Select(name => name + suffix)];
    }

    public IReadOnlyList<Value> Clipped(IReadOnlyList<Value> gradients)
    {
        if (Clipping?.Value is { } most)
            gradients = [.. gradients.Select(gradient => Max(Min(gradient, most), -most))];
        if (Clipping?.Norm is not { } limit)
            return gradients;
        var norm = Sqrt(gradients.Select(gradient => ReduceSum(gradient * gradient, [], keep: false))
            .Aggregate((sum, square) => sum + square));
        var factor = Min(limit / (norm + 1e-6f), 1);
        return [.. gradients.Select(gradient => gradient * factor)];
    }
}
