using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Adds a border on all sides, then cuts out the image's own size at random: a shift by whole pixels.</summary>
/// <param name="Padding">Width of the border in pixels, at least 0; both shifts are drawn uniformly
/// from the integers in [−Padding, Padding].</param>
/// <param name="Fill">What the border is made of.</param>
/// <param name="Value">The colour of the border, for <see cref="FillMode.Constant"/>.</param>
/// <remarks>Source: He et al. 2016, arXiv:1512.03385, §4.2, with 4 black pixels; torchvision 0.14 RandomCrop.</remarks>
public sealed record PadAndCrop(int Padding = 4, FillMode Fill = FillMode.Constant, Colour Value = default) : ImageAugmentation
{
    /// <inheritdoc cref="PadAndCrop" path="/param[@name='Padding']"/>
    public int Padding { get; } = Check.Within(Padding, 0, 10_000);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        var (across, down) = (dice.Below(2 * Padding + 1) - Padding, dice.Below(2 * Padding + 1) - Padding);
        return new Warp(AffineMap.Translation(across, down), Fill, Value);
    }
}
