using MlPipelines.Imaging;

namespace MlPipelines.Augmentations;

/// <summary>Moves, turns, stretches, slants or mirrors an image.</summary>
/// <param name="Map">Where each point of the result is taken from.</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
public sealed record Warp(AffineMap Map, FillMode Fill = FillMode.Nearest, Colour Value = default) : ImageChange
{
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Map == AffineMap.Identity ? image : image.Affine(Map, fill: Fill, value: Value);
    }

    internal override ImageChange? Join(ImageChange next, ImageSize size) => next switch
    {
        Warp warp when Border.Shared(Border, StaysInside(size), warp.Border, warp.StaysInside(size)) is { } border =>
            new Warp(warp.Map.Then(Map), border.Fill, border.Value),
        PerspectiveWarp warp when Border.Shared(Border, StaysInside(size), warp.Border, false) is { } border =>
            new PerspectiveWarp(warp.Map.Then(PerspectiveMap.From(Map)), border.Fill, border.Value),
        _ => null,
    };

    internal Border Border => new(Fill, Fill == FillMode.Constant ? Value : default);

    internal bool StaysInside(ImageSize size)
    {
        var (map, right, bottom) = (Map, size.Width - 1, size.Height - 1);
        bool Inside(double x, double y) => map.Apply(x, y) is var (fromX, fromY) && fromX >= 0 && fromY >= 0 && fromX <= right && fromY <= bottom;
        return Inside(0, 0) && Inside(right, 0) && Inside(0, bottom) && Inside(right, bottom);
    }
}

/// <summary>Shows an image as seen from aside.</summary>
/// <param name="Map">Where each point of the result is taken from.</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
public sealed record PerspectiveWarp(PerspectiveMap Map, FillMode Fill = FillMode.Nearest, Colour Value = default) : ImageChange
{
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Perspective(Map, Fill, Value);
    }

    internal override ImageChange? Join(ImageChange next, ImageSize size) => next switch
    {
        Warp warp when Border.Shared(Border, false, warp.Border, warp.StaysInside(size)) is { } border =>
            new PerspectiveWarp(PerspectiveMap.From(warp.Map).Then(Map), border.Fill, border.Value),
        PerspectiveWarp warp when warp.Border == Border => this with { Map = warp.Map.Then(Map) },
        _ => null,
    };

    internal Border Border => new(Fill, Fill == FillMode.Constant ? Value : default);
}

/// <summary>What two geometric changes must agree on to be one.</summary>
readonly record struct Border(FillMode Fill, Colour Value)
{
    internal static Border? Shared(Border one, bool oneUnused, Border other, bool otherUnused) =>
        oneUnused || one == other ? other : otherUnused ? one : null;
}
