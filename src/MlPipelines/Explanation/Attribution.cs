using MlPipelines.Autodiff;
using MlPipelines.Graphs;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A way to say which places of an image speak for a class.</summary>
public abstract record Attribution
{
    private protected Attribution() { }

    /// <summary>The share of the greatest numbers that are shown as the greatest one; 0 where a map is smooth.</summary>
    internal virtual float Outliers => 0;

    /// <summary>Maps of some images, each of height × width numbers.</summary>
    /// <param name="network">With scores [N,classes].</param>
    /// <param name="images">[N,C,H,W], pixels 0–255.</param>
    /// <param name="classes">Of each image, the class that is explained.</param>
    /// <exception cref="ArgumentException">The network has no such layer, or one that gives no maps.</exception>
    /// <exception cref="GraphException">The network cannot be differentiated, or is not of the kind that is needed.</exception>
    internal abstract float[][] Of(ScoredNetwork network, Tensor images, int[] classes);
}

/// <summary>Maps of a layer, weighted by what they do to the score of a class, brought to the size of the image.</summary>
/// <param name="Layer">Name of the layer; null for the last one that gives maps of more than one place.</param>
public abstract record LayerAttribution(string? Layer = null) : Attribution
{
    internal override float[][] Of(ScoredNetwork network, Tensor images, int[] classes)
    {
        var layer = Layer ?? LastMaps(network.Graph);
        if (NetworkLayer.Find(network.Graph, layer).Shape is not [_, _, _, _] and var shape)
            throw new ArgumentException($"{GetType().Name}: layer '{layer}' gives {shape}, maps [batch,channels,height,width] are needed. "
                + $"Take '{LastMaps(network.Graph)}' or one before it.");
        var map = network.Derivatives($"{GetType().Name} {layer}", (graph, logits, choice) =>
            [Weighted(NetworkLayer.Find(graph, layer), logits, choice)], images, classes)[0];
        var (height, width) = (map.Shape[1], map.Shape[2]);
        return [.. Enumerable.Range(0, classes.Length).Select(i => Enlarged(map.Elements<float>().Slice(i * height * width, height * width),
            (height, width), (images.Shape[2], images.Shape[3])))];
    }

    /// <summary>[N,h,w] of maps [N,K,h,w], logits [N,classes] and the weight of each logit.</summary>
    private protected abstract Value Weighted(Value maps, Value logits, Value choice);

    private protected static Value GradientOf(Value maps, Value logits, Value choice) => Gradients.Of(logits, [maps], choice)[0];

    private protected static Value SumOfMaps(Value weighted) => Op.ReduceSum(weighted, [1], keep: false);

    // Behind pooling a place stands for a larger one; the maps before it say more.
    static string LastMaps(Graph graph)
    {
        string[] pooling = [nameof(Op.MaxPool), nameof(Op.AveragePool), nameof(Op.GlobalAveragePool), nameof(Op.GlobalMaxPool),
            nameof(Op.ReduceMean), nameof(Op.Transpose), "Identity", nameof(Op.Reshape), nameof(Op.Pad)];
        var image = graph.Inputs[0];
        return graph.Nodes.Reverse().FirstOrDefault(node => node.Outputs[0].Shape is [_, _, var height, var width] && height * width > 1
            && !pooling.Contains(node.Operator.Type) && IsBehindConvolution(node))?.Name
            ?? throw new GraphException($"The network has no convolution whose maps could be shown between its image {image.Shape} and its "
                + "scores. Take IntegratedGradients, SmoothGrad or Occlusion.");
    }

    static bool IsBehindConvolution(Node node) =>
        Graph.Sort([node.Outputs[0]]).Any(before => before.Operator.Type is nameof(Op.Conv) or nameof(Op.ConvTranspose));

    /// <summary>Bilinear, with pixel centres at one half and the border repeated.</summary>
    static float[] Enlarged(ReadOnlySpan<float> map, (int Height, int Width) from, (int Height, int Width) to)
    {
        var result = new float[to.Height * to.Width];
        for (var y = 0; y < to.Height; y++)
        {
            var (top, below, down) = Between(y, from.Height, to.Height);
            for (var x = 0; x < to.Width; x++)
            {
                var (left, beside, right) = Between(x, from.Width, to.Width);
                var (upper, lower) = (
                    map[top * from.Width + left] * (1 - right) + map[top * from.Width + beside] * right,
                    map[below * from.Width + left] * (1 - right) + map[below * from.Width + beside] * right);
                result[y * to.Width + x] = upper * (1 - down) + lower * down;
            }
        }
        return result;
    }

    static (int First, int Next, float Share) Between(int place, int from, int to)
    {
        var at = Math.Clamp((place + 0.5f) * from / to - 0.5f, 0, from - 1);
        return ((int)at, Math.Min((int)at + 1, from - 1), at - (int)at);
    }
}

/// <summary>Each map is weighted by the mean gradient of the class's score; what is negative then is left out.</summary>
/// <param name="Layer"><inheritdoc cref="LayerAttribution" path="/param[@name='Layer']"/></param>
/// <remarks>Source: Selvaraju et al. 2017, arXiv:1610.02391.</remarks>
public sealed record GradCam(string? Layer = null) : LayerAttribution(Layer)
{
    private protected override Value Weighted(Value maps, Value logits, Value choice) =>
        Op.Relu(SumOfMaps(Op.ReduceMean(GradientOf(maps, logits, choice), [2, 3]) * maps));
}

/// <summary>Each map is weighted by those gradients that are positive, each by how much it alone bears; shows several objects of a class
/// better than <see cref="GradCam"/>.</summary>
/// <param name="Layer"><inheritdoc cref="LayerAttribution" path="/param[@name='Layer']"/></param>
/// <remarks>Source: Chattopadhay et al. 2018, arXiv:1710.11063, eq. 19, of the exponential of the score.</remarks>
public sealed record GradCamPlusPlus(string? Layer = null) : LayerAttribution(Layer)
{
    const float Epsilon = 1e-6f;

    private protected override Value Weighted(Value maps, Value logits, Value choice)
    {
        var gradient = GradientOf(maps, logits, choice);
        var square = gradient * gradient;
        var shares = square / (square * 2f + Op.ReduceSum(maps, [2, 3]) * square * gradient + Epsilon);
        // Where there is no gradient, the quotient above is 0 already.
        return Op.Relu(SumOfMaps(Op.ReduceSum(shares * Op.Relu(gradient), [2, 3]) * maps));
    }
}

/// <summary>Each place of each map is weighted by its own gradient where that is positive; sharp in early layers too.</summary>
/// <param name="Layer"><inheritdoc cref="LayerAttribution" path="/param[@name='Layer']"/></param>
/// <remarks>Source: Jiang et al. 2021, doi:10.1109/TIP.2021.3089943.</remarks>
public sealed record LayerCam(string? Layer = null) : LayerAttribution(Layer)
{
    private protected override Value Weighted(Value maps, Value logits, Value choice) =>
        Op.Relu(SumOfMaps(Op.Relu(GradientOf(maps, logits, choice)) * maps));
}

/// <summary>Each map is weighted by the classifier's own weight for the class: exactly what each place adds to the score.
/// For networks whose
/// classifier is one weighted sum of the maps' means.</summary>
/// <remarks>Source: Zhou et al. 2016, arXiv:1512.04150.</remarks>
public sealed record ClassActivationMapping : LayerAttribution
{
    private protected override Value Weighted(Value maps, Value logits, Value choice)
    {
        if (!IsMeanAndSum(maps, logits))
            throw new GraphException("ClassActivationMapping: the network does not end in the mean of its last maps and one weighted sum, "
                + "which is what it explains exactly. Take GradCam.");
        // The gradient of such a score is its weight at every place.
        return SumOfMaps(GradientOf(maps, logits, choice) * maps);
    }

    static bool IsMeanAndSum(Value maps, Value logits)
    {
        var sums = 0;
        for (var value = logits; value != maps; value = value.Node.Input(0))
        {
            switch (value.Node?.Operator.Type)
            {
                case nameof(Op.Gemm) or nameof(Op.MatMul) or nameof(Op.Conv):
                    sums++;
                    break;
                case nameof(Op.Add) or nameof(Op.Flatten) or nameof(Op.Reshape) or nameof(Op.Squeeze) or nameof(Op.GlobalAveragePool)
                    or nameof(Op.ReduceMean) or "Identity":
                    break;
                default:
                    return false;
            }
        }
        return sums == 1;
    }
}
