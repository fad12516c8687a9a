using Microsoft.ML.Transforms;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms.Models;

/// <summary>The packaged ResNet-18 against ML.NET's own route to the same features.</summary>
[Trait("Category", "Runtime")]
public sealed class ResNet18Tests
{
    readonly MLContext ml = new(1);

    sealed class Row
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
    }

    static Image Blobs(int width, int height, int seed) => Image.FromPixels(width, height, 3,
        [.. Enumerable.Range(0, width * height * 3).Select(i =>
            (byte)(127 + 120 * Math.Sin(i % 3 + seed + i / 3 % width / (9.0 + seed)) * Math.Cos(i / 3 / width / 17.0)))]);

    IDataView Saved(TemporaryFolder folder, int width, int height, int count) => ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i =>
        {
            var path = Path.Combine(folder.Path, $"{i}.png");
            Blobs(width, height, i).Save(path);
            return new Row { ImagePath = path, Label = i * 2 < count ? "coarse" : "fine" };
        }).ToList());

    [Fact]
    public void Features_are_those_of_MLNETs_own_featurizer_on_the_same_pixels()
    {
        using var folder = new TemporaryFolder();
        var data = Saved(folder, 224, 224, 3);
        float[][] Features(IEstimator<ITransformer> steps) => [.. steps.Fit(data).Transform(data).GetColumn<float[]>("Features")];
        var theirs = Features(ml.Transforms.LoadImages("Image", null, "ImagePath").Append(ml.Transforms.ResizeImages("Image", 224, 224))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image"))
            .Append(ml.Transforms.DnnFeaturizeImage("Features",
                model => model.ModelSelector.ResNet18(ml, model.OutputColumn, model.InputColumn), "Pixels")));
        var ours = Features(ml.Transforms.LoadImages("Image", "ImagePath", 224, 224)
            .Append(ml.Transforms.FeaturizeImages("Features", "Image", ResNet18.Load())));
        Assert.Equal(512, ours[0].Length);
        foreach (var (expected, actual) in theirs.Zip(ours))
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-4f * (1 + Math.Abs(pair.First))));
        Assert.NotEqual(ours[0], ours[1]);
    }

    [Fact]
    public void Its_preprocessing_is_part_of_the_model_and_said()
    {
        var network = ResNet18.Load();
        Assert.Equal("(x − mean image), BGR", network.PreprocessingText);
        Assert.Equal((224, 224, 3), (network.Takes!.Height, network.Takes.Width, network.Takes.Channels));
        Assert.Equal([3, 224, 224], network.Preprocessing.MeanImage!.Shape);
        var means = network.Preprocessing.MeanImage.Elements<float>().ToArray().Chunk(224 * 224).Select(plane => plane.Average());
        Assert.All(means.Zip(Preprocessing.ImageNetCaffe.Means), pair => Assert.Equal(pair.Second, pair.First, 4f));
    }

    [Theory]
    [InlineData(96, 128)]
    [InlineData(64, 64)]
    public void It_takes_other_sizes(int height, int width) =>
        Assert.Equal([Shape.Unknown, 5], ResNet18.Load().WithClassifier(new Dense(5)).Build(height, width, 3).Outputs[0].Value.Shape);

    [Fact]
    public void A_trainer_without_a_network_learns_a_head_on_it_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var data = Saved(folder, 80, 72, 8);
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.RawMessage);
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Transforms.LoadImages("Features", "ImagePath", 96, 96))
            .Append(ml.MulticlassClassification.Trainers.ImageClassification()).Fit(data);
        Assert.Contains(log, line => line.Contains("ResNet-18 of the package MlPipelines.ResNet18, a LinearHead on its features",
            StringComparison.Ordinal));
        Assert.Equal("(x − mean image), BGR", model.LastTransformer.Preprocessing);
        Assert.Equal(1, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [Theory]
    [InlineData(60, 60, "60×60 pixels")]
    [InlineData(200, 63, "200×63 pixels")]
    public void Tiny_pictures_are_learnt_from_scratch(int width, int height, string reason)
    {
        using var folder = new TemporaryFolder();
        var data = Saved(folder, width, height, 4);
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.RawMessage);
        var options = new ImageClassificationTrainer.Options { FeatureColumnName = "ImagePath", Epoch = 1, ImageHeight = null, Seed = 1 };
        using var model = ml.MulticlassClassification.Trainers.ImageClassification(options).Fit(data);
        Assert.Contains(log, line => line.Contains($"from scratch, for pictures of {reason}", StringComparison.Ordinal));
        Assert.Null(model.Preprocessing);
    }

    [Theory]
    [InlineData(0, "ResNet-18 of the package")]
    [InlineData(1, "ResNet-18 of the package")]
    [InlineData(2, "ResNet-18 of the package")]
    [InlineData(3, "ResNet-18 of the package")]
    [InlineData(4, "a small network from scratch, for grey pictures")]
    public void Grey_pictures_are_learnt_from_scratch_also_where_their_files_hold_colours(int grey, string said)
    {
        using var folder = new TemporaryFolder();
        var data = Saved(folder, 70, 70, 4);
        foreach (var number in Enumerable.Range(0, grey))
        {
            var path = Path.Combine(folder.Path, $"{number}.png");
            var pixels = Blobs(70, 70, number).ToGrayscale().Pixels.ToArray();
            Image.FromPixels(70, 70, 3, [.. pixels.SelectMany(level => new[] { level, level, level })]).Save(path);
        }
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.RawMessage);
        ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            FeatureColumnName = "ImagePath",
            ImageHeight = 64,
            ImageWidth = 64,
        })
            .Fit(data).Dispose();
        Assert.Contains(log, line => line.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mean_picture_is_resized_with_the_images()
    {
        var picture = Tensor.Of<float>([3, 2, 2], [0, 4, 8, 12, 1, 1, 1, 1, 100, 100, 100, 100]);
        var preprocessing = new Preprocessing(order: ColourOrder.Bgr) { MeanImage = picture };
        float[] Of(int side)
        {
            var image = Network.Input(side, side, 3);
            var graph = new MlPipelines.Graphs.Graph([image], ("y", preprocessing.On(image, 3)));
            using var session = new MlPipelines.Execution.Session(MlPipelines.Graphs.Onnx.OnnxFile.Write(graph));
            return [.. session.Run(new Dictionary<string, Tensor>
            {
                [Network.InputName] = Tensor.Of<float>([1, 3, side, side], Enumerable.Repeat(50f, 3 * side * side).ToArray())
            })[0].Elements<float>()];
        }
        Assert.Equal([50, 46, 42, 38, 49, 49, 49, 49, -50, -50, -50, -50], Of(2));
        // Centres at halves: a quarter and three quarters of the way between the two.
        Assert.Equal([50, 49, 47, 46, 48, 47, 45, 44, 44, 43, 41, 40, 42, 41, 39, 38], Of(4)[..16]);
        Assert.Throws<ArgumentException>(() => new Preprocessing(means: [1, 2, 3]) { MeanImage = picture });
        Assert.Throws<ArgumentException>(() => new Preprocessing() { MeanImage = Tensor.Of<float>([1, 2, 2], [0, 0, 0, 0]) });
    }
}
