using System.Collections.Immutable;
using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>What is made small, of some images at once.</summary>
/// <param name="pixels">[N,C,H,W], from 0 to 255.</param>
/// <returns>The loss of each image, and its gradient [N,C,H,W].</returns>
delegate (double[] Losses, float[] Gradient) ImageObjective(float[] pixels);

/// <summary>Seeks images by gradient steps: each image goes its own way, whatever stands beside it.</summary>
sealed class ImageOptimizer
{
    const float Range = 255, Middle = 0.5f, NoiseDeviation = 0.04f;
    const int SidePerPixelOfJitter = 28;
    const double FirstDecay = 0.9, SecondDecay = 0.999, Epsilon = 1e-12;

    readonly ImageOptimizationOptions options;
    readonly Shape size;
    readonly ImageObjective objective;
    readonly (int Channels, int Height, int Width) each;
    readonly float[] images;
    readonly double[] first, second;
    readonly List<double>[] losses;

    /// <param name="options">How.</param>
    /// <param name="size">[N,C,H,W].</param>
    /// <param name="objective">What is made small.</param>
    /// <param name="start">Where each image begins, pixels [C,H,W] from 0 to 255; null for noise about grey.</param>
    public ImageOptimizer(ImageOptimizationOptions options, Shape size, ImageObjective objective, float[]? start = null)
    {
        (this.options, this.size, this.objective, each) = (options, size, objective, (size[1], size[2], size[3]));
        images = Repeated(start is null ? Noise(options.Seed, each) : [.. start.Select(pixel => pixel / Range - Middle)], size[0]);
        (first, second) = (new double[images.Length], new double[images.Length]);
        losses = [.. Enumerable.Range(0, size[0]).Select(_ => new List<double>(options.Steps + 1))];
    }

    static float[] Noise(int seed, (int Channels, int Height, int Width) size)
    {
        var (dice, noise) = (Dice.For(seed, 0), new float[size.Channels * size.Height * size.Width]);
        for (var i = 0; i < noise.Length; i++)
            noise[i] = Math.Clamp(NoiseDeviation * (float)dice.Normal(), -Middle, Middle);
        return noise;
    }

    static float[] Repeated(float[] one, int times) => [.. Enumerable.Repeat(one, times).SelectMany(image => image)];

    public ImmutableArray<double> LossesOf(int image) => [.. losses[image]];

    /// <summary>Takes all steps, then rounds the images to pixels.</summary>
    /// <param name="stepped">Called after each step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(Action? stepped, CancellationToken cancellation)
    {
        for (var step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var share = 0.5 * (1 + Math.Cos(Math.PI * step / options.Steps));
            Step(step, options.LearningRate * share);
            if (options.Blur * share is > 0.1 and var deviation)
                PlaneBlur.Apply(images, (each.Height, each.Width), deviation);
            stepped?.Invoke();
        }
        for (var i = 0; i < images.Length; i++)
            images[i] = MathF.Round((images[i] + Middle) * Range) / Range - Middle;
        Evaluate((0, 0));
    }

    public Image ImageOf(int number)
    {
        var plane = each.Height * each.Width;
        var pixels = new byte[each.Channels * plane];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i % plane * each.Channels + i / plane] =
                (byte)Math.Clamp(MathF.Round((images[number * pixels.Length + i] + Middle) * Range), 0, Range);
        return Image.FromPixels(each.Width, each.Height, each.Channels, pixels);
    }

    void Step(int step, double rate)
    {
        var dice = Dice.For(options.Seed, 1, step);
        var most = options.Jitter ?? Math.Min(each.Height, each.Width) / SidePerPixelOfJitter;
        var gradient = Evaluate((dice.Below(2 * most + 1) - most, dice.Below(2 * most + 1) - most));
        var (firstShare, secondShare) = (1 - Math.Pow(FirstDecay, step + 1), 1 - Math.Pow(SecondDecay, step + 1));
        for (var i = 0; i < images.Length; i++)
        {
            first[i] = FirstDecay * first[i] + (1 - FirstDecay) * gradient[i];
            second[i] = SecondDecay * second[i] + (1 - SecondDecay) * gradient[i] * gradient[i];
            var move = rate * (first[i] / firstShare) / (Math.Sqrt(second[i] / secondShare) + Epsilon);
            images[i] = Math.Clamp((float)(images[i] - move), -Middle, Middle);
        }
    }

    float[] Evaluate((int Down, int Across) moved)
    {
        var pixels = new float[images.Length];
        for (var i = 0; i < images.Length; i++)
            pixels[Moved(i, moved)] = (images[i] + Middle) * Range;
        var (found, slopes) = objective(pixels);
        var gradient = new float[images.Length];
        for (var i = 0; i < images.Length; i++)
            gradient[i] = slopes[Moved(i, moved)] * Range;
        var length = images.Length / size[0];
        for (var image = 0; image < size[0]; image++)
            losses[image].Add(found[image] + ImagePenalty.Of(images.AsSpan(image * length, length), each, options,
                gradient.AsSpan(image * length, length)));
        return gradient;
    }

    // What leaves one side comes in at the other.
    int Moved(int place, (int Down, int Across) by)
    {
        if (by == (0, 0))
            return place;
        var (row, column) = Math.DivRem(place, each.Width);
        var (plane, y) = Math.DivRem(row, each.Height);
        return (plane * each.Height + Wrapped(y + by.Down, each.Height)) * each.Width + Wrapped(column + by.Across, each.Width);
    }

    static int Wrapped(int place, int size) => ((place % size) + size) % size;
}
