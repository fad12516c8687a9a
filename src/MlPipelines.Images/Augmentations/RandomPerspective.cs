using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Shows the image as seen from a random side: each corner moves inwards on its own.</summary>
/// <param name="Distortion">How far at most, as a fraction of half the width and half the height, in [0, 0.6]; whole pixels,
/// drawn uniformly.</param>
/// <param name="Probability">How often, in [0, 1].</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <remarks>From a distortion of two thirds on, the corners could make a quadrilateral that is not convex. An image of one row or column
/// stays as it is. Source: torchvision 0.14 RandomPerspective, which fills with black.</remarks>
public sealed record RandomPerspective(float Distortion = 0.5f, float Probability = 0.5f, FillMode Fill = FillMode.Nearest,
    Colour Value = default, Interpolation Interpolation = Interpolation.Bilinear) : ImageAugmentation
{
    /// <inheritdoc cref="RandomPerspective" path="/param[@name='Distortion']"/>
    public float Distortion { get; } = Check.Within(Distortion, 0, 0.6f);

    /// <inheritdoc cref="RandomPerspective" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        if (!dice.Chance(Probability) || size.Width < 2 || size.Height < 2)
            return ImageChange.None;
        var (right, bottom) = (size.Width - 1, size.Height - 1);
        var (across, down) = ((int)(Distortion * (size.Width / 2)) + 1, (int)(Distortion * (size.Height / 2)) + 1);
        var topLeft = (dice.Below(across), dice.Below(down));
        var topRight = (right - dice.Below(across), dice.Below(down));
        var bottomRight = (right - dice.Below(across), bottom - dice.Below(down));
        var bottomLeft = (dice.Below(across), bottom - dice.Below(down));
        return new PerspectiveWarp(PerspectiveMap.ToCorners(size.Width, size.Height, topLeft, topRight, bottomRight, bottomLeft), Fill,
            Value, Interpolation);
    }
}
