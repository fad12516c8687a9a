namespace MlPipelines;

/// <summary>What makes an image unlike a photograph, with its gradient.</summary>
/// <remarks>Source: Mahendran, Vedaldi 2016, arXiv:1512.02017, eq. 4 and 5.</remarks>
static class ImagePenalty
{
    /// <summary>Differences in photographs are smaller than this share of the range.</summary>
    const double UsualDifference = 1 / 6.5;

    /// <summary>The penalties of an image, their gradient added to <paramref name="gradient"/>.</summary>
    /// <param name="image">[C,H,W], from −0.5 to 0.5.</param>
    /// <param name="size">Its size.</param>
    /// <param name="options">Weights and exponents.</param>
    /// <param name="gradient">[C,H,W].</param>
    public static double Of(ReadOnlySpan<float> image, (int Channels, int Height, int Width) size, ImageOptimizationOptions options,
        Span<float> gradient)
    {
        var sum = 0.0;
        if (options.TotalVariation > 0)
            for (var channel = 0; channel < size.Channels; channel++)
            {
                var (first, length) = (channel * size.Height * size.Width, size.Height * size.Width);
                sum += TotalVariation(image.Slice(first, length), size.Width, (options.TotalVariation, options.TotalVariationExponent),
                    gradient.Slice(first, length));
            }
        return options.AlphaNorm > 0
            ? sum + AlphaNorm(image, size.Channels, (options.AlphaNorm, options.AlphaNormExponent), gradient) : sum;
    }

    // A difference across the right or lower edge is none.
    static double TotalVariation(ReadOnlySpan<float> plane, int width, (double Weight, double Exponent) term, Span<float> gradient)
    {
        var sum = 0.0;
        var scale = term.Weight / plane.Length;
        for (var i = 0; i < plane.Length; i++)
        {
            var across = i % width + 1 < width ? (plane[i + 1] - plane[i]) / UsualDifference : 0;
            var down = i + width < plane.Length ? (plane[i + width] - plane[i]) / UsualDifference : 0;
            var square = across * across + down * down;
            if (square == 0)
                continue;
            sum += Math.Pow(square, term.Exponent / 2);
            var slope = scale * term.Exponent * Math.Pow(square, term.Exponent / 2 - 1) / UsualDifference;
            gradient[i] -= (float)(slope * (across + down));
            if (across != 0)
                gradient[i + 1] += (float)(slope * across);
            if (down != 0)
                gradient[i + width] += (float)(slope * down);
        }
        return scale * sum;
    }

    static double AlphaNorm(ReadOnlySpan<float> image, int channels, (double Weight, double Exponent) term, Span<float> gradient)
    {
        var (sum, places) = (0.0, image.Length / channels);
        var scale = term.Weight / places;
        for (var place = 0; place < places; place++)
        {
            var square = 0.0;
            for (var channel = 0; channel < channels; channel++)
                square += 4.0 * image[channel * places + place] * image[channel * places + place] / channels;
            if (square == 0)
                continue;
            sum += Math.Pow(square, term.Exponent / 2);
            var slope = scale * term.Exponent * Math.Pow(square, term.Exponent / 2 - 1) * 4 / channels;
            for (var channel = 0; channel < channels; channel++)
                gradient[channel * places + place] += (float)(slope * image[channel * places + place]);
        }
        return scale * sum;
    }
}
