using System.IO.Compression;
using System.Text;
using System.Text.Json;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Pipelines;

public sealed class ModelFileTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    sealed class Example
    {
        public string Label { get; set; } = "";
        public string ImagePath { get; set; } = "";
    }

    string PathOf(string name) => Path.Combine(folder.Path, name);

    IDataView Examples(params string[] labels) =>
        ml.Data.LoadFromEnumerable(labels.Select(label => new Example { Label = label, ImagePath = PathOf("x.png") }).ToArray());

    void Save(ITransformer model, DataViewSchema schema, string path)
    {
        if (path.EndsWith(".zip", StringComparison.Ordinal))
            ml.Model.Save(model, schema, path);
        else
            ml.Model.SaveAsOnnx(model, path, schema);
    }

    (ITransformer Model, DataViewSchema Schema) Small()
    {
        var data = Examples("a", "b");
        return (ml.Transforms.Conversion.MapValueToKey("Key", "Label").Append(ml.Transforms.LoadImages("Image", "ImagePath", 2, 2))
            .Fit(data), data.Schema);
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.onnx")]
    public void A_saved_pipeline_gives_the_same_columns_in_another_context(string name)
    {
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath", 4, 3, ResizingKind.Fill))
            .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(Vertical: true), new RandomShift(0.3f, FillMode.Wrap),
                new RandomRotation(7), new RandomErasing(EachPixel: true)))
            .Append(ml.Transforms.ConvertToGrayscale("Grey", "Image"))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: 2, scaleImage: 0.1f))
            .Append(ml.Transforms.CopyColumns("Copy", "Label"))
            .Append(ml.Transforms.DropColumns("Grey"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Key"));
        Image.FromPixels(5, 4, 3, [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 4))]).Save(PathOf("x.png"));
        var data = Examples("naïve \"b\"", "a");
        var model = pipeline.Fit(data);
        Save(model, data.Schema, PathOf(name));
        var loaded = new MLContext(9).Model.LoadModel(PathOf(name), out var schema);
        Assert.Equal(data.Schema.Select(column => (column.Name, column.Type)), schema!.Select(column => (column.Name, column.Type)));
        var (before, after) = (model.Transform(data), loaded.Transform(data));
        Assert.Equal(before.Schema.Select(column => (column.Name, column.Type)),
            after.Schema.Select(column => (column.Name, column.Type)));
        Assert.Equal(before.GetColumn<float[]>("Pixels"), after.GetColumn<float[]>("Pixels"));
        Assert.Equal(["naïve \"b\"", "a"], after.GetColumn<string>("Key"));
        Assert.Equal(Fitting(model), Fitting(loaded));
        if (name.EndsWith(".onnx", StringComparison.Ordinal))
        {
            using var session = MlPipelines.Execution.Session.Load(PathOf(name));
            Assert.Single(session.Inputs);
        }

        byte[][] Fitting(ITransformer chain) =>
            [.. chain.Steps().Take(3).Aggregate(data, (view, step) => step.TransformForTraining(view)).Images(epoch: 2)
                .Select(image => image.Pixels.ToArray())];
    }

    [Theory]
    [InlineData("model.zip")]
    [InlineData("model.onnx")]
    public void Every_shortening_of_a_model_file_is_refused_by_name(string name)
    {
        var (model, schema) = Small();
        var file = PathOf(name);
        Save(model, schema, file);
        var whole = File.ReadAllBytes(file);
        for (var kept = 0; kept < whole.Length; kept += kept < 100 ? 1 : 7)
        {
            File.WriteAllBytes(file, whole[..kept]);
            Assert.StartsWith($"{file}: ", Assert.Throws<InvalidDataException>(() => ml.Model.LoadModel(file)).Message);
        }
        File.WriteAllBytes(file, whole);
        Assert.Equal(2, ml.Model.LoadModel(file).Steps().Count());
    }

    [Fact]
    public void Files_of_other_kinds_are_refused_by_name()
    {
        var text = folder.Write("notes.onnx", "just some text, no network"u8.ToArray());
        Assert.StartsWith($"{text}: ", Assert.Throws<InvalidDataException>(() => ml.Model.LoadModel(text)).Message);
        var other = folder.Write("other.onnx", MeanColourNetwork.Onnx());
        Assert.Equal($"{other}: an ONNX file without a pipeline, one written by SaveAsOnnx is needed. "
                + "Use ApplyOnnxModel for networks made elsewhere.",
            Assert.Throws<InvalidDataException>(() => ml.Model.LoadModel(other)).Message);
        Assert.StartsWith($"{PathOf("none")}: not found, a model is needed.",
            Assert.Throws<FileNotFoundException>(() => ml.Model.LoadModel(PathOf("none"))).Message);
    }

    [Theory]
    [InlineData("""{"kind":"ImageLoader","outputColumn":"Image","inputColumn":"ImagePath","turned":90}""", "turned")]
    [InlineData("""
        {"kind":"ImageAugmentingTransformer","outputColumn":"Image","inputColumn":"Image","seed":1,
        "augmentations":[{"kind":"RandomZoom","least":0.5}]}
        """, "least")]
    public void A_value_that_is_not_known_is_not_passed_over(string step, string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Step>(step, SavedStep.Json)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_file_names_no_type_outside_the_family()
    {
        Assert.Contains("got 'Process', needs one of",
            Assert.ThrowsAny<Exception>(() =>
            JsonSerializer.Deserialize<Step>("""{"kind":"Process","fileName":"sh"}""", SavedStep.Json)).Message);
        var (model, schema) = Small();
        ml.Model.Save(model, schema, PathOf("model.zip"));
        using (var zip = ZipFile.Open(PathOf("model.zip"), ZipArchiveMode.Update))
            foreach (var entry in zip.Entries.ToArray())
                Rename(entry);
        Assert.Contains("got 'ImageLoadex', needs one of",
            Assert.Throws<InvalidDataException>(() => ml.Model.LoadModel(PathOf("model.zip"))).Message);

        static void Rename(ZipArchiveEntry entry)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            var text = Encoding.Latin1.GetString(memory.ToArray());
            stream.SetLength(0);
            stream.Write(Encoding.Latin1.GetBytes(text.Replace(Wide("\"ImageLoader\""), Wide("\"ImageLoadex\""),
                StringComparison.Ordinal)));
        }

        static string Wide(string text) => Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text));
    }

    [Fact]
    public void Saving_to_where_it_cannot_leaves_what_was_there()
    {
        var (model, schema) = Small();
        Assert.ThrowsAny<IOException>(() => ml.Model.SaveAsOnnx(model, PathOf("no/model.onnx"), schema));
        var file = folder.Write("model.onnx", 1, 2, 3);
        Assert.Throws<IOException>(() => AtomicFile.Write(file, _ => throw new IOException("disk full")));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact, Trait("Category", "Runtime")]
    public void An_onnx_file_holds_one_network()
    {
        using ImageClassifier one = new(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image");
        using ImageClassifier other = new(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image")
        {
            ScoreColumn = "Score2",
            PredictedLabelColumn = "Predicted2",
        };
        Assert.StartsWith("SaveAsOnnx: the pipeline holds 2 networks (ImageClassifier, ImageClassifier), one file holds one.",
            Assert.Throws<NotSupportedException>(() =>
                ml.Model.SaveAsOnnx(new TransformerChain<ITransformer>(one, other), PathOf("model.onnx"))).Message);
    }
}
