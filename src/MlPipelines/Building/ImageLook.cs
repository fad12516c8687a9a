using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What the pictures of a set are like, by some that are looked at.</summary>
/// <param name="Width">Middle width, in pixels.</param>
/// <param name="Height">Middle height, in pixels.</param>
/// <param name="ReasonForScratch">Why a network is tried from scratch; null where networks of photographs suit them.</param>
sealed record ImageLook(int Width, int Height, string? ReasonForScratch)
{
    const int MostLooked = 25;

    /// <summary>The shorter side.</summary>
    public int Side => Math.Min(Width, Height);

    /// <summary>Looks at some pictures, evenly spread; those that cannot be read say nothing.</summary>
    /// <param name="pictures">Rows with the column Image, of pictures in their own size.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidDataException">None of them can be read.</exception>
    public static ImageLook At(IDataView pictures, CancellationToken cancellation)
    {
        Image[] looked = [.. Spread(pictures, MostLooked)
            .Read(["Image"], row => NetworkInput.ImageOf(row["Image"], "Image").Decoded(), cancellation: cancellation)];
        if (looked.Length == 0)
            throw new InvalidDataException($"Build: none of {MostLooked} pictures looked at can be read. The log of a training would name "
                + "each with its reason; 'mlpipe dataset check' does.");
        return new(Middle(looked, image => image.Width), Middle(looked, image => image.Height),
            DefaultNetwork.OfMost([.. looked.Select(image => DefaultNetwork.ReasonForScratch(image, null, null))]));
    }

    /// <summary>Some rows of a view, evenly spread.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="most">How many at most.</param>
    public static IDataView Spread(IDataView data, int most)
    {
        var rows = (int)data.CountRows();
        var count = Math.Min(rows, most);
        return PickedView.Of(data, Enumerable.Range(0, count).Select(place => (int)((long)place * rows / count)), rows);
    }

    static int Middle(Image[] images, Func<Image, int> of) => images.Select(of).Order().ElementAt(images.Length / 2);
}
