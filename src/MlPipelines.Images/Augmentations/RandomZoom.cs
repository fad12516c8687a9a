using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Shows more or less of the image, about its centre.</summary>
/// <param name="Min">Smallest part of width and height that is shown, in [0.01, 100]; below 1 the image is magnified.</param>
/// <param name="Max">Largest part, from the smallest to 100; above 1 the image shrinks. The part is drawn uniformly between them.</param>
/// <param name="EachAxis">True to draw one for width and another for height, which stretches the image; false for one for both.</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <remarks>Shrinking is not antialiased. Source: Keras ImageDataGenerator, zoom_range, which draws for each axis.</remarks>
public sealed record RandomZoom(float Min = 0.9f, float Max = 1.1f, bool EachAxis = false, FillMode Fill = FillMode.Nearest,
    Colour Value = default, Interpolation Interpolation = Interpolation.Bilinear) : ImageAugmentation
{
    /// <inheritdoc cref="RandomZoom" path="/param[@name='Min']"/>
    public float Min { get; } = Check.Within(Min, 0.01f, 100);

    /// <inheritdoc cref="RandomZoom" path="/param[@name='Max']"/>
    public float Max { get; } = Check.Within(Max, Min, 100);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        var across = dice.Uniform(Min, Max);
        var down = EachAxis ? dice.Uniform(Min, Max) : across;
        return new Warp(AffineMap.Scaling(across, down).About(size.MiddleX, size.MiddleY), Fill, Value, Interpolation);
    }
}
