using System.Collections.Immutable;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>How well a linear head does on a network's features with one preprocessing.</summary>
/// <param name="Preprocessing">What was done with pixels.</param>
/// <param name="Accuracy">Share of images that are right when each is left out in turn, from 0 to 1.</param>
public sealed record PreprocessingAccuracy(Preprocessing Preprocessing, double Accuracy);

/// <summary>Presets of preprocessing, tried on a network whose own is not known.</summary>
/// <param name="Tried">Each preset with its accuracy, the best first; equal ones in the order of the presets.</param>
/// <param name="Images">How many images they were tried on.</param>
public sealed record PreprocessingComparison(ImmutableArray<PreprocessingAccuracy> Tried, int Images)
{
    /// <summary>The best one; or <paramref name="usual"/>, where the best is within one standard error of it.</summary>
    /// <param name="usual">What is likely from elsewhere; null for nothing.</param>
    public Preprocessing Best(Preprocessing? usual = null)
    {
        var best = Tried[0];
        // Agresti and Coull's: two images more on either side, since all right of a few is no certainty.
        var share = (best.Accuracy * Images + 2) / (Images + 4);
        var error = Math.Sqrt(share * (1 - share) / (Images + 4));
        return Tried.FirstOrDefault(one => one.Preprocessing == usual && one.Accuracy >= best.Accuracy - error)?.Preprocessing
            ?? best.Preprocessing;
    }
}
