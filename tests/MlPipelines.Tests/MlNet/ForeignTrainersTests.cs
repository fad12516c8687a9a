using MlPipelines.Networks;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.MlNet;

/// <summary>Features of our networks under ML.NET's trainers, and our models under its consumers.</summary>
[Trait("Category", "Runtime")]
public sealed class ForeignTrainersTests
{
    public sealed class ImageData
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
    }

    public sealed class Guess
    {
        public string PredictedLabel { get; set; } = "";
        public float[] Score { get; set; } = [];
    }

    static Sequential Backbone =>
        new(new Input(24, 24, 3), new Rescaling(1 / 127.5f, -1), new Conv2D(12, 3, Padding.Same, Activation.Relu), new MaxPooling2D(4),
            new Flatten(), new Dense(10));

    static IDataView Images(MLContext ml, IEnumerable<string> files) =>
        ml.Data.LoadFromEnumerable(files.Select(file => new ImageData { ImagePath = file, Label = Directory.GetParent(file)!.Name }));

    [Theory]
    [InlineData("Lbfgs")]
    [InlineData("Sdca")]
    [InlineData("LightGbm")]
    public void Features_feed_ML_NETs_trainers_and_the_whole_is_saved_and_loaded(string trainer)
    {
        using var folder = new TemporaryFolder();
        var files = Pictures.Save(Path.Combine(folder.Path, "assets"), 60);
        var ml = new MLContext(seed: 1);
        IEstimator<ITransformer> learner = trainer switch
        {
            "Lbfgs" => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", "Features"),
            "Sdca" => ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Key", "Features"),
            _ => ml.MulticlassClassification.Trainers.LightGbm("Key", "Features", minimumExampleCountPerLeaf: 2, numberOfIterations: 20),
        };
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 24, 24))
            .Append(ml.Transforms.FeaturizeImages("Features", "Image", Backbone))
            .Append(learner)
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var (train, test) = (Images(ml, files[20..]), Images(ml, files[..20]));
        var model = pipeline.Fit(train);
        Assert.InRange(ml.MulticlassClassification.Evaluate(model.Transform(test), "Key").MicroAccuracy, 0.8, 1);

        var path = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(model, train.Schema, path);
        var loaded = new MLContext().Model.Load(path, out _);
        Assert.Equal(model.Transform(test).GetColumn<float[]>("Score").SelectMany(scores => scores),
            loaded.Transform(test).GetColumn<float[]>("Score").SelectMany(scores => scores));
    }

    [Fact]
    public void Pixels_of_another_layout_than_the_network_s_are_refused()
    {
        using var folder = new TemporaryFolder();
        var files = Pictures.Save(Path.Combine(folder.Path, "assets"), 12);
        var ml = new MLContext(seed: 1);
        IDataView Pixels(bool interleaved, int width, int height) => ml.Transforms.LoadImages("Image", "", "ImagePath")
            .Append(ml.Transforms.ResizeImages("Image", width, height))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image", interleavePixelColors: interleaved))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label")).Fit(Images(ml, files)).Transform(Images(ml, files));
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(
            new() { Network = Backbone, Head = new LinearHead(), FeatureColumnName = "Pixels" });
        var features = ml.Transforms.FeaturizeImages("Features", "Pixels", Backbone);
        const string others = "Column 'Pixels': holds vectors [24,24,3], the network takes [3,24,24]. Give it planes: ExtractPixels "
            + "without interleavePixelColors.";
        Assert.Equal(others, Refusal(() => _ = features.Fit(Pixels(true, 24, 24)).Transform(Pixels(true, 24, 24))
            .GetColumn<float[]>("Features").Count()));
        Assert.Equal(others, Refusal(() => trainer.Fit(Pixels(true, 24, 24))));
        Assert.Equal("Column 'Pixels': holds vectors [3,12,48], the network takes [3,24,24]. Resize the images to its size.",
            Refusal(() => trainer.Fit(Pixels(false, 48, 12))));
        Assert.Equal(12, features.Fit(Pixels(false, 24, 24)).Transform(Pixels(false, 24, 24)).GetColumn<float[]>("Features").Count());

        static string Refusal(Action work)
        {
            var failure = Record.Exception(work);
            while (failure is not ArgumentException { InnerException: null } && failure?.InnerException is { } inner)
                failure = inner;
            return Assert.IsType<ArgumentException>(failure).Message;
        }
    }

    [Fact]
    public void Features_are_computed_once_however_often_a_trainer_passes()
    {
        using var folder = new TemporaryFolder();
        var files = Pictures.Save(Path.Combine(folder.Path, "assets"), 12);
        var ml = new MLContext(seed: 1);
        var view = ml.Transforms.LoadImages("Image", "ImagePath", 24, 24)
            .Append(ml.Transforms.FeaturizeImages("Features", "Image", Backbone)).Fit(Images(ml, files)).Transform(Images(ml, files));
        var first = view.GetColumn<float[]>("Features").ToArray();
        foreach (var file in files)
            File.Delete(file);
        Assert.Equal(first.SelectMany(numbers => numbers), view.GetColumn<float[]>("Features").SelectMany(numbers => numbers));
    }

    [Fact]
    public void A_prediction_engine_behind_locks_and_a_predictor_without_serve_eight_threads()
    {
        using var folder = new TemporaryFolder();
        var files = Pictures.Save(Path.Combine(folder.Path, "assets"), 24);
        var ml = new MLContext(seed: 1);
        var images = Images(ml, files);
        var model = ml.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 24, 24))
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
            {
                LabelColumnName = "Key",
                Network = Patterns.Small(),
                Epoch = 3,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(images);
        var expected = ml.Data.CreateEnumerable<Guess>(model.Transform(images), reuseRowObject: false).ToArray();
        var engine = ml.Model.CreatePredictionEngine<ImageData, Guess>(model);
        using var predictor = ml.Model.CreatePredictor<ImageData, Guess>(model);
        var gate = new Lock();
        Parallel.For(0, 8 * files.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, turn =>
        {
            var place = turn % files.Length;
            var example = new ImageData { ImagePath = files[place] };
            Guess locked;
            lock (gate)
                locked = engine.Predict(example);
            foreach (var guess in new[] { locked, predictor.Predict(example) })
            {
                Assert.Equal(expected[place].PredictedLabel, guess.PredictedLabel);
                Assert.Equal(expected[place].Score[0], guess.Score[0], 1e-5f);
            }
        });
        Assert.Equal(expected.Select(guess => guess.Score[0]),
            predictor.PredictBatch(files.Select(file => new ImageData { ImagePath = file })).Select(guess => guess.Score[0]));
    }

    [Fact]
    public void A_predictor_tells_of_pictures_that_cannot_be_read_and_leaves_them_out()
    {
        using var folder = new TemporaryFolder();
        var files = Pictures.Save(Path.Combine(folder.Path, "assets"), 8);
        var ml = new MLContext(seed: 1);
        var model = ml.Transforms.LoadImages("Image", "ImagePath", 24, 24)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new() { Network = Patterns.Small(), Epoch = 1 }))
            .Fit(Images(ml, files));
        File.WriteAllText(files[3], "no picture");
        using var predictor = ml.Model.CreatePredictor<ImageData, Scores>(model);
        var skipped = new List<SkippedRow>();
        Assert.Equal(7, predictor.PredictBatch(files.Select(file => new ImageData { ImagePath = file }), skipped.Add).Count());
        Assert.Equal((3, files[3]), (Assert.Single(skipped).Id, skipped[0].Path));
        Assert.Throws<InvalidDataException>(() =>
            predictor.PredictBatch(files.Select(file => new ImageData { ImagePath = file })).ToArray());
        Assert.All(predictor.Predict(new ImageData { ImagePath = files[3] }).Score, score => Assert.True(float.IsNaN(score)));
        Assert.All(predictor.Predict(new ImageData { ImagePath = files[4] }).Score, score => Assert.True(float.IsFinite(score)));
    }

    public sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
