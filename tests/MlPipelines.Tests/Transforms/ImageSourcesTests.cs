using MlPipelines.Imaging;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms;

/// <summary>A model that was fitted on paths is asked with what a program has in memory.</summary>
public sealed class ImageSourcesTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();
    readonly string path;

    public ImageSourcesTests() => path = folder.Write("a.png", Pixels().Encode(".png"));

    public void Dispose() => folder.Dispose();

    [Fact, Trait("Category", "Runtime")]
    public void Bytes_streams_and_images_score_as_their_file_does()
    {
        var model = Model();
        var expected = Score<FromPath>(model, new() { ImagePath = path });
        Assert.Equal(3, expected.Length);
        var encoded = File.ReadAllBytes(path);
        Assert.Equal(expected, Score<FromBytes>(model, new() { ImagePath = encoded }));
        Assert.Equal(expected, Score<FromBuffer>(model, new() { ImagePath = new(encoded.Length, encoded) }));
        using var picture = MLImage.CreateFromFile(path);
        Assert.Equal(expected, Score<FromImage>(model, new() { ImagePath = picture }));
        using var file = File.OpenRead(path);
        Assert.Equal(expected, Score<FromStream>(model, new() { ImagePath = file }));
    }

    [Fact, Trait("Category", "Runtime")]
    public void A_loaded_model_takes_them_too_and_in_batches()
    {
        var model = Model();
        var file = Path.Combine(folder.Path, "model.zip");
        ml.Model.Save(model, null, file);
        var loaded = new MLContext().Model.LoadModel(file);
        using var predictor = ml.Model.CreatePredictor<FromBytes, Scored>(loaded);
        Assert.Equal([Score<FromPath>(model, new() { ImagePath = path })],
            predictor.PredictBatch([new() { ImagePath = File.ReadAllBytes(path) }, new() { ImagePath = [] }], skipped: row =>
                Assert.Equal("column 'ImagePath', row 1: is empty, the bytes of an image's file are needed.", row.Reason))
                .Select(scored => scored.Score));
    }

    [Fact]
    public void A_stream_is_read_from_where_it_stands_and_put_back()
    {
        var encoded = File.ReadAllBytes(path);
        using var stream = new MemoryStream([1, 2, 3, .. encoded]) { Position = 3 };
        var view = ml.Data.LoadFromEnumerable([new FromStream { ImagePath = stream }]);
        var loaded = ml.Transforms.LoadImages("Image", "ImagePath", 4, 4, ResizingKind.Fill).Fit(view).Transform(view);
        Assert.Equal(Pixels().Resize(4, 4, ResizingKind.Fill).Pixels.ToArray(), loaded.ImageAt(0).Pixels.ToArray());
        Assert.Equal(3, stream.Position);
        stream.Position = stream.Length;
        Assert.StartsWith("column 'ImagePath', row 0: its stream is at its end",
            Assert.Throws<InvalidDataException>(() => loaded.ImageAt(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_brought_to_the_size_and_the_colours_of_the_step()
    {
        using var picture = MLImage.CreateFromFile(path);
        var view = ml.Data.LoadFromEnumerable([new FromImage { ImagePath = picture }]);
        var loaded = ml.Transforms.LoadImages("Image", "ImagePath", 3, 5, ResizingKind.Fill, grayscale: true).Fit(view).Transform(view);
        Assert.Equal(Pixels().Resize(3, 5, ResizingKind.Fill).ToGrayscale().Pixels.ToArray(), loaded.ImageAt(0).Pixels.ToArray());
    }

    [Fact]
    public void Missing_values_are_named_by_their_column()
    {
        var streams = ml.Data.LoadFromEnumerable([new FromStream()]);
        var loaded = ml.Transforms.LoadImages("Image", "ImagePath", 3, 5).Fit(streams).Transform(streams);
        Assert.StartsWith("column 'ImagePath', row 0: has no stream", Assert.Throws<InvalidDataException>(() => loaded.ImageAt(0)).Message,
            StringComparison.Ordinal);
    }

    TransformerChain<ImageClassifier> Model()
    {
        var paths = MadeUp.Rows(1, MadeUp.Text("ImagePath", _ => path));
        return ml.Transforms.LoadImages("Image", "ImagePath", 8, 8).Fit(paths)
            .Append(new ImageClassifier(MeanColourNetwork.Onnx(8), ["red", "green", "blue"], "Image"));
    }

    float[] Score<T>(ITransformer model, T example) where T : class
    {
        using var engine = ml.Model.CreatePredictionEngine<T, Scored>(model, new PredictionEngineOptions { OwnsTransformer = false });
        return engine.Predict(example).Score;
    }

    static Image Pixels() => Image.FromPixels(16, 8, 3, [.. Enumerable.Range(0, 16 * 8 * 3).Select(i => (byte)(i % 7))]);

    sealed class FromPath
    {
        public string ImagePath { get; set; } = "";
    }

    sealed class FromBytes
    {
        public byte[] ImagePath { get; set; } = [];
    }

    sealed class FromBuffer
    {
        public VBuffer<byte> ImagePath { get; set; }
    }

    sealed class FromStream
    {
        [ImageStream]
        public Stream? ImagePath { get; set; }
    }

    sealed class FromImage
    {
        [ImageType(1, 1)]
        public MLImage? ImagePath { get; set; }
    }

    sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
