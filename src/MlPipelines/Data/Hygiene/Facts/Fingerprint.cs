using System.Numerics;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What an image looks like, in 776 bytes: the same, nearly, after it was resized, saved again or made a little lighter.</summary>
/// <remarks>
/// The hash is taken of 32×32 grey levels: the 64 lowest coefficients of their cosine transform (DCT-II), row by row, each giving a 1 where
/// it is more than 60 above their median, so that noise decides no bit of a drawing that lacks most of them; the first is the highest bit.
/// The thumbnail is 16×16, red, green and blue. Source: Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions",
/// §3.2.1; here the lowest row and column are kept.
/// </remarks>
public sealed class Fingerprint
{
    const int Side = 32, Kept = 8, ThumbnailSide = 16;

    // What coefficients come to that a symmetric picture lacks, from the noise of a JPEG: a standard deviation of 4 grey levels.
    const double Noise = 60;

    static readonly double[] cosines = [
        .. from u in Enumerable.Range(0, Kept) from x in Enumerable.Range(0, Side) select Math.Cos(Math.PI * u * (2 * x + 1) / (2 * Side))];

    readonly byte[] thumbnail;
    readonly double[] means = new double[3];
    readonly double length;

    Fingerprint(ulong hash, byte[] thumbnail)
    {
        (Hash, this.thumbnail) = (hash, thumbnail);
        for (var i = 0; i < thumbnail.Length; i++)
            means[i % 3] += thumbnail[i] / (double)(thumbnail.Length / 3);
        length = Math.Sqrt(thumbnail.Index().Sum(value => (value.Item - means[value.Index % 3]) * (value.Item - means[value.Index % 3])));
    }

    /// <summary>64 bits, of which few differ between images that look alike.</summary>
    public ulong Hash { get; }

    /// <summary>True when the image is all but one colour (a standard deviation under 2 of 255 within the channels): it then looks like any
    /// other such image, and is compared with none.</summary>
    public bool IsPlain => length < 2 * Math.Sqrt(thumbnail.Length);

    /// <summary>Makes the fingerprint of an image of any size.</summary>
    public static Fingerprint Of(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return new(HashOf(image.Resize(Side, Side, ResizingKind.Fill).ToGrayscale().Pixels),
            image.ToRgb().Resize(ThumbnailSide, ThumbnailSide, ResizingKind.Fill).Pixels.ToArray());
    }

    /// <summary>Number of bits that differ, from 0 to 64.</summary>
    public int Distance(Fingerprint other) => BitOperations.PopCount(Hash ^ other.Hash);

    /// <summary>Correlation of the thumbnails, each channel about its own mean, from −1 to 1: blind to brightness, contrast and the hue of
    /// the light, but not to colours.</summary>
    public double Correlation(Fingerprint other)
    {
        var sum = 0L;
        for (var i = 0; i < thumbnail.Length; i++)
            sum += thumbnail[i] * other.thumbnail[i];
        return length > 0 && other.length > 0 ? (sum - thumbnail.Length / 3 * Products(means, other.means)) / (length * other.length) : 0;
    }

    static double Products(double[] a, double[] b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

    static ulong HashOf(ReadOnlySpan<byte> grey)
    {
        Span<double> rows = stackalloc double[Side * Kept];
        for (var y = 0; y < Side; y++)
            for (var u = 0; u < Kept; u++)
            {
                var sum = 0.0;
                for (var x = 0; x < Side; x++)
                    sum += grey[y * Side + x] * cosines[u * Side + x];
                rows[y * Kept + u] = sum;
            }
        Span<double> lowest = stackalloc double[Kept * Kept];
        for (var v = 0; v < Kept; v++)
            for (var u = 0; u < Kept; u++)
            {
                var sum = 0.0;
                for (var y = 0; y < Side; y++)
                    sum += rows[y * Kept + u] * cosines[v * Side + y];
                lowest[v * Kept + u] = sum;
            }
        double[] sorted = [.. lowest];
        Array.Sort(sorted);
        var median = (sorted[31] + sorted[32]) / 2;
        var hash = 0UL;
        foreach (var coefficient in lowest)
            hash = hash << 1 | (coefficient > median + Noise ? 1UL : 0);
        return hash;
    }
}
