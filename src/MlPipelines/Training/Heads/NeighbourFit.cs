using System.Runtime.InteropServices;
using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Puts samples into <see cref="NeighbourVotes"/>, behind those it holds.</summary>
sealed class NeighbourFit(int neighbours) : IFeatureFit
{
    public FittedHead Of(Graph network, FeatureTable features, CategoricalCrossEntropy loss, FitSurroundings around)
    {
        if (loss.LabelSmoothing > 0)
            throw new ArgumentException(
                $"Head: NearestNeighbours got LabelSmoothing {loss.LabelSmoothing}, which changes no neighbour. Leave it out.");
        Value[] held = [
            .. new[]
            {
                NeighbourVotes.Samples,
                NeighbourVotes.Labels,
                NeighbourVotes.Weights,
            }.Select(part => network.Find(NeighbourVotes.NameOf(part)))];
        var (samples, labels, weights) = (new List<float>(), new List<float>(), new List<float>());
        void Add(ReadOnlySpan<float> numbers, float label, float weight)
        {
            samples.AddRange(numbers);
            labels.Add(label);
            weights.Add(weight);
        }
        var earlier = new HashSet<(int, PixelCacheKey)>();
        var (width, old) = (held[0].Shape[1], held.Select(value => value.Initializer!.Content!.Elements<float>().ToArray()).ToArray());
        for (var i = 0; i < old[1].Length; i++)
            if (NeighbourVotes.IsSample(old[1][i]))
            {
                var numbers = old[0].AsSpan(i * width, width);
                earlier.Add(KeyOf((int)old[1][i], numbers));
                Add(numbers, old[1][i], old[2][i]);
            }
        for (var i = 0; i < features.Count; i++)
        {
            around.Cancellation.ThrowIfCancellationRequested();
            var (label, numbers) = (features.ClassOf(i), features.FeaturesOf(i));
            var weight = features.WeightOf(i) * (loss.ClassWeights.IsDefaultOrEmpty ? 1 : loss.ClassWeights[label]);
            if (weight > 0 && (earlier.Count == 0 || !earlier.Contains(KeyOf(label, numbers))))
                Add(numbers, label, weight);
        }
        if (labels.Count < neighbours)
            throw new ArgumentException($"Head: NearestNeighbours got {neighbours} neighbours, there are {labels.Count} training images "
                + $"that can be read and have a weight. Take at most {labels.Count} neighbours, or more images.");
        Shape[] shapes = [[labels.Count, width], [labels.Count], [labels.Count]];
        List<float>[] contents = [samples, labels, weights];
        return new(network.Replace(value => Array.IndexOf(held, value) is >= 0 and var part
            ? Value.Parameter(network.NameOf(value), shapes[part],
                Initializer.Fixed(Tensor.Of<float>(shapes[part], CollectionsMarshal.AsSpan(contents[part]))), value.IsTrainable) : null));
    }

    static (int, PixelCacheKey) KeyOf(int label, ReadOnlySpan<float> features) =>
        (label, PixelCacheKey.OfContent(MemoryMarshal.AsBytes(features)));
}
