using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;

namespace MlPipelines;

public sealed partial class NetworkExplainer
{
    /// <summary>Images that one step of <c>Invert</c> and <c>Maximize</c> takes together.</summary>
    internal const int ImagesAtOnce = ScoredNetwork.BatchSize;

    /// <summary>An image restored from what a layer gives for another: what of it the network has kept up to there.</summary>
    /// <param name="image">The image whose features are to be met.</param>
    /// <param name="layer">A name of <see cref="Layers"/>.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <exception cref="ArgumentException">There is no such layer.</exception>
    /// <exception cref="GraphException">The network cannot be differentiated.</exception>
    /// <exception cref="InvalidDataException">The image cannot be read.</exception>
    public Inversion Invert(Image image, string layer, InversionOptions? options = null) => Invert([image], layer, options)[0];

    /// <summary>Images restored from what a layer gives for others, computed in batches.</summary>
    /// <inheritdoc cref="Invert(Image, string, InversionOptions?)"/>
    /// <param name="images">The images whose features are to be met.</param>
    /// <param name="layer">A name of <see cref="Layers"/>.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <param name="progress">Told how many steps are taken.</param>
    /// <param name="cancellation">Ends it early.</param>
    public ImmutableArray<Inversion> Invert(IEnumerable<Image> images, string layer, InversionOptions? options = null,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        NetworkLayer.Find(network.Graph, Check.Named(layer));
        var steps = new CountedSteps(progress);
        return [.. images.Select(Seen).Chunk(ScoredNetwork.BatchSize)
            .SelectMany(batch => Inverted(TensorOf(batch), layer, options ?? new(), steps, cancellation))];
    }

    /// <summary>An image that a unit, a channel or a class responds to as much as is found.</summary>
    /// <param name="target">What responds.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <exception cref="ArgumentException">There is no such class, layer, channel or place.</exception>
    /// <exception cref="GraphException">The network cannot be differentiated.</exception>
    /// <exception cref="InvalidOperationException">It does not respond to any change of the noise that the search begins with.</exception>
    public Maximization Maximize(ActivationTarget target, MaximizationOptions? options = null) => Maximize([target], options)[0];

    /// <summary>Images that units, channels and classes respond to as much as is found, computed in batches.</summary>
    /// <inheritdoc cref="Maximize(ActivationTarget, MaximizationOptions?)"/>
    /// <param name="targets">What responds.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <param name="progress">Told how many steps are taken.</param>
    /// <param name="cancellation">Ends it early.</param>
    public ImmutableArray<Maximization> Maximize(IReadOnlyList<ActivationTarget> targets, MaximizationOptions? options = null,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        // All are looked for before the first is computed.
        var weights = targets.Select(WeightOf).ToArray();
        var steps = new CountedSteps(progress);
        var found = new Maximization[targets.Count];
        foreach (var batch in Enumerable.Range(0, targets.Count).GroupBy(number => targets[number].Place ?? "")
            .SelectMany(place => place.Chunk(ScoredNetwork.BatchSize)))
        {
            ActivationTarget[] chosen = [.. batch.Select(number => targets[number])];
            float[] given = [.. batch.SelectMany(number => weights[number])];
            foreach (var (number, one) in batch.Zip(Maximized(chosen, given, options ?? new(), steps, cancellation)))
                found[number] = one;
        }
        return [.. found];
    }

    IEnumerable<Inversion> Inverted(Tensor images, string layer, InversionOptions options, CountedSteps steps,
        CancellationToken cancellation)
    {
        var wanted = network.Values($"features {layer}", graph => [NetworkLayer.Find(graph, layer)], images)[0];
        var count = images.Shape[0];
        double[] squares = [.. Enumerable.Range(0, count).Select(image => SquareOf(wanted, image))];
        var errors = new double[count];
        var optimizer = new ImageOptimizer(options, images.Shape, pixels =>
        {
            var (losses, gradient) = Evaluated(network.Backward($"inversion {layer}",
                graph => (graph.Inputs[0], NetworkLayer.Find(graph, layer)), SquaredDistance,
                Tensor.Of<float>(images.Shape, pixels), wanted), squares);
            losses.CopyTo(errors, 0);
            return (losses, gradient);
        }, StartOf(options));
        optimizer.Run(steps.Count, cancellation);
        return [.. errors.Select((error, image) => new Inversion(layer, optimizer.ImageOf(image), Math.Sqrt(error),
            optimizer.LossesOf(image)))];
    }

    IEnumerable<Maximization> Maximized(ActivationTarget[] targets, float[] weights, MaximizationOptions options, CountedSteps steps,
        CancellationToken cancellation)
    {
        Shape size = [targets.Length, input.Channels, input.Height, input.Width];
        var place = targets[0].Place;
        var given = Tensor.Of<float>(ResponseOf(network.Graph, place).Value.Shape.With(0, targets.Length), weights);
        double[]? scales = null;
        var optimizer = new ImageOptimizer(options, size, pixels =>
        {
            var found = network.Backward($"maximization {place}", graph => ResponseOf(graph, place), WeightedSum,
                Tensor.Of<float>(size, pixels), given);
            scales ??= [.. targets.Select((target, image) => ScaleOf(target, found.Gradient, image))];
            return Evaluated(found, [.. scales.Select(scale => -scale)]);
        }, StartOf(options));
        optimizer.Run(steps.Count, cancellation);
        Image[] images = [.. targets.Select((_, image) => optimizer.ImageOf(image))];
        var responses = network.Values($"responses {place}", graph => [place is null ? ResponseOf(graph, place).Value
            : NetworkLayer.Find(graph, place)], TensorOf(images))[0];
        return [.. targets.Select((target, image) => new Maximization(target, images[image], Weighted(responses, weights, image),
            optimizer.LossesOf(image)))];
    }

    static double Weighted(Tensor values, float[] weights, int image)
    {
        var length = weights.Length / values.Shape[0];
        var numbers = values.Elements<float>();
        var sum = 0.0;
        for (var i = image * length; i < (image + 1) * length; i++)
            sum += (double)weights[i] * numbers[i];
        return sum;
    }

    float[]? StartOf(ImageOptimizationOptions options) =>
        options.Start is { } image ? TensorOf([Seen(image)]).Elements<float>().ToArray() : null;

    // Losses and gradients, those of each image divided by a number of its own.
    static (double[] Losses, float[] Gradient) Evaluated((Tensor Objective, Tensor Gradient) found, double[] divisors)
    {
        var (losses, gradient) = (new double[divisors.Length], found.Gradient.Elements<float>().ToArray());
        for (var image = 0; image < losses.Length; image++)
        {
            losses[image] = found.Objective.Elements<float>()[image] / divisors[image];
            foreach (ref var slope in gradient.AsSpan(image * (gradient.Length / losses.Length), gradient.Length / losses.Length))
                slope = (float)(slope / divisors[image]);
        }
        return (losses, gradient);
    }

    static (Value Objective, Value Slope) SquaredDistance(Value value, Value wanted)
    {
        var distance = value - wanted;
        return (SumOfEach(distance * distance), distance * 2f);
    }

    static (Value Objective, Value Slope) WeightedSum(Value value, Value weights) => (SumOfEach(value * weights), weights);

    static Value SumOfEach(Value value) =>
        Op.ReduceSum(value, [.. Enumerable.Range(1, value.Shape.Rank - 1)], keep: false);

    // Where nothing is to be met, what there is counts as it is.
    static double SquareOf(Tensor values, int image)
    {
        var length = (int)(values.Shape.Length / values.Shape[0]);
        var sum = 0.0;
        foreach (var number in values.Elements<float>().Slice(image * length, length))
            sum += (double)number * number;
        return sum > 0 ? sum : 1;
    }

    // What a response is measured in: how much it would change if all pixels went through their whole range, each in its direction.
    static double ScaleOf(ActivationTarget target, Tensor gradient, int image)
    {
        var length = (int)(gradient.Shape.Length / gradient.Shape[0]);
        var sum = 0.0;
        foreach (var slope in gradient.Elements<float>().Slice(image * length, length))
            sum += Math.Abs(slope);
        return sum > 0 && double.IsFinite(sum) ? 255 * sum
            : throw new InvalidOperationException($"{DisplayText.Visible(target.ToString()!)}: does not respond to any change of the noise "
                + "that the search begins with. Take another seed, or what stands before an activation.");
    }

    (Value Image, Value Value) ResponseOf(Graph graph, string? place)
    {
        if (place is null)
        {
            var logits = TrainingGraph.LogitsOf(graph);
            return (logits.Inputs[0], logits.Outputs[0].Value);
        }
        const float leak = 0.01f;
        var value = NetworkLayer.Find(graph, place);
        // No gradient comes back through an activation where it is flat: a little of what stands before it shows the way.
        return (graph.Inputs[0], value.Node is { Operator.Type: nameof(Op.Relu) or nameof(Op.Clip) } activation
            ? value + activation.Input(0) * leak : value);
    }

    float[] WeightOf(ActivationTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target is ClassTarget && !hasClasses)
            throw NoClasses();
        var shape = ResponseOf(network.Graph, target.Place).Value.Shape;
        var places = shape switch
        {
            [_, _] => 1,
            [_, _, var height, var width] => height * width,
            _ => throw new ArgumentException($"Layer '{target.Place}': gives {shape}, maps [batch,channels,height,width] or features "
                + "[batch,features] are needed.", nameof(target)),
        };
        var weights = new float[shape[1] * places];
        switch (target)
        {
            case ClassTarget one:
                weights[NumberOf(one.Class)] = 1;
                break;
            case ChannelTarget one:
                weights.AsSpan(Check.Within(one.Channel, 0, shape[1] - 1, nameof(one.Channel)) * places, places).Fill(1f / places);
                break;
            case UnitTarget one when shape is [_, _, var height, var width]:
                var row = Check.Within(one.Row, 0, height - 1, nameof(one.Row));
                var column = Check.Within(one.Column, 0, width - 1, nameof(one.Column));
                weights[Check.Within(one.Channel, 0, shape[1] - 1, nameof(one.Channel)) * places + row * width + column] = 1;
                break;
            default:
                throw new ArgumentException($"Layer '{target.Place}': gives {shape}, which has no places. Take a ChannelTarget.",
                    nameof(target));
        }
        return weights;
    }

    sealed class CountedSteps(IProgress<long>? progress)
    {
        long taken;

        public void Count() => progress?.Report(++taken);
    }
}
