using MlPipelines.Autodiff;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>What each pixel does to the score of a class, from gradients with respect to the pixels.</summary>
public abstract record PixelAttribution : Attribution
{
    internal override float Outliers => 0.01f;

    internal override float[][] Of(ScoredNetwork network, Tensor images, int[] classes)
    {
        var size = images.Shape.With(0, 1);
        var length = (int)size.Length;
        return [.. classes.Select((_, i) =>
            Of(network, images.Elements<float>().Slice(i * length, length).ToArray(), size, classes[i]))];
    }

    /// <summary>The map of one image [1,C,H,W].</summary>
    private protected abstract float[] Of(ScoredNetwork network, float[] image, Shape size, int classNumber);

    /// <summary>The sum of the gradients at some images, each of C × H × W numbers.</summary>
    /// <param name="network">The network.</param>
    /// <param name="size">[1,C,H,W].</param>
    /// <param name="count">How many images.</param>
    /// <param name="classNumber">The class whose score before Softmax is differentiated.</param>
    /// <param name="write">Writes an image of that number.</param>
    private protected static double[] SumOfGradients(ScoredNetwork network, Shape size, int count, int classNumber,
        Action<int, Span<float>> write)
    {
        var (length, sum) = ((int)size.Length, new double[size.Length]);
        for (var first = 0; first < count; first += ScoredNetwork.BatchSize)
        {
            var batch = Math.Min(ScoredNetwork.BatchSize, count - first);
            var numbers = new float[batch * length];
            for (var i = 0; i < batch; i++)
                write(first + i, numbers.AsSpan(i * length, length));
            var classes = new int[batch];
            Array.Fill(classes, classNumber);
            var gradients = network.Derivatives("pixels", (graph, logits, choice) => Gradients.Of(logits, [graph.Inputs[0]], choice),
                Tensor.Of<float>(size.With(0, batch), numbers), classes)[0].Elements<float>();
            for (var i = 0; i < gradients.Length; i++)
                sum[i % length] += gradients[i];
        }
        return sum;
    }
}

/// <summary>The gradient summed on the straight way from a plain image to this one, times their difference: what the pixels add to the
/// score before Softmax, all together exactly its difference between the two images.</summary>
/// <param name="Steps">Images on the way.</param>
/// <param name="Baseline">Value of all channels of the plain image, from 0 to 255.</param>
/// <remarks>By the midpoint rule; channels are added. Source: Sundararajan, Taly, Yan 2017, arXiv:1703.01365.</remarks>
public sealed record IntegratedGradients(int Steps = 32, float Baseline = 0) : PixelAttribution
{
    /// <inheritdoc cref="IntegratedGradients" path="/param[@name='Steps']"/>
    public int Steps { get; init => field = Check.AtLeast(value, 1, nameof(Steps)); } = Check.AtLeast(Steps, 1);

    /// <inheritdoc cref="IntegratedGradients" path="/param[@name='Baseline']"/>
    public float Baseline { get; init => field = Check.Within(value, 0, 255, nameof(Baseline)); } = Check.Within(Baseline, 0, 255);

    private protected override float[] Of(ScoredNetwork network, float[] image, Shape size, int classNumber)
    {
        var sum = SumOfGradients(network, size, Steps, classNumber, (step, to) =>
        {
            var share = (step + 0.5f) / Steps;
            for (var i = 0; i < to.Length; i++)
                to[i] = Baseline + share * (image[i] - Baseline);
        });
        var map = new float[size[2] * size[3]];
        for (var i = 0; i < sum.Length; i++)
            map[i % map.Length] += (float)(sum[i] / Steps * (image[i] - Baseline));
        return map;
    }
}

/// <summary>The size of the gradient at each pixel, averaged over noisy copies of the image.</summary>
/// <param name="Samples">Copies.</param>
/// <param name="Noise">Standard deviation of the noise, as a share of the image's range of values.</param>
/// <param name="Seed">Of the noise.</param>
/// <remarks>The greatest of the channels; every image gets the same noise. Source: Smilkov et al. 2017, arXiv:1706.03825.</remarks>
public sealed record SmoothGrad(int Samples = 32, float Noise = 0.15f, int Seed = 0) : PixelAttribution
{
    /// <inheritdoc cref="SmoothGrad" path="/param[@name='Samples']"/>
    public int Samples { get; init => field = Check.AtLeast(value, 1, nameof(Samples)); } = Check.AtLeast(Samples, 1);

    /// <inheritdoc cref="SmoothGrad" path="/param[@name='Noise']"/>
    public float Noise { get; init => field = Check.Within(value, 0, 1, nameof(Noise)); } = Check.Within(Noise, 0, 1);

    private protected override float[] Of(ScoredNetwork network, float[] image, Shape size, int classNumber)
    {
        var scale = Scale.Of(image);
        var deviation = Noise * (scale.Greatest - scale.Least);
        var sum = SumOfGradients(network, size, Samples, classNumber, (sample, to) =>
        {
            var dice = Dice.For(Seed, sample);
            for (var i = 0; i < to.Length; i++)
                to[i] = image[i] + deviation * (float)dice.Normal();
        });
        var map = new float[size[2] * size[3]];
        for (var i = 0; i < sum.Length; i++)
            map[i % map.Length] = Math.Max(map[i % map.Length], (float)Math.Abs(sum[i] / Samples));
        return map;
    }
}

/// <summary>How much the probability of a class falls when a square of the image is covered; needs no gradients.</summary>
/// <param name="Window">Width and height of the square, as a share of the image's shorter side.</param>
/// <param name="Stride">How far it moves, as a share of the square's width.</param>
/// <param name="Fill">Value of all channels of the square, from 0 to 255.</param>
/// <remarks>A place has the mean over all squares that cover it. Source: Zeiler, Fergus 2014, arXiv:1311.2901, §4.2.</remarks>
public sealed record Occlusion(float Window = 0.2f, float Stride = 0.5f, float Fill = 128) : Attribution
{
    /// <inheritdoc cref="Occlusion" path="/param[@name='Window']"/>
    public float Window { get; init => field = Check.Within(value, 0.001f, 1, nameof(Window)); } = Check.Within(Window, 0.001f, 1);

    /// <inheritdoc cref="Occlusion" path="/param[@name='Stride']"/>
    public float Stride { get; init => field = Check.Within(value, 0.001f, 1, nameof(Stride)); } = Check.Within(Stride, 0.001f, 1);

    /// <inheritdoc cref="Occlusion" path="/param[@name='Fill']"/>
    public float Fill { get; init => field = Check.Within(value, 0, 255, nameof(Fill)); } = Check.Within(Fill, 0, 255);

    internal override float[][] Of(ScoredNetwork network, Tensor images, int[] classes)
    {
        var length = (int)images.Shape.With(0, 1).Length;
        return [.. classes.Select((classNumber, i) => Of(
            covered => network.Values("scores", graph => [graph.Outputs[0].Value], covered)[0],
            images.Elements<float>().Slice(i * length, length).ToArray(), images.Shape.With(0, 1), classNumber))];
    }

    /// <summary>The map of one image, from nothing but scores.</summary>
    /// <param name="score">[n,C,H,W] → [n,classes].</param>
    /// <param name="image">C × H × W numbers.</param>
    /// <param name="size">[1,C,H,W].</param>
    /// <param name="classNumber">The class.</param>
    internal float[] Of(Func<Tensor, Tensor> score, float[] image, Shape size, int classNumber)
    {
        var (height, width) = (size[2], size[3]);
        var (side, step) = Square(height, width);
        (int Top, int Left)[] places =
            [.. Starts(height, side, step).SelectMany(top => Starts(width, side, step).Select(left => (top, left)))];
        var before = ScoreOf(score(Tensor.Of<float>(size, image)), 0, classNumber);
        var (sum, times) = (new float[height * width], new int[height * width]);
        foreach (var batch in places.Chunk(ScoredNetwork.BatchSize))
        {
            var numbers = new float[batch.Length * image.Length];
            for (var i = 0; i < batch.Length; i++)
                Cover(image, numbers.AsSpan(i * image.Length, image.Length), size, batch[i], side);
            var scores = score(Tensor.Of<float>(size.With(0, batch.Length), numbers));
            for (var i = 0; i < batch.Length; i++)
                foreach (var place in Covered(batch[i], side, height, width))
                {
                    sum[place] += before - ScoreOf(scores, i, classNumber);
                    times[place]++;
                }
        }
        for (var i = 0; i < sum.Length; i++)
            sum[i] /= times[i];
        return sum;
    }

    /// <summary>How many squares are covered, one after the other.</summary>
    internal int Places(int height, int width)
    {
        var (side, step) = Square(height, width);
        return Starts(height, side, step).Count() * Starts(width, side, step).Count();
    }

    (int Side, int Step) Square(int height, int width)
    {
        var side = Math.Max(1, (int)MathF.Round(Window * Math.Min(height, width)));
        return (side, Math.Max(1, (int)MathF.Round(Stride * side)));
    }

    void Cover(float[] image, Span<float> to, Shape size, (int, int) place, int side)
    {
        image.CopyTo(to);
        var plane = size[2] * size[3];
        foreach (var at in Covered(place, side, size[2], size[3]))
            for (var channel = 0; channel < size[1]; channel++)
                to[channel * plane + at] = Fill;
    }

    static float ScoreOf(Tensor scores, int row, int classNumber) => scores.Elements<float>()[row * scores.Shape[1] + classNumber];

    // The last one ends where the image does, so that every place is covered.
    static IEnumerable<int> Starts(int size, int side, int step) =>
        Enumerable.Range(0, (Math.Max(size - side, 0) + step - 1) / step + 1).Select(i => Math.Min(i * step, Math.Max(size - side, 0)));

    static IEnumerable<int> Covered((int Top, int Left) place, int side, int height, int width)
    {
        for (var y = place.Top; y < Math.Min(place.Top + side, height); y++)
            for (var x = place.Left; x < Math.Min(place.Left + side, width); x++)
                yield return y * width + x;
    }
}
