using MlPipelines.Imaging;

namespace MlPipelines.Tests.Data.Statistics;

public sealed class ImageStatisticsTests
{
    readonly MLContext ml = new(1);

    static IDataView Images(params IEnumerable<Image> images) => MadeUp.Pictures([.. images]);

    static IDataView Vectors(float[][] vectors, params int[] sizes) =>
        MadeUp.Rows(vectors.Length, MadeUp.Vector("Image", row => vectors[row], sizes));

    [Fact]
    public void Channels_equal_those_of_NumPy_over_images_of_several_sizes()
    {
        var golden = StatisticsGolden.Read.Channels;
        var statistics = ml.Data.ImageStatistics(Images(
            golden.Images.Select(image => Image.FromPixels(image.Width, image.Height, 3, [.. image.Pixels.Select(value => (byte)value)]))));
        Assert.Equal(4, statistics.Images);
        for (var channel = 0; channel < 3; channel++)
        {
            var found = statistics.Channels[channel];
            Assert.Equal((golden.Minimum[channel], golden.Maximum[channel]), (found.Minimum, found.Maximum));
            Assert.Equal(golden.Mean[channel], found.Mean, 1e-9);
            Assert.Equal(golden.Deviation[channel], found.Deviation, 1e-9);
            Assert.Equal((float)found.Deviation, statistics.Deviations[channel]);
        }
    }

    [Fact]
    public void Small_steps_upon_a_hundred_million_are_not_lost()
    {
        var golden = StatisticsGolden.Read.Offset;
        var found = ml.Data.ImageStatistics(Vectors(golden.Vectors, 1, 3, 4)).Channels.Single();
        Assert.Equal(golden.Mean, found.Mean, 1e-6);
        Assert.Equal(golden.Deviation, found.Deviation, 1e-6);
        var all = golden.Vectors.SelectMany(vector => vector).Select(value => (double)value).ToArray();
        var squares = all.Sum(value => value * value) / all.Length - Math.Pow(all.Sum() / all.Length, 2);
        Assert.True(Math.Abs(Math.Sqrt(Math.Max(squares, 0)) - golden.Deviation) > 0.01, "Plain sums would do: the case is too easy.");
    }

    [Fact]
    public void The_number_of_workers_changes_no_bit()
    {
        var dice = Dice.For(4);
        var vectors = Enumerable.Range(0, 701).Select(_ => Enumerable.Range(0, 48).Select(_ => (float)dice.Normal()).ToArray()).ToArray();
        var view = Vectors(vectors, 3, 4, 4);
        var one = ml.Data.ImageStatistics(view, reading: new() { Workers = 1 });
        var many = ml.Data.ImageStatistics(view, reading: new() { Workers = 5 });
        Assert.Equal(one.Channels, many.Channels);
        Assert.Equal(ml.Data.MeanImage(view, reading: new() { Workers = 1 }).Pixels,
            ml.Data.MeanImage(view, reading: new() { Workers = 5 }).Pixels);
    }

    [Fact]
    public void The_mean_image_is_the_mean_of_each_pixel()
    {
        var images = Enumerable.Range(0, 5).Select(seed => Imaging.Pictures.Noise(4, 3, seed)).ToArray();
        var mean = ml.Data.MeanImage(Images(images));
        Assert.Equal((5, 3, 4, 36), (mean.Images, mean.Height, mean.Width, mean.Pixels.Length));
        for (var i = 0; i < 36; i++)
            Assert.Equal(images.Average(image => image.Pixels[i % 12 * 3 + i / 12]), mean.Pixels[i], 1e-4);
        Assert.Equal((byte)Math.Round(mean.Pixels[12 + 5]), mean.ToImage().Pixels[5 * 3 + 1]);
    }

    [Fact]
    public void Covariance_block_by_block_equals_that_of_all_at_once()
    {
        var dice = Dice.For(5);
        var vectors = Enumerable.Range(0, 100)
            .Select(_ => Enumerable.Range(0, 7).Select(i => (float)(1e5 + dice.Normal() * (i + 1))).ToArray()).ToArray();
        var covariance = new Covariance(7);
        foreach (var block in vectors.Chunk(33))
            covariance.Add(block);
        var mean = Enumerable.Range(0, 7).Select(i => vectors.Average(vector => (double)vector[i])).ToArray();
        var centre = mean.Select(value => value + 2).ToArray();
        var (about, moved) = (covariance.About(mean), covariance.About(centre));
        for (var i = 0; i < 49; i++)
        {
            Assert.Equal(vectors.Average(vector => (vector[i / 7] - mean[i / 7]) * (vector[i % 7] - mean[i % 7])), about[i], 1e-7);
            Assert.Equal(about[i] + 4, moved[i], 1e-7);
        }
    }

    [Fact]
    public void What_cannot_be_read_is_listed_and_what_does_not_fit_is_named()
    {
        using var folder = new TemporaryFolder();
        var paths = new[] { folder.Write("broken.png", 1, 2, 3), Path.Combine(folder.Path, "good.png") };
        Image.FromPixels(2, 2, 3, [.. Enumerable.Repeat((byte)9, 12)]).Save(paths[1]);
        var view = ml.Data.LoadFromEnumerable(paths.Select(path => new { ImagePath = path }));
        var statistics = ml.Data.ImageStatistics(ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false).Fit(view)
            .Transform(view));
        Assert.Equal(9, statistics.Channels[1].Mean);
        Assert.Equal(paths[0], Assert.Single(statistics.Skipped).Path);
        Assert.Contains("none of the 0 images", Assert.Throws<InvalidDataException>(() => ml.Data.ImageStatistics(Images())).Message,
            StringComparison.Ordinal);
        var (grey, small) = (Image.FromPixels(1, 1, 1, [1]), Image.FromPixels(1, 1, 3, [1, 1, 1]));
        Assert.Contains("has 1 channel, those before it 3",
            Assert.Throws<ArgumentException>(() => ml.Data.ImageStatistics(Images(small, grey))).Message, StringComparison.Ordinal);
        Assert.Contains("Let LoadImages resize them",
            Assert.Throws<ArgumentException>(() => ml.Data.MeanImage(Images(small, Imaging.Pictures.Noise(2, 1, 1)))).Message,
            StringComparison.Ordinal);
    }
}
