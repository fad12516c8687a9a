using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>The arithmetic behind the transforms, on one image and as nodes of a graph.</summary>
static class Standardization
{
    // Keras's, so that what does not vary is not divided by 0.
    const float Least = 1e-6f;

    /// <summary>Changes an image [C, H, W] in place, but for whitening, whose result is another array.</summary>
    public static float[] Apply(ImageDataGenerator generator, float[] image)
    {
        if (generator.Rescale is { } factor)
            foreach (ref var pixel in image.AsSpan())
                pixel *= factor;
        if (generator.SamplewiseCenter)
            Each(image, (float)Moments.Of(image).Mean, 1);
        if (generator.SamplewiseStdNormalization)
            Each(image, 0, (float)Moments.Of(image).Deviation + Least);
        for (var channel = 0; channel < generator.Mean.Length && generator.FeaturewiseCenter; channel++)
        {
            var plane = image.Length / generator.Mean.Length;
            Each(image.AsSpan(channel * plane, plane), generator.Mean[channel],
                generator.FeaturewiseStdNormalization ? generator.Std[channel] + Least : 1);
        }
        return generator is { ZcaWhitening: true, Whitening: { } matrix } ? matrix.Times(image) : image;
    }

    /// <summary>The same as nodes over pixels [N, C, H, W].</summary>
    public static Value Apply(ImageDataGenerator generator, Value x)
    {
        int[] image = [1, 2, 3];
        if (generator.Rescale is { } factor)
            x *= factor;
        if (generator.SamplewiseCenter)
            x -= Op.ReduceMean(x, image);
        if (generator.SamplewiseStdNormalization)
        {
            var centred = x - Op.ReduceMean(x, image);
            x /= Op.Sqrt(Op.ReduceMean(centred * centred, image)) + Least;
        }
        if (generator.FeaturewiseCenter)
            x -= PerChannel("mean", [.. generator.Mean]);
        if (generator.FeaturewiseStdNormalization)
            x /= PerChannel("deviation", [.. generator.Std.Select(deviation => deviation + Least)]);
        return generator is { ZcaWhitening: true, Whitening: { } matrix }
            ? Op.Reshape(Op.MatMul(Op.Flatten(x), Value.Constant(matrix.ToTensor(), "whitening")), -1, x.Shape[1], x.Shape[2], x.Shape[3])
            : x;
    }

    static Value PerChannel(string name, float[] numbers) => Value.Constant(Tensor.Of<float>([numbers.Length, 1, 1], numbers), name);

    static void Each(Span<float> pixels, float offset, float divisor)
    {
        foreach (ref var pixel in pixels)
            pixel = (pixel - offset) / divisor;
    }
}
