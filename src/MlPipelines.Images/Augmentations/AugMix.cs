using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Blends the image with several versions of itself, each changed by a chain of weak operations.</summary>
/// <param name="Severity">How many of the ten strengths of an operation may be drawn, from the weakest (none) on, in [1, 10].</param>
/// <param name="Width">How many chains, in [1, 100].</param>
/// <param name="Depth">Operations in a chain, at most 100; below 1 it is drawn for each from 1, 2 and 3.</param>
/// <param name="Alpha">Of the Dirichlet distribution of the chains' shares, and of the beta distribution of the image's own,
/// in (0, 100].</param>
/// <param name="AllOperations">True for brightness, saturation, contrast and sharpness among the operations.</param>
/// <remarks>
/// The sum is rounded, where torchvision cuts fractions off. The loss of the paper that compares two versions is not part of it.
/// Source: Hendrycks et al. 2019, arXiv:1912.02781; operations, ranges and defaults of torchvision 0.14.
/// </remarks>
public sealed record AugMix(int Severity = 3, int Width = 3, int Depth = -1, float Alpha = 1, bool AllOperations = true)
    : ImageAugmentation
{
    const int Bins = 10;
    const int MostDrawnDepth = 3;

    /// <inheritdoc cref="AugMix" path="/param[@name='Severity']"/>
    public int Severity { get; } = Check.Within(Severity, 1, Bins);

    /// <inheritdoc cref="AugMix" path="/param[@name='Width']"/>
    public int Width { get; } = Check.Within(Width, 1, 100);

    /// <inheritdoc cref="AugMix" path="/param[@name='Depth']"/>
    public int Depth { get; } = Check.Within(Depth, -1, 100);

    /// <inheritdoc cref="AugMix" path="/param[@name='Alpha']"/>
    public float Alpha { get; } = Check.Within(Check.MoreThan(Alpha, 0), 0, 100);

    /// <summary>What lies between pixels.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>What lies outside the image.</summary>
    public FillMode Fill { get; init; } = FillMode.Constant;

    /// <summary>The colour outside, for <see cref="FillMode.Constant"/>.</summary>
    public Colour Value { get; init; }

    /// <inheritdoc/>
    public override ImageChange Draw(ref Dice dice, ImageSize size)
    {
        var own = dice.Beta(Alpha, Alpha);
        var shares = dice.Dirichlet(Width, Alpha);
        var chains = ImmutableArray.CreateBuilder<(float, ImageChange)>(Width);
        foreach (var share in shares)
            chains.Add(((float)(share * (1 - own)), Chain(ref dice, size)));
        return new Blend((float)own, chains.MoveToImmutable());
    }

    ChangeSeries Chain(ref Dice dice, ImageSize size)
    {
        var operations = AllOperations ? PolicyOperation.AugMixOfAll : PolicyOperation.AugMix;
        var changes = new ImageChange[Depth > 0 ? Depth : 1 + dice.Below(MostDrawnDepth)];
        foreach (ref var change in changes.AsSpan())
            change = PolicyOperation.Draw(ref dice, operations, dice.Below(Severity), Bins, size, new(Fill, Value, Interpolation));
        return new ChangeSeries(changes);
    }
}
