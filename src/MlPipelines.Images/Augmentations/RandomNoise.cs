using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Adds Gaussian noise of random strength, to each pixel and channel its own.</summary>
/// <param name="MaxSigma">Largest standard deviation, in steps of 8-bit channels, in [0, 255]; drawn uniformly from [0, MaxSigma].</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <remarks>The sum is rounded and clipped to 0–255.</remarks>
public sealed record RandomNoise(float MaxSigma = 15, float Probability = 0.5f) : ImageAugmentation
{
    /// <inheritdoc cref="RandomNoise" path="/param[@name='MaxSigma']"/>
    public float MaxSigma { get; } = Check.Within(MaxSigma, 0, 255);

    /// <inheritdoc cref="RandomNoise" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        dice.Chance(Probability) ? new Noise((float)dice.Uniform(0, MaxSigma), (long)(dice.Bits() >> 1)) : ImageChange.None;
}

/// <summary>Adds Gaussian noise to an image.</summary>
/// <param name="Deviation">Standard deviation, in steps of 8-bit channels.</param>
/// <param name="Seed">Of the values.</param>
public sealed record Noise(float Deviation, long Seed) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Invariant($"noise of {Deviation:0.0}");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.WithColours(Noisy);
    }

    Image Noisy(Image image)
    {
        var pixels = image.Pixels.ToArray();
        var dice = Dice.For(Seed);
        Span<float> normals = stackalloc float[1024];
        for (var start = 0; start < pixels.Length; start += normals.Length)
        {
            dice.Normals(normals);
            var part = pixels.AsSpan(start, Math.Min(normals.Length, pixels.Length - start));
            for (var i = 0; i < part.Length; i++)
                part[i] = (byte)Math.Clamp(part[i] + Deviation * normals[i] + 0.5f, 0, 255);
        }
        return Image.FromPixels(image.Width, image.Height, image.Channels, pixels);
    }
}
