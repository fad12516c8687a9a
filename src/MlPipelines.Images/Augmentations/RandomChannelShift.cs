using MlPipelines.Imaging;
using static System.FormattableString;

namespace MlPipelines;

/// <summary>Adds a random amount to all channels, within the least and the greatest value that the image has.</summary>
/// <param name="MaxShift">Largest amount, in [0, 255]; drawn uniformly from [−MaxShift, MaxShift].</param>
/// <remarks>Source: Keras ImageDataGenerator, channel_shift_range.</remarks>
public sealed record RandomChannelShift(float MaxShift = 20) : ImageAugmentation
{
    /// <inheritdoc cref="RandomChannelShift" path="/param[@name='MaxShift']"/>
    public float MaxShift { get; } = Check.Within(MaxShift, 0, 255);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) => new ChannelShift((float)dice.Uniform(-MaxShift, MaxShift));
}

/// <summary>Adds an amount to all channels, within the least and the greatest value that the image has.</summary>
/// <param name="Amount">In steps of 8-bit channels; the sum is rounded.</param>
public sealed record ChannelShift(float Amount) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => Invariant($"channels {Amount:+0;-0;+0}");

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.WithColours(Shifted);
    }

    Image Shifted(Image image)
    {
        var pixels = image.Pixels.ToArray();
        var (least, most) = (pixels.Min(), pixels.Max());
        foreach (ref var value in pixels.AsSpan())
            value = (byte)Math.Clamp(MathF.Floor(value + Amount + 0.5f), least, most);
        return Image.FromPixels(image.Width, image.Height, image.Channels, pixels);
    }
}
