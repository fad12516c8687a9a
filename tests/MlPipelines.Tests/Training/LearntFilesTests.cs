using System.Text;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

/// <summary>Pictures whose files change while they are learnt from, or before a stopped training goes on.</summary>
[Trait("Category", "Runtime")]
public sealed class LearntFilesTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string StateFile => Path.Combine(folder.Path, "checkpoint", "state.bin");

    [Fact]
    public void Pictures_that_change_or_go_while_they_are_learnt_from_are_named_once()
    {
        foreach (var (number, stripes) in Patterns.Stripes(24).Index())
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, "data", stripes.Label));
            stripes.Image!.Save(Path.Combine(folder.Path, "data", stripes.Label, $"{number}.png"));
        }
        var (changed, gone, warnings) = (Path.Combine(folder.Path, "data", "down", "1.png"),
            Path.Combine(folder.Path, "data", "across", "0.png"), new List<string>());
        var ml = Patterns.Warned(warnings.Add);
        var images = ml.Data.LoadFromImageFolder(Path.Combine(folder.Path, "data"));
        using var model = Patterns.Fit(ml, ml.Transforms.LoadImages("Image", "ImagePath", Patterns.Size, Patterns.Size).Fit(images)
            .Transform(images), new()
            {
                Network = Patterns.Small(),
                FeatureColumnName = "Image",
                Epoch = 3,
                BatchSize = 8,
                ValidationSetFraction = 0,
                EpochCallback = epoch =>
                {
                    if (epoch.Epoch != 1)
                        return;
                    File.AppendAllText(changed, "more");
                    File.Delete(gone);
                },
            });

        Assert.Contains("has changed since learning began", Assert.Single(warnings, warning => warning.StartsWith(changed,
            StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(warnings, warning => warning.StartsWith($"skipped {gone}", StringComparison.Ordinal));
    }

    // Pictures without compression: of one size they have one length.
    string Written(int number, string label, byte change = 0)
    {
        var path = Path.Combine(folder.Path, "data", label, $"{number}.ppm");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pixels = Patterns.Stripes(24)[number].Image!.Pixels.ToArray();
        pixels[0] ^= change;
        File.WriteAllBytes(path, [.. Encoding.ASCII.GetBytes($"P6 {Patterns.Size} {Patterns.Size} 255\n"), .. pixels]);
        return path;
    }

    // What was told of each epoch, and the model; stopped after so many steps, of which an epoch has three.
    byte[] TrainOnFiles(int? stopAfterSteps, Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options>? change = null,
        bool isGenerated = false)
    {
        using var stop = new CancellationTokenSource();
        var (ml, steps) = (new MLContext(2), 0);
        var images = ml.Data.LoadFromImageFolder(Path.Combine(folder.Path, "data"));
        ImageClassificationTrainer.Options options = new()
        {
            Network = Patterns.Small(),
            Epoch = 3,
            BatchSize = 8,
            Seed = 2,
            ValidationSetFraction = 0,
            WorkspacePath = folder.Path,
            CancellationToken = stop.Token,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++steps == stopAfterSteps)
                    stop.Cancel();
            }),
        };
        var load = ml.Transforms.LoadImages("Image", "ImagePath", Patterns.Size, Patterns.Size);
        IEstimator<ITransformer> pictures = isGenerated
            ? load.Append(ml.Transforms.GenerateImageData("Generated", "Image", new() { Rescale = 1 / 255f })) : load;
        options = options with { FeatureColumnName = isGenerated ? "Generated" : "Image" };
        using var model = Patterns.Fit(ml, pictures.Fit(images).Transform(images), change?.Invoke(options) ?? options);
        return model.Onnx.ToArray();
    }

    void WriteAll()
    {
        foreach (var (number, stripes) in Patterns.Stripes(24).Index())
            Written(number, stripes.Label);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_picture_that_was_learnt_from_and_holds_something_else_of_the_same_length_ends_the_run_that_goes_on(bool isGenerated)
    {
        WriteAll();
        TrainOnFiles(stopAfterSteps: 4, isGenerated: isGenerated);
        var changed = Written(3, "down", change: 1);
        var error = Assert.Throws<InvalidDataException>(() => TrainOnFiles(null, isGenerated: isGenerated));
        Assert.Equal($"{changed}: holds something else than when the training that stopped learnt from it, so it cannot go on to the same "
            + $"model. Put back what was there, or delete {StateFile} and begin anew.", error.Message);
        Written(4, "across", change: 1);
        Assert.Contains(": and 1 more hold something else", Assert.Throws<InvalidDataException>(() =>
            TrainOnFiles(null, isGenerated: isGenerated)).Message, StringComparison.Ordinal);
        Written(4, "across");
        Written(3, "down");
        TrainOnFiles(null, isGenerated: isGenerated);
    }

    [Fact]
    public void A_copy_of_the_pictures_with_other_times_goes_on_to_the_same_bits()
    {
        WriteAll();
        var whole = TrainOnFiles(null);
        Directory.Delete(Path.GetDirectoryName(StateFile)!, recursive: true);
        TrainOnFiles(stopAfterSteps: 4);
        foreach (var file in Directory.GetFiles(Path.Combine(folder.Path, "data"), "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        TrainOnFiles(stopAfterSteps: 2);
        Assert.Equal(whole, TrainOnFiles(null));
    }

    [Fact]
    public void Pictures_whose_features_are_learnt_from_are_known_too_and_where_the_seed_is_drawn_it_begins_anew()
    {
        ImageClassificationTrainer.Options OnFeatures(ImageClassificationTrainer.Options options)
        {
            var path = Path.Combine(folder.Path, "backbone.onnx");
            OnnxFile.Save(Patterns.Small().Build(Patterns.Size, Patterns.Size, 3).Initialize(1), path);
            return options with { Network = Network.FromOnnx(path), Head = new MultilayerPerceptron() };
        }
        WriteAll();
        TrainOnFiles(stopAfterSteps: 4, OnFeatures);
        var changed = Written(3, "down", change: 1);
        Assert.StartsWith($"{changed}: holds something else", Assert.Throws<InvalidDataException>(() => TrainOnFiles(null, OnFeatures))
            .Message, StringComparison.Ordinal);
        var steps = 0;
        TrainOnFiles(null, options => OnFeatures(options) with
        {
            ReuseTrainSetBottleneckCachedValues = true,
            StepProgress = new Patterns.Told<TrainingProgress>(_ => steps++),
        });
        Assert.Equal(9, steps);
    }
}
