using MlPipelines.Imaging;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Pipelines;

public sealed class ChainTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    sealed class Example
    {
        public string Label { get; set; } = "";
        public string ImagePath { get; set; } = "";
    }

    sealed class Keyed
    {
        public uint Key { get; set; }
        public string Label { get; set; } = "";
        public float[] Missing { get; set; } = [7];
    }

    IDataView Examples(params string[] labels) => ml.Data.LoadFromEnumerable(labels.Select(label => new Example { Label = label }));

    [Fact]
    public void The_schema_is_checked_before_any_data_flow()
    {
        var read = 0;
        var data = new SourceView(new(new DataViewSchema.Column("Label", new TextDataViewType())), 3, (_, _) => { read++; return "a"; });
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Key", "Label").Append(ml.Transforms.CopyColumns("B", "Label")).Append(ml.Transforms.ResizeImages("Label", 8, 8));
        var thrown = Assert.Throws<ArgumentException>(() => pipeline.Fit(data));
        Assert.Equal("Step 3 (ImageResizing): Column 'Label': holds text, an image is needed.", thrown.Message);
        Assert.Equal(0, read);
    }

    [Fact]
    public void A_missing_column_is_named_with_those_there_are()
    {
        var pipeline = ml.Transforms.CopyColumns("B", "Label").Append(ml.Transforms.Conversion.MapValueToKey("Key", "Lable"));
        Assert.Equal("Step 2 (ValueToKeyMapping): Column 'Lable': not found, the data has 'Label' (text), 'ImagePath' (text), 'B' (text).",
            Assert.Throws<ArgumentException>(() => pipeline.Fit(Examples("a"))).Message);
    }

    [Fact]
    public void The_last_transformer_is_typed_and_a_started_chain_goes_on()
    {
        IEstimator<ITransformer> start = ml.Transforms.CopyColumns("B", "Label").Append(ml.Transforms.CopyColumns("C", "B"));
        var model = start.Append(ml.Transforms.Conversion.MapValueToKey("Key", "C")).AppendCacheCheckpoint(ml).Append(ml.Transforms.Conversion.MapValueToKey("Key2", "C")).Fit(Examples("b", "a"));
        Assert.Equal(["a", "b"], model.LastTransformer.KeyValues);
        Assert.Equal([2, 1], model.Transform(Examples("b", "a")).GetColumn<uint>("Key2"));
    }

    [Fact]
    public void A_cache_checkpoint_computes_each_row_once()
    {
        var read = 0;
        var data = new SourceView(new(new DataViewSchema.Column("Label", new TextDataViewType())), 3, (row, _) => { Interlocked.Increment(ref read); return $"{row}"; });
        var view = ml.Data.Cache(data);
        Assert.Equal(view.GetColumn<string>("Label"), view.GetColumn<string>("Label"));
        Assert.Equal(3, read);
    }

    [Fact]
    public void A_saved_pipeline_gives_the_same_columns()
    {
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(ml.Transforms.LoadImages("Image", "ImagePath"))
            .Append(ml.Transforms.ResizeImages("Image", 4, 3, resizing: ResizingKind.Fill))
            .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(Vertical: true), new RandomShift(0.3f, FillMode.Wrap), new RandomRotation(7), new RandomErasing(EachPixel: true)))
            .Append(ml.Transforms.ConvertToGrayscale("Grey", "Image"))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image", means: [1, 2, 3], scales: [0.1f, 0.2f, 0.3f]))
            .Append(ml.Transforms.CopyColumns("Copy", "Label"))
            .Append(ml.Transforms.DropColumns("Grey"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Key"));
        var path = Path.Combine(folder.Path, "x.png");
        Image.FromPixels(5, 4, 3, [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 4))]).Save(path);
        var data = ml.Data.LoadFromEnumerable([new Example { Label = "naïve \"b\"", ImagePath = path }, new Example { Label = "a", ImagePath = path }]);
        var model = pipeline.Fit(data);
        var file = Path.Combine(folder.Path, "model.onnx");
        ml.Model.Save(model, data.Schema, file);
        var loaded = ml.Model.Load(file, out var schema);
        Assert.Equal(data.Schema, schema);
        var (before, after) = (model.Transform(data), loaded.Transform(data));
        Assert.Equal(before.Schema, after.Schema);
        Assert.Equal(before.GetColumn<float[]>("Pixels"), after.GetColumn<float[]>("Pixels"));
        Assert.Equal(["naïve \"b\"", "a"], after.GetColumn<string>("Key"));
        var fitting = new RowReading { Pass = Pass.Fit(2) };
        Assert.Equal(before.Read(row => row.Get<float[]>("Pixels"), fitting), after.Read(row => row.Get<float[]>("Pixels"), fitting));
        using var session = MlPipelines.Execution.Session.Load(file);
        Assert.Single(session.Inputs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    public void A_model_file_cut_short_is_refused_by_name(int kept)
    {
        var file = Path.Combine(folder.Path, "model.onnx");
        ml.Model.Save(ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(Examples("a")), file);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..kept]);
        Assert.StartsWith($"{file}: ONNX file", Assert.Throws<InvalidDataException>(() => ml.Model.Load(file)).Message);
    }

    [Fact]
    public void Every_shortening_of_a_model_file_is_refused_without_crash()
    {
        var file = Path.Combine(folder.Path, "model.onnx");
        ml.Model.Save(ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(Examples("a")), file);
        var whole = File.ReadAllBytes(file);
        for (var kept = 0; kept < whole.Length; kept++)
        {
            using var stream = new MemoryStream(whole[..kept]);
            try
            {
                Assert.Single(ml.Model.Load(stream, out _));
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("model: ", exception.Message);
            }
        }
    }

    [Fact]
    public void Files_of_other_kinds_are_refused_by_name()
    {
        var text = folder.Write("notes.onnx", "just some text, no network"u8.ToArray());
        Assert.StartsWith($"{text}: ", Assert.Throws<InvalidDataException>(() => ml.Model.Load(text)).Message);
        var other = folder.Write("other.onnx", MeanColourNetwork.Onnx());
        Assert.Equal($"{other}: an ONNX file without a pipeline, one written by Model.Save is needed. Use ApplyOnnxModel for networks made elsewhere.",
            Assert.Throws<InvalidDataException>(() => ml.Model.Load(other)).Message);
    }

    [Fact]
    public void A_file_names_no_type_outside_the_family()
    {
        var json = """{"version":1,"input":[],"steps":[{"kind":"Process","fileName":"sh"}]}""";
        var file = folder.Write("bad.onnx", MlPipelines.Graphs.Onnx.OnnxMetadata.With(MeanColourNetwork.Onnx(), new Dictionary<string, string> { ["mlpipelines.pipeline"] = json }));
        Assert.Contains("ITransformer: got 'Process', needs one of", Assert.Throws<InvalidDataException>(() => ml.Model.Load(file)).Message);
    }

    [Fact]
    public void Saving_to_where_it_cannot_leaves_what_was_there()
    {
        var model = ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(Examples("a"));
        Assert.Throws<IOException>(() => ml.Model.Save(model, Path.Combine(folder.Path, "no", "model.onnx")));
        var file = folder.Write("model.onnx", 1, 2, 3);
        Assert.Throws<IOException>(() => AtomicFile.Write(file, _ => throw new IOException("disk full")));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(file));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void An_engine_predicts_one_by_one_and_in_batches()
    {
        var model = ml.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(Examples("a", "b"));
        using var engine = ml.Model.CreatePredictionEngine<Example, Keyed>(model);
        Assert.Equal("Key", engine.OutputSchema[2].Name);
        var prediction = engine.Predict(new() { Label = "b" });
        Assert.Equal((2u, "b", 7f), (prediction.Key, prediction.Label, prediction.Missing[0]));
        var same = prediction;
        engine.Predict(new() { Label = "a" }, ref same);
        Assert.Same(prediction, same);
        Assert.Equal(1u, prediction.Key);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (uint)(i % 3 + 1) % 3), engine.PredictBatch(Enumerable.Range(0, 3000).Select(i => new Example { Label = $"{"abc"[i % 3]}" })).Select(each => each.Key));
        Assert.Throws<ArgumentException>(() => ml.Model.CreatePredictionEngine<Example, Keyed>(model, ignoreMissingColumns: false));
    }

    [Fact]
    public void Equal_seeds_are_kept_and_none_draws_one()
    {
        Assert.Equal(1, ml.Seed);
        Assert.NotEqual(new MLContext().Seed, new MLContext().Seed);
    }
}
