using System.Collections.Immutable;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>How well a linear head does on a network's features with one preprocessing.</summary>
/// <param name="Preprocessing">What was done with pixels.</param>
/// <param name="Right">Whether each image is right when it is left out in turn; the images of one place are the same ones for every
/// preprocessing.</param>
public sealed record PreprocessingAccuracy(Preprocessing Preprocessing, ImmutableArray<bool> Right)
{
    /// <summary>Share of images that are right, from 0 to 1; 0 where there are none.</summary>
    public double Accuracy => Right.IsEmpty ? 0 : (double)Right.Count(right => right) / Right.Length;
}

/// <summary>Presets of preprocessing, tried on a network whose own is not known.</summary>
/// <param name="Tried">Each preset with what it is right of, the best first; equal ones in the order of the presets.</param>
public sealed record PreprocessingComparison(ImmutableArray<PreprocessingAccuracy> Tried)
{
    /// <summary>The usual one has to be worse than the best by more than chance makes it this often.</summary>
    const double Significance = 0.05;

    /// <summary>How many images they were tried on.</summary>
    public int Images => Tried[0].Right.Length;

    /// <summary>The best one; or <paramref name="usual"/>, where the best is not better than it by more than chance: on the images of which
    /// only one of the two is right, by a sign test of 5 %, two-sided.</summary>
    /// <param name="usual">What is likely from elsewhere; null for nothing.</param>
    public Preprocessing Best(Preprocessing? usual = null)
    {
        var best = Tried[0];
        return Tried.FirstOrDefault(one => one.Preprocessing == usual) is { } likely
            && SignTest.TwoSided(Ahead(best, likely), Ahead(likely, best)) > Significance
                ? likely.Preprocessing : best.Preprocessing;
    }

    static int Ahead(PreprocessingAccuracy one, PreprocessingAccuracy other) =>
        one.Right.Zip(other.Right).Count(pair => pair.First && !pair.Second);
}
