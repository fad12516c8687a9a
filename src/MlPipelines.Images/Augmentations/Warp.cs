using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Moves, turns, stretches, slants or mirrors an image.</summary>
/// <param name="Map">Where each point of the result is taken from.</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <param name="Interpolation">What lies between pixels.</param>
public sealed record Warp(AffineMap Map, FillMode Fill = FillMode.Nearest, Colour Value = default,
    Interpolation Interpolation = Interpolation.Bilinear) : ImageChange
{
    const double Nothing = 1e-9;

    /// <inheritdoc/>
    public override string Describe(ImageSize size) => AffineDecomposition.Of(Map, size).InWords(size);

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Map == AffineMap.Identity ? image : image.Affine(Map, Interpolation, Fill, Value);
    }

    internal override ImageChange? Join(ImageChange next, ImageSize size) => next switch
    {
        Warp warp when Needs(size).Shared(warp.Needs(size)) is { } shared =>
            new Warp(warp.Map.Then(Map), shared.Fill, shared.Value, shared.Interpolation),
        PerspectiveWarp warp when Needs(size).Shared(warp.Needs) is { } shared =>
            new PerspectiveWarp(warp.Map.Then(PerspectiveMap.From(Map)), shared.Fill, shared.Value, shared.Interpolation),
        _ => null,
    };

    internal Sampling Needs(ImageSize size) =>
        new(Fill, Value, Interpolation, NeedsFill: !StaysInside(size), NeedsInterpolation: !MovesPixelsOntoPixels);

    bool StaysInside(ImageSize size)
    {
        var (map, right, bottom) = (Map, size.Width - 1, size.Height - 1);
        bool Inside(double x, double y) =>
            map.Apply(x, y) is var (fromX, fromY) && fromX >= 0 && fromY >= 0 && fromX <= right && fromY <= bottom;
        return Inside(0, 0) && Inside(right, 0) && Inside(0, bottom) && Inside(right, bottom);
    }

    bool MovesPixelsOntoPixels =>
        new[] { Map.XX, Map.XY, Map.X0, Map.YX, Map.YY, Map.Y0 }.All(number => Math.Abs(number - Math.Round(number)) < Nothing);
}

/// <summary>Shows an image as seen from aside.</summary>
/// <param name="Map">Where each point of the result is taken from.</param>
/// <param name="Fill">What lies outside the image.</param>
/// <param name="Value">The colour outside, for <see cref="FillMode.Constant"/>.</param>
/// <param name="Interpolation">What lies between pixels.</param>
public sealed record PerspectiveWarp(PerspectiveMap Map, FillMode Fill = FillMode.Nearest, Colour Value = default,
    Interpolation Interpolation = Interpolation.Bilinear) : ImageChange
{
    /// <inheritdoc/>
    public override string Describe(ImageSize size) => "seen from aside";

    /// <inheritdoc/>
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Perspective(Map, Fill, Value, Interpolation);
    }

    internal override ImageChange? Join(ImageChange next, ImageSize size) => next switch
    {
        Warp warp when Needs.Shared(warp.Needs(size)) is { } shared =>
            new PerspectiveWarp(PerspectiveMap.From(warp.Map).Then(Map), shared.Fill, shared.Value, shared.Interpolation),
        PerspectiveWarp warp when Needs.Shared(warp.Needs) is not null => this with { Map = warp.Map.Then(Map) },
        _ => null,
    };

    internal Sampling Needs => new(Fill, Value, Interpolation, NeedsFill: true, NeedsInterpolation: true);
}
