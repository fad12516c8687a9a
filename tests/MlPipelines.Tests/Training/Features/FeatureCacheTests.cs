using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training.Features;

[Trait("Category", "Runtime")]
public sealed class FeatureCacheTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("features").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    (byte[] Model, string[] Log) Fit(Patterns.Picture[] pictures, Network? network = null, bool reuse = true, int epochs = 2)
    {
        var ml = new MLContext(3);
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.RawMessage);
        using var model = Patterns.Fit(ml, Patterns.View(ml, pictures), new()
        {
            Network = network ?? Backbone(1).Append(new Dense(2)),
            Epoch = epochs,
            BatchSize = 8,
            ValidationSetFraction = 0,
            EarlyStoppingCriteria = null,
            WorkspacePath = folder,
            ReuseTrainSetBottleneckCachedValues = reuse,
        });
        Directory.Delete(Path.Combine(folder, "checkpoint"), recursive: true);
        return (model.Onnx.ToArray(), [.. log.Where(line => line.Contains(" computed, ", StringComparison.Ordinal))]);
    }

    static Network Backbone(float scale) =>
        new Sequential(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(scale / 255),
            new Conv2D(8, 3, Padding.Same, Activation.Relu), new GlobalAveragePooling2D()).Freeze();

    static void AssertCounts(int computed, int found, string[] log) =>
        Assert.Contains($" {computed} computed, {found} found", Assert.Single(log), StringComparison.Ordinal);

    [Fact]
    public void A_second_run_with_another_head_computes_no_features()
    {
        var pictures = Patterns.Stripes(40);
        AssertCounts(40, 0, Fit(pictures).Log);
        AssertCounts(0, 40, Fit(pictures, Backbone(1).Append(new Dense(5, Activation.Relu), new Dense(2))).Log);
    }

    [Fact]
    public void A_run_on_cached_features_gives_the_same_model()
    {
        var pictures = Patterns.Stripes(40);
        Assert.Equal(Fit(pictures).Model, Fit(pictures).Model);
    }

    [Fact]
    public void Without_reuse_features_are_computed_again_and_kept()
    {
        var pictures = Patterns.Stripes(20);
        AssertCounts(20, 0, Fit(pictures, reuse: false).Log);
        AssertCounts(20, 0, Fit(pictures, reuse: false).Log);
        AssertCounts(0, 20, Fit(pictures).Log);
    }

    [Fact]
    public void A_changed_image_is_computed_alone()
    {
        var pictures = Patterns.Stripes(40);
        Fit(pictures);
        var pixels = pictures[7].Image!.Pixels.ToArray();
        pixels[5] ^= 1;
        pictures[7].Image = Image.FromPixels(Patterns.Size, Patterns.Size, 3, pixels);
        AssertCounts(1, 39, Fit(pictures).Log);
    }

    [Fact]
    public void Features_of_another_frozen_part_are_not_taken()
    {
        var pictures = Patterns.Stripes(20);
        Fit(pictures);
        AssertCounts(20, 0, Fit(pictures, Backbone(2).Append(new Dense(2))).Log);
    }

    [Fact]
    public void Damaged_files_are_noticed_and_their_features_computed_again()
    {
        var pictures = Patterns.Stripes(20);
        var before = Fit(pictures).Model;
        foreach (var path in Directory.GetFiles(Path.Combine(folder, "trainSetBottleneck"), "*.features"))
        {
            var bytes = File.ReadAllBytes(path);
            // The first entry's features lie behind the table of entries.
            var first = Array.FindLastIndex(bytes, number => number != 0);
            bytes[first] ^= 0x40;
            File.WriteAllBytes(path, bytes);
        }
        var again = Fit(pictures);
        AssertCounts(1, 19, again.Log);
        Assert.Equal(before, again.Model);
    }

    [Fact]
    public void A_file_cut_short_is_left_aside()
    {
        var pictures = Patterns.Stripes(20);
        Fit(pictures);
        foreach (var path in Directory.GetFiles(Path.Combine(folder, "trainSetBottleneck"), "*.features"))
            using (var file = File.OpenWrite(path))
                file.SetLength(1000);
        AssertCounts(20, 0, Fit(pictures).Log);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_told_of_once_and_the_training_goes_on()
    {
        var (key, warnings) = (PixelCacheKey.OfContent([1]), new List<string>());
        var path = Path.Combine(folder, "cache");
        using var cache = new FeatureCache(path, reuse: true, warnings.Add);
        // A folder where the next file is to be, which stands for a full disk.
        Directory.CreateDirectory(Path.Combine(path, "mlpipelines-0000000001.features"));
        cache.Keep(key, [1, 2]);
        cache.Keep(key, [1, 2]);
        Assert.StartsWith($"{path}: features cannot be kept there: ", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.EndsWith("The next run computes them again. Make room, or choose another WorkspacePath.", warnings[0],
            StringComparison.Ordinal);
        Assert.Null(cache.Find(key, 2));
    }
}
