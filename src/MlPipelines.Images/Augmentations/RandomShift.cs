using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Moves the image across and down by random amounts.</summary>
/// <param name="Fraction">Largest shift, as a fraction of width and of height, in [0, 1];
/// both are drawn uniformly from [−Fraction, Fraction].</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <param name="Down">Largest shift down, as a fraction of height, in [0, 1], where it differs from that across.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <remarks>Source: Keras ImageDataGenerator, width_shift_range and height_shift_range.</remarks>
public sealed record RandomShift(float Fraction = 0.1f, FillMode Fill = FillMode.Nearest, Colour Value = default, float? Down = null,
    Interpolation Interpolation = Interpolation.Bilinear) : ImageAugmentation
{
    /// <inheritdoc cref="RandomShift" path="/param[@name='Fraction']"/>
    public float Fraction { get; } = Check.Within(Fraction, 0, 1);

    /// <inheritdoc cref="RandomShift" path="/param[@name='Down']"/>
    public float? Down { get; } = Down is { } down ? Check.Within(down, 0, 1, nameof(Down)) : null;

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        var most = Down ?? Fraction;
        var (across, down) = (dice.Uniform(-Fraction, Fraction) * size.Width, dice.Uniform(-most, most) * size.Height);
        return new Warp(AffineMap.Translation(across, down), Fill, Value, Interpolation);
    }
}
