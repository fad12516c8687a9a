using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Statistics of images.</summary>
public static class StatisticsCatalog
{
    /// <summary>Mean, standard deviation, least and greatest value of each channel over all images, of any sizes, in one pass.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows; those to learn from, not those to test on.</param>
    /// <param name="imageColumnName">Column of images, or of vectors [C, H, W].</param>
    /// <param name="reading">How many threads read; the result is the same bits for any number. Rows that cannot be read are skipped,
    /// unless it says that they are fatal.</param>
    /// <example><code>
    /// var statistics = ml.Data.ImageStatistics(train, "Image");
    /// var network = new Sequential(new Normalization(statistics.Means, statistics.Deviations), new Conv2D(32, 3), …);
    /// </code></example>
    /// <exception cref="ArgumentException">The column is missing or of another type,
    /// or images differ in their number of channels.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    /// <remarks>Source: Chan, Golub, LeVeque 1979; image by image about its own mean, then joined in pairs.</remarks>
    public static ImageStatistics ImageStatistics(this DataOperationsCatalog catalog, IDataView data, string imageColumnName = "Image",
        RowReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var (moments, images, skipped) = ChannelMoments(data, imageColumnName, PixelColumn.Of(data.Schema, imageColumnName).Read, reading);
        return new(images,
            [.. moments.Select(channel =>
                new ChannelStatistics(channel.Count, channel.Mean, channel.Deviation, channel.Minimum, channel.Maximum))], skipped);
    }

    /// <summary>The mean of all images, pixel by pixel, in one pass.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows; those to learn from, not those to test on.</param>
    /// <param name="imageColumnName">Column of images, or of vectors [C, H, W], all of one size.</param>
    /// <param name="reading">How many threads read; the result is the same bits for any number.</param>
    /// <exception cref="ArgumentException">The column is missing or of another type, or images differ in size.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    public static MeanImage MeanImage(this DataOperationsCatalog catalog, IDataView data, string imageColumnName = "Image",
        RowReading? reading = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        var (count, first, mean) = (0L, default(PixelPlanes), Array.Empty<double>());
        var skipped = ImmutableArray.CreateBuilder<SkippedRow>();
        foreach (var image in OfOneSize(data, imageColumnName, PixelColumn.Of(data.Schema, imageColumnName).Read, reading, skipped))
        {
            if (count++ == 0)
                (first, mean) = (image, new double[image.Values.Length]);
            for (var i = 0; i < mean.Length; i++)
                mean[i] += (image.Values[i] - mean[i]) / count;
        }
        return count > 0 ? new(count, first.Height, first.Width, [.. mean.Select(value => (float)value)], skipped.ToImmutable())
            : throw Unreadable(data, imageColumnName);
    }

    internal static (Moments[] Channels, long Images, ImmutableArray<SkippedRow> Skipped) ChannelMoments(IDataView data, string column,
        Func<RowValues, PixelPlanes> read, RowReading? reading)
    {
        var skipped = ImmutableArray.CreateBuilder<SkippedRow>();
        PairwiseSum<Moments[]> sum = new((one, other) => [.. one.Zip(other, (left, right) => left + right)]);
        var (images, channels) = (0L, 0);
        foreach (var moments in data.Read([column], row => Moments(read(row)), Noting(reading, skipped)))
        {
            if (images++ > 0 && moments.Length != channels)
                throw new ArgumentException($"Column '{column}': an image "
                    + $"has {Counted.Of(moments.Length, "channel")}, those before it {channels}. Let LoadImages load "
                    + "all in grey, or all in colour.");
            channels = moments.Length;
            sum.Add(moments);
        }
        return images > 0 ? (sum.Total([]), images, skipped.ToImmutable()) : throw Unreadable(data, column);
    }

    /// <summary>The images in order; all must be of the size of the first.</summary>
    internal static IEnumerable<PixelPlanes> OfOneSize(IDataView data, string column, Func<RowValues, PixelPlanes> read,
        RowReading? reading, ImmutableArray<SkippedRow>.Builder skipped)
    {
        PixelPlanes? first = null;
        foreach (var image in data.Read([column], read, Noting(reading, skipped)))
        {
            first ??= image;
            if ((image.Channels, image.Height, image.Width) != (first.Value.Channels, first.Value.Height, first.Value.Width))
                throw new ArgumentException(
                    $"Column '{column}': an image is {image}, those before it {first}; one size is needed. Let LoadImages resize them.");
            yield return image;
        }
    }

    internal static InvalidDataException Unreadable(IDataView data, string column) =>
        new($"Column '{column}': none of the {data.CountRows()} images can be read, at least one is needed.");

    static Moments[] Moments(PixelPlanes image) =>
        [.. Enumerable.Range(0, image.Channels).Select(channel => MlPipelines.Moments.Of(image.Plane(channel)))];

    static RowReading Noting(RowReading? reading, ImmutableArray<SkippedRow>.Builder skipped)
    {
        reading ??= new();
        return reading with
        {
            Skipped = row =>
            {
                skipped.Add(row);
                reading.Skipped?.Invoke(row);
            },
        };
    }
}
