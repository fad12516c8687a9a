using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A random change of samples while a trainer learns: of each image (<see cref="ImageAugmentation"/>), or of a batch, by mixing
/// its samples (<see cref="ISampleMixing"/>).</summary>
public abstract record Augmentation;

/// <summary>A distribution over deterministic changes of an image. Adding one is adding a sealed record that derives from this.</summary>
public abstract record ImageAugmentation : Augmentation
{
    /// <summary>Draws one change for an image of that size.</summary>
    public abstract ImageChange Draw(ref Dice dice, ImageSize size);
}

/// <summary>A change of an image, drawn already: the same image gives the same result.</summary>
public abstract record ImageChange
{
    /// <summary>No change.</summary>
    public static ImageChange None { get; } = new Unchanged();

    /// <summary>What is done to an image of that size, in a few words, such as "turned 12°" (anticlockwise) or "moved 3 right, 1 down";
    /// empty for nothing that shows.</summary>
    public virtual string Describe(ImageSize size) => GetType().Name;

    /// <summary>The changed image; the given one stays as it is.</summary>
    public abstract Image Apply(Image image);

    /// <summary>Applies changes in order; neighbouring geometric ones become one,
    /// so that the image is resampled once for all of them.</summary>
    /// <remarks>
    /// Those that fill what lies outside, or interpolate, in different ways stay apart;
    /// one that brings nothing in from outside joins whatever the filling,
    /// one that moves pixels onto pixels whatever the interpolation: a mirroring joins any.
    /// </remarks>
    public static Image Apply(Image image, IEnumerable<ImageChange> changes)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(changes);
        ImageChange pending = None;
        foreach (var change in changes.SelectMany(change => change.Parts))
        {
            if (pending.Join(change, new(image.Width, image.Height)) is { } joined)
            {
                pending = joined;
                continue;
            }
            image = pending.Apply(image);
            pending = change;
        }
        return pending.Apply(image);
    }

    /// <summary>The changes that this one consists of, in order; none for no change.</summary>
    internal virtual IEnumerable<ImageChange> Parts => [this];

    /// <summary>This change and the next one as a single change of an image of that size; null where they stay apart.</summary>
    internal virtual ImageChange? Join(ImageChange next, ImageSize size) => null;

    sealed record Unchanged : ImageChange
    {
        public override string Describe(ImageSize size) => "";

        public override Image Apply(Image image) => image;

        internal override IEnumerable<ImageChange> Parts => [];

        internal override ImageChange Join(ImageChange next, ImageSize size) => next;
    }
}
