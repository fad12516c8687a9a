using MlPipelines.Imaging;

namespace MlPipelines.Augmentations;

/// <summary>A distribution over deterministic changes of an image. Adding one is adding a sealed record that derives from this.</summary>
public abstract record Augmentation
{
    /// <summary>Draws one change for an image of that size.</summary>
    public abstract ImageChange Draw(ref Dice dice, ImageSize size);
}

/// <summary>Size of an image in pixels.</summary>
public readonly record struct ImageSize(int Width, int Height);

/// <summary>A change of an image, drawn already: the same image gives the same result.</summary>
public abstract record ImageChange
{
    /// <summary>No change.</summary>
    public static ImageChange None { get; } = new Unchanged();

    /// <summary>The changed image; the given one stays as it is.</summary>
    public abstract Image Apply(Image image);

    /// <summary>Applies changes in order; neighbouring warps become one, so that the image is resampled once for all of them.</summary>
    public static Image Apply(Image image, IEnumerable<ImageChange> changes)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(changes);
        Warp? pending = null;
        foreach (var change in changes.Where(change => change is not Unchanged))
        {
            if (change is Warp warp && (pending is null || pending.Fill == warp.Fill))
            {
                pending = pending is null ? warp : pending with { Map = warp.Map.Then(pending.Map) };
                continue;
            }
            image = change.Apply(pending?.Apply(image) ?? image);
            pending = null;
        }
        return pending?.Apply(image) ?? image;
    }

    sealed record Unchanged : ImageChange
    {
        public override Image Apply(Image image) => image;
    }
}

/// <summary>Moves, turns, stretches or mirrors an image.</summary>
/// <param name="Map">Where each point of the result is taken from.</param>
/// <param name="Fill">What lies outside the image.</param>
public sealed record Warp(AffineMap Map, FillMode Fill = FillMode.Nearest) : ImageChange
{
    public override Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Map == AffineMap.Identity ? image : image.Affine(Map, fill: Fill);
    }
}
