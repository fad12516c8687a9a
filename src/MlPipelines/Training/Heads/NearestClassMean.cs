using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>The class whose mean features lie nearest. Nothing is iterated, a class may have a single image.</summary>
/// <remarks>
/// features x [N,F] → scores [N,classes]: Softmax of −‖x − mean‖² / s, with s the mean squared distance of the samples from their class's
/// mean. Written as weighted sums, which it is.
/// A class without samples scores 0, unless a warm start brings its mean. Source: Mensink et al. 2013, "Distance-Based Image
/// Classification", with the Euclidean distance.
/// </remarks>
public sealed record NearestClassMean : Head
{
    /// <inheritdoc/>
    public override IEnumerable<Layer> Layers(int classes) => [new Dense(classes)];

    internal override IFeatureFit Fit => new ClassMeanFit();
}

/// <summary>Class means as the kernel and bias of a dense layer.</summary>
sealed class ClassMeanFit : IFeatureFit
{
    const float Never = -1e6f;

    public FittedHead Of(Graph network, FeatureTable features, CategoricalCrossEntropy loss, FitSurroundings around)
    {
        if (!loss.ClassWeights.IsDefaultOrEmpty || loss.LabelSmoothing > 0)
            throw new ArgumentException(
                "Head: NearestClassMean got class weights or label smoothing, which change no mean. Leave them out.");
        var kernel = network.Parameters.Single(parameter => parameter.IsTrainable && parameter.Shape.Rank > 1);
        var (classes, width) = (kernel.Shape[0], kernel.Shape[1]);
        var (means, counts) = (new double[classes, width], new double[classes]);
        for (var sample = 0; sample < features.Count; sample++)
        {
            var weight = features.WeightOf(sample);
            counts[features.ClassOf(sample)] += weight;
            foreach (var (i, number) in features.FeaturesOf(sample).Index())
                means[features.ClassOf(sample), i] += weight * number;
        }
        for (var label = 0; label < classes; label++)
            for (var i = 0; i < width; i++)
                means[label, i] /= counts[label] > 0 ? counts[label] : 1;
        var spread = 0.0;
        for (var sample = 0; sample < features.Count; sample++)
            foreach (var (i, number) in features.FeaturesOf(sample).Index())
                spread += features.WeightOf(sample) * Math.Pow(number - means[features.ClassOf(sample), i], 2);
        var scale = spread > 0 ? counts.Sum() / spread : 1;
        var (weights, bias) = (new float[classes * width], new float[classes]);
        for (var label = 0; label < classes; label++)
        {
            var square = 0.0;
            for (var i = 0; i < width; i++)
            {
                // −‖x − m‖² = 2·m·x − ‖m‖² − ‖x‖², whose last part is the same for all classes and cancels in Softmax.
                weights[label * width + i] = (float)(2 * scale * means[label, i]);
                square += means[label, i] * means[label, i];
            }
            bias[label] = counts[label] > 0 ? (float)(-scale * square) : Never;
        }
        foreach (var (label, old) in Earlier(network, kernel))
            if (counts[label] == 0)
            {
                for (var i = 0; i < width; i++)
                    weights[label * width + i] = (float)(2 * scale * old[i]);
                bias[label] = (float)(-scale * old.Sum(number => number * number));
            }
        return new(network.WithParameters(parameter => !parameter.IsTrainable ? null : parameter
            == kernel ? Tensor.Of<float>(kernel.Shape, weights) : Tensor.Of<float>(parameter.Shape, bias)));
    }

    // The means that a warm start brings: 2·scale·mean in the kernel, −scale·‖mean‖² in the bias, which is 0 before it is fitted.
    static Dictionary<int, double[]> Earlier(Graph network, Value kernel)
    {
        var (rows, bias) = (kernel.Initializer!.Content!.Elements<float>().ToArray(),
            network.Parameters.Single(parameter => parameter.IsTrainable
                && parameter.Shape.Rank == 1).Initializer!.Content!.Elements<float>().ToArray());
        var (means, scales) = (new Dictionary<int, double[]>(), new List<double>());
        foreach (var (label, row) in rows.Chunk(rows.Length / bias.Length).Index())
            if (bias[label] is > Never and not 0)
            {
                // ‖2·s·m‖² / (4·s·‖m‖²) = s: it must come out the same for all classes, or the layer holds something else.
                scales.Add(row.Sum(number => (double)number * number) / (-4.0 * bias[label]));
                means[label] = [.. row.Select(number => number / (2 * scales[^1]))];
            }
        return scales.Count == 0 || scales.Min() > 0 && scales.Max() / scales.Min() < 1.001 ? means
            : throw new ArgumentException("WarmStart: the model's last layer holds no means of classes, so its head was another one than "
                + "NearestClassMean. Set the Head that it was trained with.");
    }
}
