using MlPipelines.Imaging;

namespace MlPipelines.Augmentations;

/// <summary>Moves the image across and down by random amounts; what comes in from outside repeats the edge.</summary>
/// <param name="Fraction">Largest shift, as a fraction of width and of height, in [0, 1]; both are drawn uniformly from [−Fraction, Fraction].</param>
/// <param name="Fill">What lies outside the image.</param>
/// <remarks>Source: Keras ImageDataGenerator, width_shift_range and height_shift_range.</remarks>
public sealed record RandomShift(float Fraction = 0.1f, FillMode Fill = FillMode.Nearest) : Augmentation
{
    public float Fraction { get; } = Check.Within(Fraction, 0, 1);

    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        var (across, down) = (dice.Uniform(-Fraction, Fraction) * size.Width, dice.Uniform(-Fraction, Fraction) * size.Height);
        return new Warp(AffineMap.Translation(across, down), Fill);
    }
}
