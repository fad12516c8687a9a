using MlPipelines.Imaging;

namespace MlPipelines.Augmentations;

/// <summary>Paints a random rectangle over the image.</summary>
/// <param name="Probability">How often, in [0, 1].</param>
/// <param name="LeastArea">Smallest area of the rectangle, as a fraction of the image's, in (0, 1].</param>
/// <param name="MostArea">Largest area of the rectangle, as a fraction of the image's, from the smallest to 1.</param>
/// <param name="LeastAspect">Smallest height over width, in (0, 1]; the largest is its inverse, drawn uniformly between them.</param>
/// <param name="EachPixel">True to draw a value for each pixel and channel; false for one value for the whole rectangle.</param>
/// <remarks>Values are drawn uniformly from 0–255. A rectangle that sticks out is drawn anew. Source: Zhong et al. 2017, arXiv:1708.04896, with the aspect and fill of the Keras implementation by yu4u.</remarks>
public sealed record RandomErasing(float Probability = 0.5f, float LeastArea = 0.02f, float MostArea = 0.4f, float LeastAspect = 0.3f, bool EachPixel = false) : Augmentation
{
    const int MostTries = 1000;

    public float Probability { get; } = Check.Within(Probability, 0, 1);
    public float LeastArea { get; } = Check.Within(Check.MoreThan(LeastArea, 0), 0, 1);
    public float MostArea { get; } = Check.Within(MostArea, LeastArea, 1);
    public float LeastAspect { get; } = Check.Within(Check.MoreThan(LeastAspect, 0), 0, 1);

    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        if (!dice.Chance(Probability))
            return ImageChange.None;
        // An image of one row or column fits hardly any rectangle; it is then left as it is.
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var area = dice.Uniform(LeastArea, MostArea) * size.Width * size.Height;
            var aspect = dice.Uniform(LeastAspect, 1 / LeastAspect);
            var (width, height) = ((int)Math.Sqrt(area / aspect), (int)Math.Sqrt(area * aspect));
            var (left, top) = (dice.Below(size.Width), dice.Below(size.Height));
            if (width > 0 && height > 0 && left + width <= size.Width && top + height <= size.Height)
                return new Erase(left, top, width, height, (long)(dice.Bits() >> 1), EachPixel);
        }
        return ImageChange.None;
    }
}

/// <summary>Paints a rectangle over the image.</summary>
/// <param name="Left">In pixels.</param>
/// <param name="Top">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Noise">Seed of the values.</param>
/// <param name="EachPixel">True for a value for each pixel and channel; false for one for all.</param>
public sealed record Erase(int Left, int Top, int Width, int Height, long Noise, bool EachPixel) : ImageChange
{
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var (pixels, channels) = (image.Pixels.ToArray(), image.Channels);
        var dice = Dice.For(Noise);
        var value = (byte)dice.Below(256);
        for (var y = Top; y < Top + Height; y++)
        {
            foreach (ref var pixel in pixels.AsSpan((y * image.Width + Left) * channels, Width * channels))
                pixel = EachPixel ? (byte)dice.Below(256) : value;
        }
        return Image.FromPixels(image.Width, image.Height, channels, pixels);
    }
}
