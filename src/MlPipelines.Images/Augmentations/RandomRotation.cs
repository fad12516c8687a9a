using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Turns the image about its centre by a random angle.</summary>
/// <param name="Degrees">Largest angle, in [0, 180]; drawn uniformly from [−Degrees, Degrees].</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <remarks>Source: Keras ImageDataGenerator, rotation_range, about the true centre.</remarks>
public sealed record RandomRotation(float Degrees = 20, FillMode Fill = FillMode.Nearest, Colour Value = default,
    Interpolation Interpolation = Interpolation.Bilinear) : ImageAugmentation
{
    /// <inheritdoc cref="RandomRotation" path="/param[@name='Degrees']"/>
    public float Degrees { get; } = Check.Within(Degrees, 0, 180);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        new Warp(AffineMap.Rotation(dice.Uniform(-Degrees, Degrees)).About(size.MiddleX, size.MiddleY), Fill, Value, Interpolation);
}
