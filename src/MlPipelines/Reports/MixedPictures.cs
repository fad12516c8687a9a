using System.Collections.Immutable;
using System.Globalization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A picture with what is written below it.</summary>
/// <param name="Id">Which sample.</param>
/// <param name="Name">Its class.</param>
/// <param name="Image">The picture.</param>
/// <param name="Caption">What was done to it.</param>
sealed record MixedPicture(long Id, string Name, Image Image, string Caption);

/// <summary>Pictures mixed as a trainer mixes the samples of a batch; each is a class of its own,
/// so that the targets say how much of which picture is in it.</summary>
static class MixedPictures
{
    /// <summary>Smaller shares would read 0%.</summary>
    const float LeastShown = 0.005f;

    /// <param name="pictures">Of one size.</param>
    /// <param name="mixings">In order.</param>
    /// <param name="dice">Of the step.</param>
    /// <exception cref="InvalidDataException">Pictures differ in size, so that they cannot stand in one batch.</exception>
    internal static MixedPicture[] Mix(MixedPicture[] pictures, ImmutableArray<ISampleMixing> mixings, Dice dice)
    {
        var first = pictures[0].Image;
        if (pictures.FirstOrDefault(picture => (picture.Image.Width, picture.Image.Height, picture.Image.Channels)
            != (first.Width, first.Height, first.Channels)) is { Image: var other })
            throw new InvalidDataException("Mixing: got images "
                + $"of {first.Width}×{first.Height}×{first.Channels} and {other.Width}×{other.Height}×{other.Channels}, needs one size. "
                + "Give LoadImages a width and a height.");
        var (count, plane) = (pictures.Length, first.Width * first.Height);
        var (pixels, targets) = (new float[checked(count * plane * first.Channels)], new float[count * count]);
        var batch = new SampleBatch(pixels, targets, pictures.Select(picture => picture.Id).ToArray(), first.Height, first.Width);
        for (var i = 0; i < count; i++)
        {
            Planes(pictures[i].Image, batch.PixelsOf(i), plane);
            batch.TargetsOf(i)[i] = 1;
        }
        foreach (var (part, mixing) in mixings.Index())
            mixing.Mix(batch, dice.Split(part));
        var mixed = new MixedPicture[count];
        for (var i = 0; i < count; i++)
            mixed[i] = pictures[i] with
            {
                Image = Interleaved(batch.PixelsOf(i), first, plane),
                Caption = Caption(pictures, i, batch.TargetsOf(i))
            };
        return mixed;
    }

    static void Planes(Image image, Span<float> planes, int plane)
    {
        var pixels = image.Pixels;
        for (var i = 0; i < pixels.Length; i++)
            planes[i % image.Channels * plane + i / image.Channels] = pixels[i];
    }

    static Image Interleaved(ReadOnlySpan<float> planes, Image like, int plane)
    {
        var pixels = new byte[planes.Length];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(MathF.Round(planes[i % like.Channels * plane + i / like.Channels]), 0, 255);
        return Image.FromPixels(like.Width, like.Height, like.Channels, pixels);
    }

    static string Caption(MixedPicture[] pictures, int own, ReadOnlySpan<float> shares)
    {
        var parts = new List<string>();
        for (var i = 0; i < shares.Length; i++)
            if (shares[i] >= LeastShown)
                parts.Add(
                    $"{shares[i].ToString("0%", CultureInfo.InvariantCulture)} "
                        + (pictures[i].Name.Length > 0 ? pictures[i].Name : $"picture {i + 1}"));
        return shares[own] > 1 - LeastShown ? pictures[own].Caption : $"{string.Join(" + ", parts)}\n{pictures[own].Caption}";
    }
}
