using MlPipelines.Imaging;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

/// <summary>With a pixel cache a file is decoded once, whatever number of epochs and trainings sees it.</summary>
[Trait("Category", "Runtime")]
public sealed class DecodedOnceTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly Patterns.Picture[] pictures = Patterns.Stripes(24, size: 20);

    public DecodedOnceTests()
    {
        foreach (var (number, picture) in pictures.Index())
            picture.Image!.Save(PathOf(number));
    }

    public void Dispose() => folder.Dispose();

    string PathOf(int number) => Path.Combine(folder.Path, $"{number:00}.png");

    // Whoever opens such a file again finds no picture in it, though its length and time are those of before.
    void Spoil()
    {
        foreach (var number in Enumerable.Range(0, pictures.Length))
        {
            var (path, time) = (PathOf(number), File.GetLastWriteTimeUtc(PathOf(number)));
            File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
            File.SetLastWriteTimeUtc(path, time);
        }
    }

    byte[] Train(PixelCache? cache, bool paths, Action<EpochMetrics>? told = null, Action<SkippedRow>? skipped = null)
    {
        var ml = new MLContext(3);
        ml.Data.Host().KeepPixels(cache);
        var view = (IDataView)new SourceView(pictures.Length, SourceColumn.Text("ImagePath", row => PathOf((int)row)),
            SourceColumn.Text("Label", row => pictures[row].Label));
        if (!paths)
            foreach (var step in ml.Transforms.LoadImages("Image", "ImagePath", Patterns.Size, Patterns.Size)
                .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f))).Fit(view))
                view = step.TransformForTraining(view);
        using var model = Patterns.Fit(ml, view, new()
        {
            Network = Patterns.Elaborate(),
            FeatureColumnName = paths ? "ImagePath" : "Image",
            ImageHeight = Patterns.Size,
            ImageWidth = Patterns.Size,
            Epoch = 3,
            BatchSize = 8,
            EarlyStoppingCriteria = null,
            EpochCallback = told,
            Skipped = skipped,
        });
        return model.Onnx.ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_the_first_epoch_no_file_is_decoded_again(bool paths)
    {
        var expected = Train(null, paths);
        using var cache = new PixelCache(Path.Combine(folder.Path, "pixels"));
        Assert.Equal(expected, Train(cache, paths, epoch =>
        {
            if (epoch.Epoch == 1)
                Spoil();
        }, row => Assert.Fail(row.ToString())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_cache_they_are_so_that_the_test_above_means_something(bool paths)
    {
        var skipped = new List<SkippedRow>();
        Assert.Throws<InvalidDataException>(() => Train(null, paths, _ => Spoil(), skipped.Add));
        Assert.Equal(22, skipped.Count);
    }
}
