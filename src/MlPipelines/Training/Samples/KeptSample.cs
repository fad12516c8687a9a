using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A picture whose pixels or file lie in a store; what is changed at random is drawn when it is read.</summary>
/// <param name="Stored">The pixels, or the bytes of the file.</param>
/// <param name="Picture">All else; its image holds nothing.</param>
sealed record KeptPicture(StoredContent Stored, Picture Picture)
{
    public Picture Read() => Picture with { Image = Stored.Read() is Image pixels ? pixels : Picture.Image.Holding((byte[])Stored.Read()) };

    /// <summary>Moves what a picture holds in memory into a store; null where it holds nothing.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="pixels">Whether its pixels are its own, and not those of a source that holds them anyway.</param>
    /// <param name="store">The store.</param>
    public static KeptPicture? Of(Picture picture, bool pixels, SampleStore store) =>
        picture.Image.HeldBytes is { Length: > 0 } bytes
        // Again and without bytes: pixels or a file that the picture still held would stay in memory beside the store.
        ? new(store.Keep(bytes.ToArray()), picture with { Image = picture.Image.Again().Holding(default) })
        : pixels && picture.Image.IsPixels ? new(store.Keep(picture.Image), picture with { Image = none }) : null;

    static readonly Image none = Image.FromPixels(1, 1, 1, [0]);
}

/// <summary>A sample that only its view can change at random, so that each epoch brings it anew.</summary>
sealed class RereadSample
{
    /// <summary>What the view gave in this epoch; null where it could not be read.</summary>
    public StoredContent? Now { get; set; }

    public object Read() => Now?.Read() ?? throw new InvalidDataException("could be read in an earlier epoch, and no more.");
}
