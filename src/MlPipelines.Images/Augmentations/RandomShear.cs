using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Slants the image sideways by a random angle; its centre stays where it is, and so does the height of every pixel.</summary>
/// <param name="Degrees">Largest angle between an upright line and its image, in [0, 80]; drawn uniformly from [−Degrees, Degrees].</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <remarks>Each row moves by tan θ of its distance from the middle. Source: torchvision RandomAffine, shear (of x).</remarks>
public sealed record RandomShear(float Degrees = 10, FillMode Fill = FillMode.Nearest, Colour Value = default,
    Interpolation Interpolation = Interpolation.Bilinear) : ImageAugmentation
{
    /// <inheritdoc cref="RandomShear" path="/param[@name='Degrees']"/>
    public float Degrees { get; } = Check.Within(Degrees, 0, 80);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        new Warp(AffineMap.Shear(Math.Tan(dice.Uniform(-Degrees, Degrees) * Math.PI / 180)).About(size.MiddleX, size.MiddleY), Fill, Value,
            Interpolation);
}
