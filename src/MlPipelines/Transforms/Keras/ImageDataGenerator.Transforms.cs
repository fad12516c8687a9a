using MlPipelines.Imaging;
using MlPipelines.Tensors;

namespace MlPipelines;

public sealed partial record ImageDataGenerator
{
    /// <summary>Draws a transform for images of that size, in Keras's order of drawing.</summary>
    public TransformParameters GetRandomTransform(ref Dice dice, ImageSize size)
    {
        var theta = RotationRange > 0 ? dice.Uniform(-RotationRange, RotationRange) : 0;
        var tx = HeightShiftRange.IsNone ? 0 : HeightShiftRange.Draw(ref dice, size.Height);
        var ty = WidthShiftRange.IsNone ? 0 : WidthShiftRange.Draw(ref dice, size.Width);
        var shear = ShearRange > 0 ? dice.Uniform(-ShearRange, ShearRange) : 0;
        var (zx, zy) = ZoomRange.IsOne ? (1, 1) : (ZoomRange.Draw(ref dice), ZoomRange.Draw(ref dice));
        var horizontal = dice.Chance(0.5) && HorizontalFlip;
        var vertical = dice.Chance(0.5) && VerticalFlip;
        double? shift = ChannelShiftRange > 0 ? dice.Uniform(-ChannelShiftRange, ChannelShiftRange) : null;
        return new()
        {
            Theta = theta,
            Tx = tx,
            Ty = ty,
            Shear = shear,
            Zx = zx,
            Zy = zy,
            FlipHorizontal = horizontal,
            FlipVertical = vertical,
            ChannelShiftIntensity = shift,
            Brightness = BrightnessRange?.Draw(ref dice),
        };
    }

    /// <summary>The image transformed; the given one stays as it is.</summary>
    /// <param name="image">[C, H, W], floats, 1, 3 or 4 channels, of which the fourth is alpha.</param>
    /// <param name="parameters">What to do.</param>
    public Tensor ApplyTransform(Tensor image, TransformParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var (channels, height, width) = Sizes(image);
        return Tensor.Of<float>(image.Shape, Transformed(image.Elements<float>(), channels, height, width, parameters));
    }

    /// <summary>The pixels of an image as the generator takes them: [C, H, W], floats, 0–255.</summary>
    public static Tensor Pixels(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Tensor.Of<float>([image.Channels, image.Height, image.Width], PixelPlanes.Of(image).Values);
    }

    internal float[] Transformed(ReadOnlySpan<float> image, int channels, int height, int width, TransformParameters drawn)
    {
        var planes = Geometry.Of(drawn, height, width, Compatibility) is { } map
            ? FloatResampler.Resample(image, new(width, height), map,
                InterpolationOrder == 0 ? Interpolation.Nearest : Interpolation.Bilinear,
                FillMode, Cval) : image.ToArray();
        // Alpha moves with the colours, and is not changed with them.
        var colours = planes.AsSpan(0, Math.Min(channels, 3) * height * width);
        if (drawn.ChannelShiftIntensity is { } intensity)
        {
            var (least, most) = KerasBrightness.Extremes(colours);
            foreach (ref var pixel in colours)
                pixel = Math.Clamp((float)(pixel + intensity), least, most);
        }
        if (drawn.FlipHorizontal)
            for (var row = 0; row < channels * height; row++)
                planes.AsSpan(row * width, width).Reverse();
        if (drawn.FlipVertical)
            FlipVertically(planes, channels, height, width);
        if (drawn.Brightness is { } brightness)
            KerasBrightness.Apply(colours, Math.Min(channels, 3), brightness, Compatibility);
        return planes;
    }

    static void FlipVertically(float[] planes, int channels, int height, int width)
    {
        var kept = new float[width];
        for (var channel = 0; channel < channels; channel++)
            for (var (top, bottom) = (channel * height, (channel + 1) * height - 1); top < bottom; top++, bottom--)
            {
                var (upper, lower) = (top * width, bottom * width);
                planes.AsSpan(upper, width).CopyTo(kept);
                planes.AsSpan(lower, width).CopyTo(planes.AsSpan(upper));
                kept.CopyTo(planes.AsSpan(lower));
            }
    }

    static (int Channels, int Height, int Width) Sizes(Tensor image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image is { Type: ElementType.Float, Shape: [1 or 3 or 4, > 0, > 0] } ? (image.Shape[0], image.Shape[1], image.Shape[2])
            : throw new ArgumentException($"ImageDataGenerator: got {image}, Float[C,H,W] with 1, 3 or 4 channels is needed.",
                nameof(image));
    }
}
