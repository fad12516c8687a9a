using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>How much each place of an image speaks for a class.</summary>
/// <param name="Width">Of the image that the network got, in pixels.</param>
/// <param name="Height">Of the same.</param>
/// <param name="Values">Height × width numbers, rows from top to bottom; greater where it speaks more for the class.</param>
/// <param name="Class">Name of the class.</param>
/// <param name="Score">Its probability for the image.</param>
public sealed record HeatMap(int Width, int Height, ReadOnlyMemory<float> Values, string Class, float Score)
{
    /// <summary>Share of the greatest numbers that are shown as the greatest one; what is negative is shown as 0 then.</summary>
    internal float Outliers { get; init; }

    /// <summary>The numbers brought between 0 and 1, the least becoming 0 and the greatest 1; all 0 where they are equal. Of single pixels
    /// the greatest hundredth becomes 1, and what is negative 0.</summary>
    public float[] Normalized()
    {
        var numbers = Values.Span;
        var scale = Outliers > 0 ? WithoutOutliers(numbers) : Scale.Of(numbers);
        var shares = new float[numbers.Length];
        for (var i = 0; i < shares.Length; i++)
            shares[i] = Math.Clamp(scale.Share(numbers[i]), 0, 1);
        return shares;
    }

    Scale WithoutOutliers(ReadOnlySpan<float> numbers)
    {
        var sorted = numbers.ToArray();
        Array.Sort(sorted);
        return new(0, sorted[(int)((sorted.Length - 1) * (1 - Outliers))]);
    }

    /// <summary>The map itself as a picture.</summary>
    /// <param name="colours">From the least number to the greatest.</param>
    public Image ToImage(ColourMap colours = ColourMap.Jet)
    {
        var (pixels, shares) = (new byte[Width * Height * 3], Normalized());
        for (var i = 0; i < shares.Length; i++)
        {
            var colour = colours.Of(shares[i]);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (colour.Red, colour.Green, colour.Blue);
        }
        return Image.FromPixels(Width, Height, 3, pixels);
    }

    /// <summary>The map laid over an image.</summary>
    /// <param name="image">The image that was explained; of another size, it is brought to that of the map.</param>
    /// <param name="colours">From the least number to the greatest.</param>
    /// <param name="weight">Share of the map's colours, from 0 to 1.</param>
    /// <param name="resizing">How an image of another size is brought to that of the map: as the network got it.</param>
    public Image Overlay(Image image, ColourMap colours = ColourMap.Jet, float weight = 0.5f, ResizingKind resizing = ResizingKind.IsoCrop)
    {
        ArgumentNullException.ThrowIfNull(image);
        Check.Within(weight, 0, 1);
        var below = image.Resize(Width, Height, resizing).ToRgb().Pixels;
        var above = ToImage(colours).Pixels;
        var pixels = new byte[below.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((1 - weight) * below[i] + weight * above[i] + 0.5f);
        return Image.FromPixels(Width, Height, 3, pixels);
    }
}
