using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Weights of a trained classifier as the start of another training, with more images or more classes.</summary>
static class WarmStart
{
    /// <summary>The classes of a classifier in its order, then those that are new, in the order of the data.</summary>
    public static ImmutableArray<string> Labels(ImageClassifier model, ImmutableArray<string> labels) =>
        [.. model.Labels, .. labels.Except(model.Labels, StringComparer.Ordinal)];

    /// <summary>The network with the classifier's weights, by name. Where a weight has a row for each class,
    /// a class that is new keeps the row it was given.</summary>
    /// <param name="network">Initialised.</param>
    /// <param name="model">The classifier.</param>
    /// <param name="labels">What <see cref="Labels"/> gave.</param>
    /// <exception cref="ArgumentException">The network has a weight that the classifier lacks or has in another shape.</exception>
    public static Graph On(Graph network, ImageClassifier model, ImmutableArray<string> labels)
    {
        var trained = OnnxFile.Read(model.Onnx, ((IOfFile)model).File ?? "WarmStart").Graph;
        var weights = trained.Parameters.Concat(trained.Constants)
            .ToDictionary(trained.NameOf, value => value.Known ?? value.Initializer!.Content!, StringComparer.Ordinal);
        Tensor WeightOf(Value parameter)
        {
            var (name, shape) = (network.NameOf(parameter), parameter.Shape);
            if (!weights.TryGetValue(name, out var old))
                throw new ArgumentException($"WarmStart: the model has no weight '{name}', which the network has. Set the Network and the "
                    + "Head that it was trained with.");
            if (old.Shape == shape || NeighbourVotes.Holds(name) && old.Shape.Rank == shape.Rank && old.Shape.With(0, shape[0]) == shape)
                return old;
            return shape.Rank > 0 && old.Shape.Rank == shape.Rank && old.Shape[0] == model.Labels.Length && shape[0] == labels.Length
                && old.Shape.With(0, shape[0]) == shape
                ? Grown(old, parameter)
                : throw new ArgumentException($"WarmStart: weight '{name}' is {old.Shape} in the model and {shape} in the network, which "
                    + "may differ in the number of classes only. Set the Network and the Head that it was trained with.");
        }
        return network.Replace(value => value.Kind == ValueKind.Parameter && WeightOf(value) is { } weight
            ? Value.Parameter(network.NameOf(value), weight.Shape, Initializer.Fixed(weight), value.IsTrainable) : null);
    }

    /// <summary>Whether a classifier was trained from that network: it has all its weights by name.</summary>
    public static bool IsOf(ImageClassifier model, GraphNetwork network)
    {
        var trained = OnnxFile.Read(model.Onnx, "WarmStart").Graph;
        return network.WeightNames.IsSubsetOf(trained.Parameters.Concat(trained.Constants).Select(trained.NameOf).ToHashSet());
    }

    /// <summary>Classes that will be forgotten.</summary>
    public static IEnumerable<string> Warnings(ImageClassifier model, IEnumerable<string> present)
    {
        if (string.Join(", ", model.Labels.Except(present, StringComparer.Ordinal).Select(label => $"'{label}'")) is { Length: > 0 } absent)
            yield return $"WarmStart: the data has no images of {absent}, which the model knows: what it has learnt of them is unlearnt. "
                + "Add images of them too, or take NearestNeighbours or NearestClassMean, which keep what they have.";
    }

    static Tensor Grown(Tensor old, Value parameter)
    {
        var numbers = parameter.Initializer!.Content!.Elements<float>().ToArray();
        // Rows of known classes come first, in the same order: that is what Labels sees to.
        old.Elements<float>().CopyTo(numbers);
        return Tensor.Of<float>(parameter.Shape, numbers);
    }
}
