using System.Collections.Immutable;
using MlPipelines.Tensors;

namespace MlPipelines;

public sealed partial record ImageDataGenerator
{
    const long SampleKey = 3;
    const int MostWhitened = 12_288;

    /// <summary>Rescales, centres, scales and whitens an image, after the preprocessing function.</summary>
    /// <param name="image">[C, H, W], floats.</param>
    /// <exception cref="InvalidOperationException">Statistics are needed that <c>Fit</c> has not computed,
    /// or those of other images.</exception>
    public Tensor Standardize(Tensor image)
    {
        var (channels, height, width) = Sizes(image);
        var standardized = Standardized(image.Elements<float>().ToArray(), channels, height, width);
        return Tensor.Of<float>(image.Shape, standardized);
    }

    /// <summary>This generator with the statistics that its standardisation needs, from the images of a view;
    /// itself if it needs none.</summary>
    /// <param name="view">The rows to learn from.</param>
    /// <param name="imageColumn">Column of images, or of vectors [C, H, W].</param>
    /// <param name="augment">Whether to look at transformed images.</param>
    /// <param name="rounds">With <paramref name="augment"/>, how often each image is transformed anew, at least 1.</param>
    /// <param name="seed">What the sample and the transforms depend on, with the round and the row.</param>
    /// <param name="sampleSize">The most rows to look at; of more, so many are drawn.</param>
    /// <param name="reading">How many threads read; the result is the same for any number, bit for bit.</param>
    /// <remarks>As in Keras it sees pixels after <see cref="Rescale"/>, without preprocessing and without what is done image by image; the
    /// historical behaviours rescale before they transform.</remarks>
    /// <exception cref="ArgumentException">The column is missing or of another type, or images differ in channels (or in size,
    /// for whitening).</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    public ImageDataGenerator Fit(IDataView view, string imageColumn = "Image", bool augment = false, int rounds = 1, int seed = 0,
        int sampleSize = 10_000, RowReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        Check.AtLeast(rounds, 1);
        if (!FeaturewiseCenter)
            return this;
        var pixels = PixelColumn.Of(view.Schema, imageColumn);
        var sample = Sampled(view, Check.AtLeast(sampleSize, 1), seed);
        var passes = Enumerable.Range(0, augment ? rounds : 1)
            .Select(round => (Func<RowValues, PixelPlanes>)(row => Seen(pixels.Read(row), augment ? Dice.For(seed, round, row.Id) : null)));
        return ZcaWhitening ? Whitened(sample, imageColumn, passes, reading) : Scaled(sample, imageColumn, passes, reading);
    }

    internal float[] Standardized(float[] image, int channels, int height, int width)
    {
        if (NeedsFit)
            throw new InvalidOperationException(
                $"ImageDataGenerator: {(ZcaWhitening ? nameof(ZcaWhitening) : nameof(FeaturewiseCenter))} is set, statistics of the data "
                    + "are needed. Call Fit first.");
        if (FeaturewiseCenter && Mean.Length != channels || ZcaWhitening && Whitening!.Size != image.Length)
            throw new InvalidOperationException($"ImageDataGenerator: got an image of {width}×{height} with {channels} channels, it was "
                + $"fitted on {(ZcaWhitening ? $"{Whitening!.Size} numbers an image" : $"{Mean.Length} channels")}.");
        if (PreprocessingFunction is { } function)
        {
            Shape shape = [channels, height, width];
            var changed = function(Tensor.Of<float>(shape, image));
            image = changed is { Type: ElementType.Float } && changed.Shape.Equals(shape) ? changed.Elements<float>().ToArray()
                : throw new InvalidOperationException(
                    $"PreprocessingFunction: gave {changed?.ToString() ?? "null"}, Float{shape} is needed as it got it.");
        }
        return Standardization.Apply(this, image);
    }

    ImageDataGenerator Scaled(IDataView sample, string column, IEnumerable<Func<RowValues, PixelPlanes>> passes, RowReading? reading)
    {
        Moments[]? moments = null;
        foreach (var pass in passes)
        {
            var found = StatisticsCatalog.ChannelMoments(sample, column, pass, reading).Channels;
            moments = moments is null ? found : [.. moments.Zip(found, (before, now) => before + now)];
        }
        return this with
        {
            Mean = [.. moments!.Select(channel => (float)channel.Mean)],
            Std = [.. moments!.Select(channel => (float)channel.Deviation)]
        };
    }

    ImageDataGenerator Whitened(IDataView sample, string column, IEnumerable<Func<RowValues, PixelPlanes>> passes, RowReading? reading)
    {
        var (covariance, channels) = ((Covariance?)null, 1);
        foreach (var pass in passes)
            foreach (var images in StatisticsCatalog.OfOneSize(sample, column, pass, reading, ImmutableArray.CreateBuilder<SkippedRow>())
            .Chunk(Covariance.Block))
            {
                if (images[0].Values.Length > MostWhitened)
                    throw new ArgumentException($"ZcaWhitening: the images are {images[0]}, {images[0].Values.Length} numbers each; at "
                        + $"most {MostWhitened} are possible. Add ResizeImages to a smaller size, or use FeaturewiseStdNormalization.");
                channels = images[0].Channels;
                (covariance ??= new(images[0].Values.Length)).Add([.. images.Select(image => image.Values)]);
            }
        if (covariance is null)
            throw StatisticsCatalog.Unreadable(sample, column);
        var size = covariance.Mean.Length;
        var means = covariance.Mean.Chunk(size / channels).Select(plane => (float)plane.Average()).ToArray();
        var products = covariance.About([.. Enumerable.Range(0, size).Select(i => (double)means[i / (size / channels)])]);
        return this with
        {
            Mean = [.. means],
            Std = [],
            Whitening = WhiteningMatrix.Of(products, size, covariance.Count, ZcaEpsilon, Compatibility)
        };
    }

    // Keras rescales what it fits on before it transforms it, which matters to brightness and channel shift.
    PixelPlanes Seen(PixelPlanes image, Dice? dice)
    {
        var (values, rescaled) = (image.Values, dice is null || Compatibility != KerasCompatibility.Correct);
        if (rescaled)
            values = Rescaled(values);
        if (dice is { } drawing)
            values = Transformed(values, image.Channels, image.Height, image.Width,
                GetRandomTransform(ref drawing, new(image.Width, image.Height)));
        return image with { Values = rescaled ? values : Rescaled(values) };
    }

    float[] Rescaled(float[] values) => Rescale is { } factor ? Array.ConvertAll(values, value => value * factor) : values;

    static IDataView Sampled(IDataView view, int most, int seed)
    {
        var count = view.CountRows();
        if (count <= most)
            return view;
        var places = new int[checked((int)count)];
        for (var i = 0; i < places.Length; i++)
            places[i] = i;
        Dice.For(seed, SampleKey).Shuffle(places.AsSpan());
        return PickedView.Of(view, places.Take(most), places.Length);
    }
}
