using MlPipelines.Imaging;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms;

[Trait("Category", "Runtime")]
public sealed class ImageClassifierTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();
    readonly ImageClassifier classifier = new(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image", BatchSize: 4);

    public void Dispose()
    {
        classifier.Dispose();
        folder.Dispose();
    }

    internal sealed class Picture
    {
        public Image? Image { get; set; }
        public string Label { get; set; } = "";
    }

    internal sealed class Prediction
    {
        public float[] Score { get; set; } = [];
        public string PredictedLabel { get; set; } = "";
    }

    static Image Plain(params byte[] colour) => Image.FromPixels(2, 2, colour.Length, [.. Enumerable.Repeat(colour, 4).SelectMany(pixel => pixel)]);

    IDataView Pictures(params byte[][] colours) => ml.Data.LoadFromEnumerable(colours.Select(colour => new Picture { Image = Plain(colour) }));

    [Fact]
    public void Scores_are_those_of_the_network_and_the_best_is_named()
    {
        var scored = classifier.Transform(Pictures([3, 1, 2], [0, 0, 0], [1, 2, 5]));
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        var sum = Math.Exp(3) + Math.Exp(1) + Math.Exp(2);
        Assert.Equal([Math.Exp(3) / sum, Math.Exp(1) / sum, Math.Exp(2) / sum], scores[0].Select(score => (double)score), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1, 1, 3], scored.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(["red", "green", "blue"], ((VectorDataViewType)scored.Schema["Score"].Type).SlotNames!.Value);
        Assert.Equal(["red", "green", "blue"], ((KeyDataViewType)scored.Schema["PredictedLabel"].Type).KeyValues!.Value);
    }

    [Fact]
    public void Images_bytes_of_files_and_vectors_give_the_same_scores()
    {
        var image = Plain(9, 4, 7);
        var vector = new float[] { 9, 9, 9, 9, 4, 4, 4, 4, 7, 7, 7, 7 };
        var views = new (DataViewType Type, object Value)[]
        {
            (new ImageDataViewType(), image), (new VectorDataViewType(typeof(byte)), image.Encode(".png")), (new VectorDataViewType(typeof(float), 3, 2, 2), vector),
        };
        var scores = views.Select(view => classifier.Transform(new SourceView(new(new DataViewSchema.Column("Image", view.Type)), 1, (_, _) => view.Value)).GetColumn<float[]>("Score").Single()).ToArray();
        Assert.Equal(scores[0], scores[1]);
        Assert.Equal(scores[0], scores[2]);
    }

    [Fact]
    public void A_grey_image_of_another_size_is_brought_to_the_networks()
    {
        var scored = classifier.Transform(ml.Data.LoadFromEnumerable([new Picture { Image = Image.FromPixels(5, 3, 1, [.. Enumerable.Repeat((byte)7, 15)]) }]));
        Assert.All(scored.GetColumn<float[]>("Score").Single(), score => Assert.Equal(1 / 3f, score, 5));
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_skipped_and_its_neighbours_are_scored()
    {
        var paths = Enumerable.Range(0, 10).Select(i => i == 5 ? folder.Write("broken.png", 1, 2, 3) : Path.Combine(folder.Path, $"{i}.png")).ToArray();
        foreach (var (i, path) in paths.Index().Where(path => path.Index != 5))
            Plain((byte)i, 0, 9).Save(path);
        var view = ml.Transforms.LoadImages("Image", "ImagePath").Fit(View(paths)).Transform(View(paths));
        var skipped = new List<SkippedRow>();
        var keys = classifier.Transform(view).Read(row => row.Get<uint>("PredictedLabel"), new() { Skipped = skipped.Add, Workers = 3 }).ToArray();
        Assert.Equal([3, 3, 3, 3, 3, 3, 3, 3, 1], keys);
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
        Assert.Equal(expected, scored.Read(row => row.Get<uint>("PredictedLabel"), new() { Workers = workers }));
    }

    [Fact]
    public void A_saved_model_predicts_the_same_from_many_threads()
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        var chain = new TransformerChain<ITransformer>([classifier, new KeyToValueMappingTransformer("PredictedLabel", "PredictedLabel")]);
        ml.Model.Save(chain, Pictures([0, 0, 0]).Schema, path);
        using var loaded = ml.Model.Load(path, out var schema);
        Assert.Equal("Image", schema[0].Name);
        using var engine = ml.Model.CreatePredictionEngine<Picture, Prediction>(loaded);
        Parallel.For(0, 60, i =>
        {
            var prediction = engine.Predict(new() { Image = Plain((byte)(i % 3 == 0 ? 5 : 0), (byte)(i % 3 == 1 ? 5 : 0), (byte)(i % 3 == 2 ? 5 : 0)) });
            Assert.Equal(new[] { "red", "green", "blue" }[i % 3], prediction.PredictedLabel);
        });
        Assert.Equal(["blue", "green"], engine.PredictBatch([new Picture { Image = Plain(0, 0, 1) }, new Picture { Image = Plain(0, 1, 0) }]).Select(prediction => prediction.PredictedLabel));
    }

    [Fact]
    public void The_file_carries_labels_resize_kind_and_colours_and_runs_on_plain_runtime()
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        ml.Model.Save(classifier, path);
        using var session = MlPipelines.Execution.Session.Load(path);
        Assert.Equal("""["red","green","blue"]""", session.Metadata["mlpipelines.labels"]);
        Assert.Equal("IsoCrop", session.Metadata["mlpipelines.resize"]);
        Assert.Equal("RGB", session.Metadata["mlpipelines.colours"]);
        Assert.Equal("Score", session.Outputs[0].Name);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Labels_that_do_not_fit_the_network_are_refused()
    {
        using var two = new ImageClassifier(MeanColourNetwork.Onnx(), ["a", "b"], "Image");
        Assert.StartsWith("ImageClassifier: the network has the output Score Float[?,3], Float[N,2] is needed for 2 labels",
            Assert.Throws<InvalidDataException>(() => two.Transform(Pictures([0, 0, 0])).GetRow(0).Get<float[]>("Score")).Message);
    }

    static SourceView View(string[] paths) => new(new(new DataViewSchema.Column("ImagePath", new TextDataViewType())), paths.Length, (row, _) => paths[row]);
}
