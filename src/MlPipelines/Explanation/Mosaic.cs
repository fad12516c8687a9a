using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Maps of one size side by side, their numbers as colours.</summary>
/// <remarks>Source: the tiles of Caffe's example 00-classification, <c>vis_square</c>.</remarks>
static class Mosaic
{
    /// <param name="maps">[maps, height, width], or [maps, height, width, 3] of colours.</param>
    /// <param name="size">Of a map; three numbers a pixel where they are colours.</param>
    /// <param name="options">What is shown, and how.</param>
    public static Image Draw(ReadOnlySpan<float> maps, (int Count, int Height, int Width, bool Coloured) size, MosaicOptions options)
    {
        var length = size.Height * size.Width * (size.Coloured ? 3 : 1);
        var count = Math.Min(size.Count, options.Count ?? size.Count);
        var columns = options.Columns ?? (int)Math.Ceiling(Math.Sqrt(count));
        var rows = (count + columns - 1) / columns;
        var (across, down) = (size.Width + options.Padding, size.Height + options.Padding);
        var canvas = new Canvas(columns * across - options.Padding, rows * down - options.Padding);
        var whole = Scale.Of(maps[..(count * length)]);
        for (var map = 0; map < count; map++)
        {
            var numbers = maps.Slice(map * length, length);
            canvas.Paste(Drawn(numbers, size, options.ScalesEach ? Scale.Of(numbers) : whole, options.Colours), map % columns * across,
                map / columns * down);
        }
        return canvas.ToImage();
    }

    static Image Drawn(ReadOnlySpan<float> numbers, (int Count, int Height, int Width, bool Coloured) size, Scale scale, ColourMap colours)
    {
        var pixels = new byte[size.Height * size.Width * 3];
        if (size.Coloured)
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = ColourMap.Grey.Of(scale.Share(numbers[i])).Red;
        else
            for (var i = 0; i < numbers.Length; i++)
            {
                var colour = colours.Of(scale.Share(numbers[i]));
                (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = (colour.Red, colour.Green, colour.Blue);
            }
        return Image.FromPixels(size.Width, size.Height, 3, pixels);
    }
}

/// <summary>Numbers between a least and a greatest one, as shares of the way between them.</summary>
readonly record struct Scale(float Least, float Greatest)
{
    /// <summary>From the least to the greatest of some numbers; those that are none are left out.</summary>
    public static Scale Of(ReadOnlySpan<float> numbers)
    {
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var number in numbers)
            if (float.IsFinite(number))
                (least, greatest) = (Math.Min(least, number), Math.Max(greatest, number));
        return least <= greatest ? new(least, greatest) : default;
    }

    /// <summary>0 for the least, 1 for the greatest; 0 where all are equal.</summary>
    public float Share(float number) => Greatest > Least ? (number - Least) / (Greatest - Least) : 0;
}
