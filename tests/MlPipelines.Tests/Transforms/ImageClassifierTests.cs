using MlPipelines.Imaging;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms;

[Trait("Category", "Runtime")]
public sealed class ImageClassifierTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();
    readonly ImageClassifier classifier = new(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image") { BatchSize = 4 };

    public void Dispose()
    {
        classifier.Dispose();
        folder.Dispose();
    }

    internal sealed class Picture
    {
        [ImageType(2, 2)]
        public MLImage? Image { get; set; }
        public string Label { get; set; } = "";
    }

    internal sealed class Prediction
    {
        public float[] Score { get; set; } = [];
        public string PredictedLabel { get; set; } = "";
    }

    static Image Plain(params byte[] colour) =>
        Image.FromPixels(2, 2, colour.Length, [.. Enumerable.Repeat(colour, 4).SelectMany(pixel => pixel)]);

    static IDataView Pictures(params byte[][] colours) => MadeUp.Pictures([.. colours.Select(Plain)]);

    [Fact]
    public void Scores_are_those_of_the_network_and_the_best_is_named()
    {
        var scored = classifier.Transform(Pictures([3, 1, 2], [0, 0, 0], [1, 2, 5]));
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        var sum = Math.Exp(3) + Math.Exp(1) + Math.Exp(2);
        Assert.Equal([Math.Exp(3) / sum, Math.Exp(1) / sum, Math.Exp(2) / sum], scores[0].Select(score => (double)score),
            (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1, 1, 3], scored.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(["red", "green", "blue"], KeyNames.OfSlots(scored.Schema["Score"])!.Value);
        Assert.Equal(["red", "green", "blue"], scored.KeyValues("PredictedLabel"));
    }

    [Fact]
    public void Images_bytes_of_files_and_vectors_give_the_same_scores()
    {
        var image = Plain(9, 4, 7);
        var vector = new float[] { 9, 9, 9, 9, 4, 4, 4, 4, 7, 7, 7, 7 };
        IDataView[] views =
        [
            Pictures([9, 4, 7]), MadeUp.Rows(1, MadeUp.Bytes("Image", _ => image.Encode(".png"))),
                MadeUp.Rows(1, MadeUp.Vector("Image", _ => vector, 3, 2, 2)),
            MadeUp.Rows(1, MadeUp.Text("Image", _ => folder.Write("a.png", image.Encode(".png")))),
                ml.Data.LoadFromEnumerable([new Picture { Image = MLPictures.Of(image) }]),
        ];
        var scores = views.Select(view => classifier.Transform(view).GetColumn<float[]>("Score").Single()).ToArray();
        Assert.All(scores, other => Assert.Equal(scores[0], other));
    }

    [Fact]
    public void A_grey_image_of_another_size_is_brought_to_the_networks()
    {
        var scored = classifier.Transform(MadeUp.Pictures([Image.FromPixels(5, 3, 1, [.. Enumerable.Repeat((byte)7, 15)])]));
        Assert.All(scored.GetColumn<float[]>("Score").Single(), score => Assert.Equal(1 / 3f, score, 5));
    }

    [Fact]
    public void A_row_that_cannot_be_read_stays_without_scores_and_its_neighbours_are_scored()
    {
        var paths = Enumerable.Range(0, 10)
            .Select(i => i == 5 ? folder.Write("broken.png", 1, 2, 3) : Path.Combine(folder.Path, $"{i}.png")).ToArray();
        foreach (var (i, path) in paths.Index().Where(path => path.Index != 5))
            Plain((byte)i, 0, 9).Save(path);
        var view = ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false).Fit(View(paths)).Transform(View(paths));
        var warnings = ml.Warnings();
        var scored = (classifier with { Host = ml.Data.Host() }).Transform(view);
        Assert.Equal([3, 3, 3, 3, 3, 0, 3, 3, 3, 1], scored.GetColumn<uint>("PredictedLabel"));
        Assert.StartsWith(paths[5], Assert.Single(warnings));
        Assert.Equal([5], scored.GetColumn<float[]>("Score").Index().Where(row => row.Item.All(float.IsNaN)).Select(row => row.Index));
        var skipped = new List<SkippedRow>();
        Assert.Equal(9, scored.Read(["Score"], row => row["Score"], new() { Skipped = skipped.Add, Workers = 3 }).Count());
        Assert.Equal(paths[5], Assert.Single(skipped).Path);
        Assert.StartsWith(paths[5], skipped[0].Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Scores_do_not_depend_on_the_number_of_workers(int workers)
    {
        var colours = Enumerable.Range(0, 57).Select(i => new byte[] { (byte)(i * 7 % 11), (byte)(i * 5 % 13), (byte)(i % 6) }).ToArray();
        var scored = classifier.Transform(Pictures(colours));
        var expected = colours.Select(colour => (uint)Array.IndexOf(colour, colour.Max()) + 1);
        Assert.Equal(expected, scored.Read(["PredictedLabel"], row => row.Get<uint>("PredictedLabel"), new() { Workers = workers }));
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.zip")]
    public void A_saved_model_predicts_the_same_from_many_threads_each_with_an_engine(string name)
    {
        var path = Path.Combine(folder.Path, name);
        var pictures = MadeUp.Pictures([Plain(0, 0, 0)], ["red"]);
        var named = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(classifier.Transform(pictures));
        TransformerChain<ITransformer> chain = new(classifier, named);
        if (name.EndsWith(".zip", StringComparison.Ordinal))
            ml.Model.Save(chain, pictures.Schema, path);
        else
            ml.Model.SaveAsOnnx(chain, path, pictures.Schema);
        var loaded = ml.Model.LoadModel(path, out var schema);
        Assert.Equal("Label", schema!.Single().Name);
        using var engines = new ThreadLocal<PredictionEngine<Picture, Prediction>>(() =>
            ml.Model.CreatePredictionEngine<Picture, Prediction>(loaded));
        Parallel.For(0, 60, i =>
        {
            using var image = MLPictures.Of(Plain((byte)(i % 3 == 0 ? 5 : 0), (byte)(i % 3 == 1 ? 5 : 0), (byte)(i % 3 == 2 ? 5 : 0)));
            Assert.Equal(new[] { "red", "green", "blue" }[i % 3], engines.Value!.Predict(new() { Image = image }).PredictedLabel);
        });
    }

    [Fact]
    public void An_engine_gives_no_scores_for_what_is_no_picture_and_goes_on()
    {
        var warnings = ml.Warnings();
        var loading = ml.Transforms.LoadImages("Image", "ImagePath", 2, 2).Fit(View([""]));
        using var engine = ml.Model.CreatePredictionEngine<Located, Scores>(new TransformerChain<ITransformer>(loading,
            classifier with { Host = ml.Data.Host() }));
        var (good, bad) = (folder.Write("good.png", Plain(0, 5, 0).Encode(".png")), folder.Write("bad.png", 1, 2, 3));
        var keys = new[] { good, bad, good }.Select(path => engine.Predict(new() { ImagePath = path }).PredictedLabel).ToArray();
        Assert.Equal([2, 0, 2], keys);
        Assert.StartsWith(bad, Assert.Single(warnings));
    }

    sealed class Located
    {
        public string ImagePath { get; set; } = "";
    }

    sealed class Scores
    {
        [KeyType(3)]
        public uint PredictedLabel { get; set; }
        public float[] Score { get; set; } = [];
    }

    [Fact]
    public void The_file_carries_labels_resize_kind_and_colours_and_runs_on_plain_runtime()
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        ml.Model.SaveAsOnnx(classifier, path);
        using var session = MlPipelines.Execution.Session.Load(path);
        Assert.Equal("""["red","green","blue"]""", session.Metadata["mlpipelines.labels"]);
        Assert.Equal("IsoCrop", session.Metadata["mlpipelines.resize"]);
        Assert.Equal("RGB", session.Metadata["mlpipelines.colours"]);
        Assert.Equal("Score", session.Outputs[0].Name);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_file_does_not_say_when_it_was_written()
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        ml.Model.SaveAsOnnx(classifier, path);
        using var session = MlPipelines.Execution.Session.Load(path);
        using var zip =
            new System.IO.Compression.ZipArchive(new MemoryStream(Convert.FromBase64String(session.Metadata["mlpipelines.model"])));
        Assert.NotEmpty(zip.Entries);
        Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(1980, 1, 1), entry.LastWriteTime.DateTime));
    }

    [Fact]
    public void Scores_that_are_no_numbers_name_the_model_and_the_node_that_they_come_from()
    {
        var ml = new MLContext(1);
        var path = Path.Combine(folder.Path, "model.onnx");
        // The logarithm of a negative mean is no number; that of a positive one is.
        using var damaged = new ImageClassifier(MeanColourNetwork.Onnx(scoring: "Log"), ["red", "green", "blue"], "Image");
        ml.Model.SaveAsOnnx(damaged, path);
        var model = ml.Model.LoadModel(path);
        Assert.All(model.Transform(Vectors(1)).GetColumn<float[]>("Score").Single(), score => Assert.Equal(0, score));
        var error = Assert.Throws<NotFiniteNumberException>(() => model.Transform(Vectors(-1)).GetColumn<float[]>("Score").ToArray());
        Assert.StartsWith($"{path}: the network gives what is no number", error.Message, StringComparison.Ordinal);
        Assert.Contains("the first node whose output is not finite is Score (Log)", error.Message, StringComparison.Ordinal);
        // What the caller gave is not the network's fault.
        Assert.All(model.Transform(Vectors(float.NaN)).GetColumn<float[]>("Score").Single(), score => Assert.True(float.IsNaN(score)));
    }

    static IDataView Vectors(float value) => new MLContext(1).Data.LoadFromEnumerable(
        [new Vector { Image = [.. Enumerable.Repeat(value, 12)] }]);

    sealed class Vector
    {
        [VectorType(3, 2, 2)]
        public float[] Image { get; set; } = [];
    }

    [Fact]
    public void Labels_that_do_not_fit_the_network_are_refused()
    {
        using var two = new ImageClassifier(MeanColourNetwork.Onnx(), ["a", "b"], "Image");
        Assert.StartsWith("ImageClassifier: the network has the output Score Float[?,3], Float[N,2] is needed for 2 labels",
            Assert.Throws<InvalidDataException>(() => two.Transform(Pictures([0, 0, 0])).GetColumn<float[]>("Score").First()).Message);
    }

    [Fact]
    public void An_engine_whose_network_does_not_fit_says_so_at_each_prediction()
    {
        using var two = new ImageClassifier(MeanColourNetwork.Onnx(), ["a", "b"], "Image");
        var engine = ml.Model.CreatePredictionEngine<Picture, TwoScores>(two);
        using var image = MLPictures.Of(Plain(0, 0, 0));
        for (var i = 0; i < 2; i++)
            Assert.StartsWith("ImageClassifier: the network has the output Score Float[?,3], Float[N,2] is needed for 2 labels",
                Assert.Throws<InvalidDataException>(() => engine.Predict(new() { Image = image })).Message);
    }

    sealed class TwoScores
    {
        [VectorType(2)]
        public float[] Score { get; set; } = [];
    }

    [Fact]
    public void Engines_may_go_before_their_network_is_ready()
    {
        for (var i = 0; i < 20; i++)
            ml.Model.CreatePredictionEngine<Picture, Scores>(
                new ImageClassifier(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image")).Dispose();
    }

    static IDataView View(string[] paths) => MadeUp.Rows(paths.Length, MadeUp.Text("ImagePath", row => paths[row]));
}
