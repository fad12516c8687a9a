using Microsoft.ML.Transforms;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

/// <summary>Classes that only alpha tells apart, learnt by networks of four channels.</summary>
[Trait("Category", "Runtime")]
public sealed class AlphaTrainingTests : IDisposable
{
    const int Side = 16;

    readonly MLContext ml = new(3);
    readonly TemporaryFolder folder = new();
    readonly List<string> warnings;
    readonly ImageFolder data;

    public AlphaTrainingTests()
    {
        warnings = ml.Warnings();
        for (var number = 0; number < 24; number++)
        {
            folder.Write($"data/faint/{number}.png", Picture(number, 60).Encode(".png"));
            folder.Write($"data/dense/{number}.png", Picture(number, 200).Encode(".png"));
        }
        data = ml.Data.LoadFromImageFolder(Path.Combine(folder.Path, "data"));
    }

    public void Dispose() => folder.Dispose();

    // The same colours for every class.
    static Image Picture(int number, byte alpha)
    {
        var (pixels, dice) = (new byte[Side * Side * 4], Dice.For(number));
        dice.Bytes(pixels);
        for (var i = 3; i < pixels.Length; i += 4)
            pixels[i] = i % 8 == 3 ? alpha : byte.MaxValue;
        return Image.FromPixels(Side, Side, 4, pixels);
    }

    string File(string name, int number = 3) => Path.Combine(folder.Path, "data", name, $"{number}.png");

    static Sequential Layers(int channels, int outputs) => new(new Input(Side, Side, channels), new Rescaling(1 / 255f),
        new Conv2D(6, 3, activation: Activation.Tanh), new GlobalAveragePooling2D(), new Dense(outputs));

    GraphNetwork Imported(int channels)
    {
        var path = Path.Combine(folder.Path, $"{channels}.onnx");
        OnnxFile.Save(Layers(channels, 6).Build().Initialize(5), path);
        return Network.FromOnnx(path);
    }

    static ImageClassificationTrainer.Options Options => new()
    {
        Optimizer = new Adam(0.02f),
        Epoch = 30,
        BatchSize = 8,
        ValidationSetFraction = 0,
    };

    static ImageClassificationTrainer.Options Behind(Network network) => new()
    {
        Network = network,
        Head = new LinearHead(),
        ValidationSetFraction = 0,
    };

    TransformerChain<KeyToValueMappingTransformer> Fit(IEstimator<ITransformer> load, ImageClassificationTrainer.Options options) =>
        load.Append(ml.MulticlassClassification.Trainers.ImageClassification(options with { FeatureColumnName = "Image" }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);

    StepEstimator<ImageLoader> Load(bool keepAlpha = true) =>
        ml.Transforms.LoadImages("Image", "ImagePath", Side, Side, keepAlpha: keepAlpha);

    static ImageClassifier Classifier(ITransformer model) => model.Steps().OfType<ImageClassifier>().Single();

    double Accuracy(ITransformer model) => ml.MulticlassClassification.Report(model.Transform(data)).MicroAccuracy;

    static float[] Score<T>(ITransformer model, T row) where T : class
    {
        using var predictor = new MLContext().Model.CreatePredictor<T, Scored>(model);
        return predictor.Predict(row).Score;
    }

    [Fact]
    public void A_network_from_scratch_learns_them_and_both_model_files_predict_alike()
    {
        var model = Fit(Load(), Options with { Network = Layers(4, 2) });
        Assert.Equal(1, Accuracy(model));
        var (zip, onnx) = (Path.Combine(folder.Path, "model.zip"), Path.Combine(folder.Path, "model.onnx"));
        ml.Model.Save(model, data.Schema, zip);
        ml.Model.SaveAsOnnx(model, onnx, data.Schema);
        Assert.Equal("RGBA", OnnxMetadata.Read(System.IO.File.ReadAllBytes(onnx))["mlpipelines.colours"]);
        foreach (var name in new[] { "faint", "dense" })
        {
            var file = File(name);
            var expected = Score<FromPath>(model, new() { ImagePath = file });
            foreach (var loaded in new[] { model, new MLContext().Model.LoadModel(zip), new MLContext().Model.LoadModel(onnx) })
            {
                Assert.Equal(expected, Score<FromPath>(loaded, new() { ImagePath = file }));
                Assert.Equal(expected, Score<FromBytes>(loaded, new() { ImagePath = System.IO.File.ReadAllBytes(file) }));
                using var stream = System.IO.File.OpenRead(file);
                Assert.Equal(expected, Score<FromStream>(loaded, new() { ImagePath = stream }));
                // ML.NET's picture holds colours multiplied with their alpha, which rounds them.
                using var picture = MLImage.CreateFromFile(file);
                var scores = Score<FromImage>(loaded, new() { ImagePath = picture });
                Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 0.02f));
            }
        }
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_network_that_was_imported_learns_them_by_its_features_as_a_whole_and_goes_on()
    {
        var head = Fit(Load(), Behind(Imported(4)));
        Assert.Equal(1, Accuracy(head));
        Assert.Equal(1, Accuracy(Fit(Load().Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new PadAndCrop(1))),
            Options with { Network = Imported(4).WithClassifier(new Dense(2)), Epoch = 20 })));
        Assert.Equal(1, Accuracy(Fit(Load(), Options with
        {
            Network = Imported(4).WithClassifier(new Dense(2)),
            FineTuning = new(),
            Optimizer = new Adam(),
            Epoch = 3,
        })));
        Assert.Equal(1, Accuracy(Fit(Load(), Behind(Imported(4)) with { WarmStart = Classifier(head) })));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Files_are_opened_with_their_alpha_where_the_network_itself_reads_them()
    {
        var model = Fit(ml.Transforms.CopyColumns("Image", "ImagePath"), Options with { Network = Layers(4, 2) });
        Assert.Equal(1, Accuracy(model));
        var features = Fit(ml.Transforms.CopyColumns("Image", "ImagePath"), Behind(Imported(4)) with
        {
            ReuseTrainSetBottleneckCachedValues = true,
            TrainSetBottleneckCachedValuesFileName = Path.Combine(folder.Path, "features"),
        });
        Assert.Equal(1, Accuracy(features));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Pictures_of_ML_NETs_own_steps_have_their_alpha_too()
    {
        var load = ml.Transforms.LoadImages("Image", null, "ImagePath").Append(ml.Transforms.ResizeImages("Image", Side, Side));
        Assert.Equal(1, Accuracy(Fit(load, Options with { Network = Layers(4, 2) })));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Without_alpha_a_network_that_takes_it_gets_255_and_the_log_says_so()
    {
        var model = Fit(Load(keepAlpha: false), Options with { Network = Layers(4, 2), Epoch = 1 });
        Assert.Contains("images of column 'Image' have no alpha: it is 255 everywhere", Assert.Single(warnings), StringComparison.Ordinal);
        var opaque = Path.Combine(folder.Path, "opaque.png");
        Image.FromFile(File("faint")).Save(opaque);
        Assert.Equal(Score<FromPath>(model, new() { ImagePath = opaque }), Score<FromPath>(model, new() { ImagePath = File("faint") }));
    }

    [Fact]
    public void A_network_of_three_channels_sees_what_is_transparent_over_white()
    {
        var with = Fit(Load(), Options with { Network = Layers(3, 2) });
        var without = Fit(Load(keepAlpha: false), Options with { Network = Layers(3, 2) });
        Assert.Equal(3, Classifier(with).Network.Input.Channels);
        var file = new FromPath { ImagePath = File("faint") };
        Assert.Equal(Score(without, file), Score(with, file));
        Assert.Equal(3, Classifier(Fit(Load(), Behind(Imported(3)))).Network.Input.Channels);
    }

    [Fact]
    public void Averaged_versions_and_features_for_other_trainers_have_alpha()
    {
        var model = Fit(Load(), Options with { Network = Layers(4, 2) });
        Assert.Equal(1, Accuracy(model.WithTestTimeAugmentation(new MirroredVersions())));
        var features = ml.Transforms.CopyColumns("Image", "ImagePath")
            .Append(ml.Transforms.FeaturizeImages("Features", "Image", Imported(4))).Fit(data).Transform(data);
        var vectors = features.GetColumn<float[]>("Features").ToArray();
        Assert.NotEqual(vectors[3], vectors[24 + 3]);
    }

    [Fact]
    public void Vectors_of_five_channels_train_and_score_and_images_are_refused_then()
    {
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(number => new Planes
        {
            Label = number % 2 == 0 ? "a" : "b",
            Image = [.. Enumerable.Range(0, 5 * 8 * 8).Select(i => (i + number) % 9 + (number % 2 == 1 && i >= 4 * 8 * 8 ? 90f : 0))],
        }));
        var model = ml.MulticlassClassification.Trainers.ImageClassification(Options with
        {
            FeatureColumnName = "Image",
            Network = new Sequential(new Rescaling(1 / 100f), new GlobalAveragePooling2D(), new Dense(2)),
        }).Fit(rows);
        Assert.Equal(1, ml.MulticlassClassification.Report(model.Transform(rows)).MicroAccuracy);
        var classifier = Classifier(model);
        var images = Load().Fit(data).Transform(data);
        var refused = Assert.Throws<InvalidDataException>(() => classifier.Transform(images).GetColumn<float[]>("Score").ToArray());
        Assert.EndsWith("the network takes 5 channels, images have 1 (grey), 3 (RGB) or 4 (RGBA): vectors [5,8,8] are needed. "
            + "Is it the right one?", refused.Message, StringComparison.Ordinal);
    }

    sealed class Planes
    {
        public string Label { get; set; } = "";

        [VectorType(5, 8, 8)]
        public float[] Image { get; set; } = [];
    }

    sealed class FromPath
    {
        public string ImagePath { get; set; } = "";
    }

    sealed class FromBytes
    {
        public byte[] ImagePath { get; set; } = [];
    }

    sealed class FromStream
    {
        [ImageStream]
        public Stream? ImagePath { get; set; }
    }

    sealed class FromImage
    {
        [ImageType(Side, Side)]
        public MLImage? ImagePath { get; set; }
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
