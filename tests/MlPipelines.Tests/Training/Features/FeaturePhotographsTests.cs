using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training.Features;

/// <summary>Features of image files, found by the bytes of the file.</summary>
[Trait("Category", "Runtime")]
public sealed class FeaturePhotographsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("features").FullName;

    string Images => Path.Combine(folder, "images");

    string Workspace => Path.Combine(folder, "run");

    public FeaturePhotographsTests()
    {
        foreach (var label in new[] { "across", "down" })
            Directory.CreateDirectory(Path.Combine(Images, label));
        Save(Patterns.Stripes(80, size: 20), 0);
    }

    void Save(Patterns.Picture[] pictures, int first)
    {
        foreach (var (number, picture) in pictures.Index())
            picture.Image!.Save(PathOf(first + number));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string PathOf(int number) => Path.Combine(Images, number % 2 == 0 ? "across" : "down", $"{number:00}.png");

    static Sequential Backbone() =>
        new(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 127.5f, -1), new Conv2D(8, 3, Padding.Same, Activation.Relu),
            new MaxPooling2D(4), new Flatten(), new Dense(2));

    ImageClassificationTrainer.Options Options => new()
    {
        Network = Backbone(),
        Head = new LinearHead(),
        ValidationSetFraction = 0,
        WorkspacePath = Workspace,
        ReuseTrainSetBottleneckCachedValues = true,
    };

    ImageClassificationTrainer.Options Encoded => Options with { FeatureColumnName = "Image" };

    IDataView View(MLContext ml, int size = Patterns.Size, ResizingKind resizing = ResizingKind.IsoCrop, PixelCache? cache = null,
        bool encoded = false)
    {
        ml.Data.Host().KeepPixels(cache);
        var files = ml.Data.LoadFromImageFolder(Images);
        return encoded ? ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath").Fit(files).Transform(files)
            : ml.Transforms.LoadImages("Image", "ImagePath", size, size, resizing: resizing).Fit(files).Transform(files);
    }

    (int Computed, int Found, string[] Log) Fit(ImageClassificationTrainer.Options? options = null, Func<MLContext, IDataView>? view = null)
    {
        var (ml, log) = (new MLContext(3), new List<string>());
        ml.Log += (_, line) => log.Add(line.RawMessage);
        using var model = Patterns.Fit(ml, view?.Invoke(ml) ?? View(ml), options ?? Options);
        int[] numbers = [.. log.Single(line => line.Contains(" computed, ", StringComparison.Ordinal)).Split(' ')
            .Select(word => int.TryParse(word, out var number) ? number : -1).Where(number => number >= 0)];
        return (numbers[^2], numbers[^1], [.. log]);
    }

    void AssertCounts(int computed, int found, ImageClassificationTrainer.Options? options = null, Func<MLContext, IDataView>? view = null)
    {
        var fit = Fit(options, view);
        Assert.Equal((computed, found), (fit.Computed, fit.Found));
    }

    [Fact]
    public void A_second_run_decodes_nothing()
    {
        using var pixels = new PixelCache(Path.Combine(folder, "pixels"));
        AssertCounts(80, 0, view: ml => View(ml, cache: pixels));
        using var untouched = new PixelCache(Path.Combine(folder, "none"));
        AssertCounts(0, 80, view: ml => View(ml, cache: untouched));
        // The first image tells the number of channels.
        Assert.True(Directory.Exists(untouched.Folder)
            && new DirectoryInfo(untouched.Folder).EnumerateFiles("*.pixels").All(file => HeldBy(file.FullName) <= 1));
    }

    static int HeldBy(string segment)
    {
        var held = 0;
        PixelCacheSegment.Open(segment, null, (_, _) => held++)?.Dispose();
        return held;
    }

    [Fact]
    public void Heads_share_the_features_of_a_network()
    {
        AssertCounts(80, 0);
        AssertCounts(0, 80, Options with { Head = new NearestNeighbours(3, Weighting: NeighbourWeighting.Distance) });
        AssertCounts(0, 80, Options with { Head = new NearestNeighbours(3, NeighbourMetric.Euclidean, NeighbourWeighting.Distance) });
        AssertCounts(0, 80, Options with { Head = new NearestClassMean() });
        AssertCounts(0, 80, Options with { Head = new MultilayerPerceptron(0, 4), Epoch = 1 });
    }

    [Fact]
    public void A_file_that_changes_is_computed_alone_even_with_its_length_and_time()
    {
        void Write(int seed)
        {
            var bytes = Patterns.Stripes(1, seed, size: 20)[0].Image!.Encode(".png");
            File.WriteAllBytes(PathOf(6), [.. bytes, .. new byte[4096 - bytes.Length]]);
            File.SetLastWriteTimeUtc(PathOf(6), new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        }
        Write(seed: 91);
        AssertCounts(80, 0);
        Write(seed: 92);
        AssertCounts(1, 79);
    }

    [Fact]
    public void A_renamed_file_is_found_again()
    {
        AssertCounts(80, 0);
        File.Move(PathOf(6), Path.Combine(Path.GetDirectoryName(PathOf(6))!, "renamed.png"));
        AssertCounts(0, 80);
    }

    [Fact]
    public void Other_preprocessing_is_not_mistaken()
    {
        AssertCounts(80, 0);
        AssertCounts(80, 0, view: ml => View(ml, resizing: ResizingKind.Fill));
        AssertCounts(80, 0, view: ml => View(ml, size: 16),
            options: Options with { ImageHeight = Patterns.Size, ImageWidth = Patterns.Size });
        AssertCounts(80, 0, view: ml => View(ml, encoded: true),
            options: Encoded with { ImageHeight = Patterns.Size, ImageWidth = Patterns.Size });
        AssertCounts(80, 0, view: ml => View(ml, encoded: true),
            options: Encoded with { ImageHeight = Patterns.Size, ImageWidth = Patterns.Size, Resizing = ResizingKind.Fill });
        AssertCounts(0, 80, view: ml => View(ml, encoded: true),
            options: Encoded with { ImageHeight = Patterns.Size, ImageWidth = Patterns.Size });
    }

    [Fact]
    public void Cancelled_while_features_are_computed_it_goes_on_from_those_it_has()
    {
        Save(Patterns.Stripes(80, seed: 6, size: 20), 80);
        using var cancellation = new CancellationTokenSource();
        void Told(ImageClassificationTrainer.ImageClassificationMetrics metrics)
        {
            if (Directory.Exists(Workspace) && Directory.EnumerateFiles(Workspace, "*.features", SearchOption.AllDirectories).Any())
                cancellation.Cancel();
        }
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Fit(Options with { CancellationToken = cancellation.Token, Workers = 1, MetricsCallback = Told }));
        var (computed, found, _) = Fit();
        Assert.Equal(160, computed + found);
        Assert.InRange(found, 32, 159);
        AssertCounts(0, 160);
    }

    [Fact]
    public void Cancelled_before_anything_is_learnt_it_says_so() =>
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(Options with { CancellationToken = new(canceled: true) }));

    [Fact]
    public void An_unreadable_file_is_told_of_and_the_others_are_learnt_from()
    {
        File.WriteAllText(PathOf(5), "no picture");
        var skipped = new List<SkippedRow>();
        AssertCounts(79, 0, Options with { Skipped = skipped.Add });
        Assert.Equal(PathOf(5), Assert.Single(skipped).Path);
        AssertCounts(0, 79, Options with { Skipped = skipped.Add, Head = new NearestNeighbours() });
        Assert.Equal(2, skipped.Count);
    }

    [Fact]
    public void An_unreadable_file_ends_a_training_that_wants_all()
    {
        File.WriteAllText(PathOf(5), "no picture");
        Assert.Contains(PathOf(5), Assert.Throws<InvalidDataException>(() => Fit(Options with { FailOnBadImages = true })).Message,
            StringComparison.Ordinal);
    }
}
