using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;
using static MlPipelines.Graphs.Op;

namespace MlPipelines;

/// <summary>−Σ target·log softmax(logits), weighted by class, averaged over the batch.</summary>
/// <param name="LabelSmoothing">s: a target of 1 becomes 1 − s + s/classes, a target of 0 becomes s/classes.</param>
/// <param name="ClassWeights">A factor for each class, in the order of the keys; empty for none.</param>
/// <remarks>Computed from logits, so nothing is clipped. Source: Szegedy et al. 2015, arXiv:1512.00567, section 7,
/// for the smoothing.</remarks>
public sealed record CategoricalCrossEntropy(float LabelSmoothing = 0, params ImmutableArray<float> ClassWeights)
{
    /// <inheritdoc cref="CategoricalCrossEntropy" path="/param[@name='LabelSmoothing']"/>
    public float LabelSmoothing
    {
        get; init =>
        field = Check.Within(value, 0, 1, nameof(LabelSmoothing));
    } = Check.Within(LabelSmoothing, 0, 1);

    /// <summary>The loss, a single number. logits [N,classes], targets [N,classes].</summary>
    public Value Of(Value logits, Value targets) => ReduceMean(OfSamples(logits, targets), [], keep: false);

    /// <summary>The loss, a single number, each sample's multiplied with its weight, [N].
    /// The sum is divided by N and not by the sum of the weights.</summary>
    public Value Of(Value logits, Value targets, Value weights) => ReduceMean(OfSamples(logits, targets) * weights, [], keep: false);

    /// <summary>The loss of each sample, [N].</summary>
    public Value OfSamples(Value logits, Value targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var classes = logits.Shape[1];
        var smooth = LabelSmoothing > 0 ? targets * (1 - LabelSmoothing) + LabelSmoothing / classes : targets;
        var losses = -ReduceSum(smooth * LogSoftmax(logits, 1), [1], keep: false);
        if (ClassWeights.IsDefaultOrEmpty)
            return losses;
        if (ClassWeights.Length != classes)
            throw new ArgumentException($"ClassWeights: got {ClassWeights.Length} weights, the network has {classes} classes.");
        var weights =
            ReduceSum(targets * Value.Constant(Tensor.Of<float>([1, classes], ClassWeights.AsSpan()), "class_weights"), [1], keep: false);
        return losses * weights;
    }
}
