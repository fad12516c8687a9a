using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What two geometric changes must agree on to be one, each as far as it needs it.</summary>
readonly record struct Sampling(FillMode Fill, Colour Value, Interpolation Interpolation, bool NeedsFill, bool NeedsInterpolation)
{
    /// <summary>What serves both; null where they differ in what both need.</summary>
    internal Sampling? Shared(Sampling next)
    {
        var sameFill = Fill == next.Fill && (Fill != FillMode.Constant || Value == next.Value);
        if ((NeedsFill && next.NeedsFill && !sameFill)
            || (NeedsInterpolation && next.NeedsInterpolation && Interpolation != next.Interpolation))
            return null;
        var filling = next.NeedsFill || !NeedsFill ? next : this;
        var between = next.NeedsInterpolation || !NeedsInterpolation ? next : this;
        return new(filling.Fill, filling.Value, between.Interpolation, NeedsFill || next.NeedsFill,
            NeedsInterpolation || next.NeedsInterpolation);
    }
}
