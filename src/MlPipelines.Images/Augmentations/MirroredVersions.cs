using System.Collections.Immutable;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Scores the image and its mirror image, and both moved a little.</summary>
/// <param name="Shift">Pixels that both are moved left and up, and again right and down, in [0, 1000];
/// 0 for the image and its mirror image alone.</param>
/// <remarks>
/// Half of the prediction is of the two that are not moved, a quarter of each way moved;
/// what a move brings in repeats the edge. Probabilities are averaged.
/// Source: K. Jordan 2024, arXiv:2404.00498, §3.4, which moves by one pixel and averages logits.
/// </remarks>
public sealed record MirroredVersions(int Shift = 1) : TestTimeAugmentation
{
    /// <inheritdoc cref="MirroredVersions" path="/param[@name='Shift']"/>
    public int Shift { get; } = Check.Within(Shift, 0, 1000);

    /// <inheritdoc/>
    public override ImmutableArray<ScoredVersion> Versions(ImageSize size)
    {
        var mirror = new Warp(new(-1, 0, size.Width - 1, 0, 1, 0));
        ImmutableArray<ScoredVersion> Both(ImageChange move, float weight) =>
            [new(move, weight / 2), new(new ChangeSeries(move, mirror), weight / 2)];
        return Shift == 0 ? Both(ImageChange.None, 1)
            : [.. Both(ImageChange.None, 0.5f), .. Both(Moved(Shift), 0.25f), .. Both(Moved(-Shift), 0.25f)];
    }

    static Warp Moved(int by) => new(AffineMap.Translation(by, by));
}
