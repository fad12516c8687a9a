using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Changes the image by a few operations in turn, each drawn from a list of fourteen, all of one strength.</summary>
/// <param name="Operations">How many, in [0, 100].</param>
/// <param name="Magnitude">Their strength: a bin, from 0 to the last; signs are drawn.</param>
/// <param name="Bins">How many bins each operation's range is divided into, in [2, 1000].</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <remarks>
/// The operations: none, slants, shifts, turn, brightness, saturation, contrast, sharpness, posterize, solarize,
/// stretched contrast, equalize.
/// Neighbouring geometric ones are one resample. Source: Cubuk et al. 2019, arXiv:1909.13719; operations,
/// ranges and defaults of torchvision 0.14.
/// </remarks>
public sealed record RandAugment(
    int Operations = 2, int Magnitude = 9, int Bins = 31, Interpolation Interpolation = Interpolation.Nearest,
    FillMode Fill = FillMode.Constant, Colour Value = default) : ImageAugmentation
{
    /// <inheritdoc cref="RandAugment" path="/param[@name='Operations']"/>
    public int Operations { get; } = Check.Within(Operations, 0, 100);

    /// <inheritdoc cref="RandAugment" path="/param[@name='Bins']"/>
    public int Bins { get; } = Check.Within(Bins, 2, 1000);

    /// <inheritdoc cref="RandAugment" path="/param[@name='Magnitude']"/>
    public int Magnitude { get; } = Check.Within(Magnitude, 0, Bins - 1);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        var changes = new ImageChange[Operations];
        foreach (ref var change in changes.AsSpan())
            change = PolicyOperation.Draw(ref dice, PolicyOperation.RandAugment, Magnitude, Bins, size, new(Fill, Value, Interpolation));
        return new ChangeSeries(changes);
    }
}
