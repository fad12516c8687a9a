namespace MlPipelines.Imaging;

public sealed partial class Image
{
    /// <summary>Every channel times the factor: 0 is black, 1 leaves the picture as it is.</summary>
    /// <param name="factor">At least 0.</param>
    /// <remarks>Fractions are cut off, as in <see cref="AdjustContrast"/> and <see cref="AdjustSaturation"/>. Source: Pillow 9.4
    /// ImageEnhance.Brightness, torchvision adjust_brightness.</remarks>
    public Image AdjustBrightness(float factor) => Mapped(value => Blended(0, value, Factor(factor)));

    /// <summary>Moves every channel away from the picture's mean grey, or towards it: 0 is that grey,
    /// 1 leaves the picture as it is.</summary>
    /// <param name="factor">At least 0.</param>
    /// <remarks>Source: Pillow 9.4 ImageEnhance.Contrast, torchvision adjust_contrast.</remarks>
    public Image AdjustContrast(float factor) => WithColours(image =>
    {
        var sum = 0L;
        foreach (var value in image.ToGrayscale().Pixels)
            sum += value;
        var mean = (int)(sum / (double)(image.Width * (long)image.Height) + 0.5);
        return image.Mapped(value => Blended(mean, value, Factor(factor)));
    });

    /// <summary>Moves every pixel away from its own grey, or towards it: 0 is grey, 1 leaves the picture as it is.
    /// A grey picture stays as it is.</summary>
    /// <param name="factor">At least 0.</param>
    /// <remarks>Source: Pillow 9.4 ImageEnhance.Color, torchvision adjust_saturation.</remarks>
    public Image AdjustSaturation(float factor)
    {
        Factor(factor);
        return WithColours(image => image.Saturated(factor));
    }

    Image Saturated(float factor)
    {
        var bitmap = Bitmap;
        if (bitmap.Channels == 1)
            return this;
        var grey = ToGrayscale().Pixels;
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, 3);
        for (int i = 0, pixel = 0; pixel < grey.Length; pixel++)
            for (var c = 0; c < 3; c++, i++)
                result.Pixels[i] = Blended(grey[pixel], bitmap.Pixels[i], factor);
        return new(result);
    }

    /// <summary>Turns the hue of every pixel; saturation and value stay. A grey picture stays as it is.</summary>
    /// <param name="turns">Part of the colour circle, in [−0.5, 0.5]; a third takes red to green.</param>
    /// <remarks>In float, rounded at the end. Source: Smith 1978, doi:10.1145/800248.807361 (HSV); torchvision 0.14 adjust_hue of tensors,
    /// which cuts fractions off.</remarks>
    public Image AdjustHue(float turns)
    {
        Check.Within(turns, -0.5f, 0.5f);
        return WithColours(image => image.Turned(turns));
    }

    Image Turned(float turns)
    {
        var bitmap = Bitmap;
        if (bitmap.Channels == 1)
            return this;
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, 3);
        for (var i = 0; i < result.Pixels.Length; i += 3)
            TurnHue(bitmap.Pixels.AsSpan(i, 3), result.Pixels.AsSpan(i, 3), turns);
        return new(result);
    }

    static void TurnHue(ReadOnlySpan<byte> from, Span<byte> to, float turns)
    {
        float red = from[0], green = from[1], blue = from[2];
        var most = Math.Max(red, Math.Max(green, blue));
        var range = most - Math.Min(red, Math.Min(green, blue));
        if (range == 0)
        {
            from.CopyTo(to);
            return;
        }
        var sixths = most == red ? (green - blue) / range : most == green ? 2 + (blue - red) / range : 4 + (red - green) / range;
        sixths += 6 * turns;
        for (var c = 0; c < 3; c++)
        {
            // Distance on the circle from the channel's own hue: full up to one sixth, none from two sixths on.
            var away = Math.Abs(sixths - 2 * c) % 6;
            away = Math.Min(away, 6 - away);
            to[c] = (byte)(most - range * Math.Clamp(away - 1, 0, 1) + 0.5f);
        }
    }

    static float Factor(float factor) =>
        float.IsFinite(factor) ? Check.AtLeast(factor, 0)
        : throw new ArgumentOutOfRangeException(nameof(factor), $"factor: got {factor}, needs a finite number of at least 0.");

    static byte Blended(int from, int to, float factor) => (byte)Math.Clamp(from + factor * (to - from), 0, 255);

    Image Mapped(Func<int, byte> map) => WithColours(image =>
    {
        Span<byte> table = stackalloc byte[256];
        for (var value = 0; value < table.Length; value++)
            table[value] = map(value);
        var bitmap = image.Bitmap;
        var result = Bitmap.Unwritten(bitmap.Width, bitmap.Height, bitmap.Channels);
        for (var i = 0; i < result.Pixels.Length; i++)
            result.Pixels[i] = table[bitmap.Pixels[i]];
        return new(result);
    });
}
