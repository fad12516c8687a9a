using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Changes the image by one operation, drawn from a list of fourteen, of a strength drawn anew.</summary>
/// <param name="Bins">How many strengths there are in each operation's range, in [2, 1000]; drawn uniformly, and so are signs.</param>
/// <param name="Interpolation">What lies between pixels.</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <remarks>The operations are those of <see cref="RandAugment"/> in wider ranges. Source: Müller, Hutter 2021, arXiv:2103.10158;
/// operations, ranges and defaults of torchvision 0.14 TrivialAugmentWide.</remarks>
public sealed record TrivialAugment(int Bins = 31, Interpolation Interpolation = Interpolation.Nearest, FillMode Fill = FillMode.Constant,
    Colour Value = default) : ImageAugmentation
{
    /// <inheritdoc cref="TrivialAugment" path="/param[@name='Bins']"/>
    public int Bins { get; } = Check.Within(Bins, 2, 1000);

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size) =>
        PolicyOperation.Draw(ref dice, PolicyOperation.TrivialAugmentWide, dice.Below(Bins), Bins, size, new(Fill, Value, Interpolation));
}
