using MlPipelines.Execution.Kernels;

namespace MlPipelines.Bench.Kernels;

/// <summary>The kernels that are bound by memory, with the floats that each reads and writes.</summary>
static class Passes
{
    public static IEnumerable<(string Name, double Floats, Action Run)> All(int batch, ParallelFor parallel)
    {
        var (planes, size, half) = (batch * 32, 30, 15);
        var (x, y, dy, dx) =
            (Numbers(planes * size * size), Numbers(planes * half * half), Numbers(planes * half * half), new float[planes * size * size]);
        var window = new Window(new(2, 2, 1, 0, 0), new(2, 2, 1, 0, 0));
        yield return ("max pool gradient 32×30×30", 2.0 * x.Length + 2.0 * y.Length,
            () => MaxPoolGradient.Run(new(window, planes, new(size, size), new(half, half)), x, y, dy, dx, parallel));
        yield return ("relu gradient 32×30×30", 3.0 * x.Length, () => ReluGradient.Run(x, x, dx, parallel));
        yield return ("channel sum 32×30×30", x.Length, () => ChannelSum.Run(batch, 32, size * size, x, new float[32], parallel));
        yield return ("dropout mask 32×30×30", x.Length, () => DropoutMask.Fill(1, .25f, 0, dx));

        var (channels, plane, images) = (144, 56 * 56, Math.Max(1, batch / 8));
        var (u, du, v) = (Numbers(images * channels * plane), new float[images * channels * plane], Numbers(channels));
        var (mean, variance) = (new float[channels], new float[channels]);
        var input = new NormalizationInput(new(images, channels, plane, 1e-3f, new(0, 6)), u, v, v);
        yield return ("batch normalization 144×56×56", 2.0 * u.Length,
            () => BatchNormalization.Run(input, du, mean, variance, parallel));
        yield return ("batch normalization gradient", 3.0 * u.Length,
            () => new BatchNormalizationGradient(input, mean, variance).Run(u, du, mean, variance, parallel));

        var (w, newW, newA) = (Numbers(1_250_858), new float[1_250_858], new float[1_250_858]);
        yield return ("RMSprop 1,250,858 weights", 5.0 * w.Length,
            () => new RmsPropUpdate(1e-4f, .9f, 1e-7f, false, 0).Run(w, w, w, newW, newA, parallel));
    }

    public static float[] Numbers(int count)
    {
        var dice = Dice.For(1);
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
            numbers[i] = (float)dice.Uniform(-1, 1);
        return numbers;
    }
}
