using Microsoft.ML.Transforms;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tensors;
using MlPipelines.Tests.Data;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.Augmentations.Keras;

[Trait("Category", "Runtime")]
public sealed class GenerateImageDataTests : IDisposable
{
    readonly MLContext ml = new(3);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    IDataView Stripes(int count = 40) => Patterns.View(ml, Patterns.Stripes(count, size: 6));

    static IEnumerable<Image> Pictures(IDataView view) =>
        view.Rows("Image").Select(row => row.Get<Picture>("Image").Draw(SampleTable.AsItIs));

    static ImageDataGenerator Everything => new()
    {
        RotationRange = 20,
        WidthShiftRange = 0.2f,
        HeightShiftRange = 2,
        ShearRange = 10,
        ZoomRange = ImageDataGenerator.Zoom(0.2f),
        BrightnessRange = (0.7f, 1.3f),
        ChannelShiftRange = 20,
        HorizontalFlip = true,
        VerticalFlip = true,
        Preprocessing = new RandomErasing(),
        Rescale = 1 / 255f,
        FillMode = FillMode.Reflect,
        ValidationSplit = 0.25f,
    };

    public static TheoryData<string> Standardizations() =>
        ["rescale", "samplewise", "samplewise centre", "featurewise", "whitening", "everything"];

    static ImageDataGenerator Standardization(string name) => name switch
    {
        "rescale" => new() { Rescale = 1 / 127.5f },
        "samplewise" => new() { SamplewiseStdNormalization = true },
        "samplewise centre" => new() { SamplewiseCenter = true, Rescale = 0.01f },
        "featurewise" => new() { FeaturewiseStdNormalization = true },
        "whitening" => new() { ZcaWhitening = true, Rescale = 1 / 255f, ZcaEpsilon = 1e-3f },
        _ => Everything with { FeaturewiseStdNormalization = true, SamplewiseStdNormalization = true },
    };

    TransformerChain<ImageClassifier> Fit(ImageDataGenerator generator, IDataView data) => ml.Transforms.GenerateImageData("Features",
        "Image", generator)
        .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
        {
            Network = new Sequential(new Conv2D(4, 3, Padding.Same, Activation.Relu), new Flatten(), new Dense(2, Activation.Softmax)),
            Epoch = 2,
            BatchSize = 8,
            EarlyStoppingCriteria = null,
        })).Fit(data);

    [Theory, MemberData(nameof(Standardizations))]
    public void A_saved_model_gives_the_same_scores_and_so_does_its_file_alone_from_raw_pixels(string name)
    {
        var data = Stripes();
        using var model = Fit(Standardization(name), data);
        var expected = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        var path = Path.Combine(folder.Path, "model.onnx");
        ml.Model.SaveAsOnnx(model, path, data.Schema);
        var loaded = ml.Model.LoadModel(path);
        using var session = new Session(File.ReadAllBytes(path));
        var scores = loaded.Transform(data).GetColumn<float[]>("Score").ToArray();
        foreach (var (i, image) in Pictures(data).Index())
        {
            var alone = session.Run(new Dictionary<string, Tensor>
            {
                [session.Inputs[0].Name] = ImageDataGenerator.Pixels(image).Reshape([1, 3, 6, 6]),
            }, "Score")[0].Elements<float>();
            for (var c = 0; c < 2; c++)
            {
                Assert.Equal(expected[i][c], scores[i][c], 1e-5);
                Assert.Equal(expected[i][c], alone[c], 1e-5);
            }
        }
        var kept = Convert.FromBase64String(OnnxMetadata.Read(File.ReadAllBytes(path))[OnnxModelFile.PipelineKey]);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(kept));
        Assert.DoesNotContain(zip.Entries, entry => entry.FullName.EndsWith("whitening", StringComparison.Ordinal));
        Assert.InRange(kept.Length, 0, 8000);
        Assert.True(expected.Select(row => row[0]).Distinct().Count() > 10);
    }

    [Fact]
    public void A_column_that_another_step_uses_too_is_not_moved_into_the_graph_silently()
    {
        var generate = ml.Transforms.GenerateImageData("Features", "Image", new() { Rescale = 0.1f }).Fit(Stripes());
        var classifier = Fit(new(), Stripes()).LastTransformer;
        var copying = ml.Transforms.CopyColumns("Again", "Features").Fit(generate.Transform(Stripes()));
        var chain = new TransformerChain<ITransformer>(generate, copying, classifier);
        Assert.Contains("ColumnCopyingTransformer uses column 'Features' too",
            Assert.Throws<NotSupportedException>(() => ml.Model.SaveAsOnnx(chain, Path.Combine(folder.Path, "m.onnx"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_without_a_network_keeps_its_numbers_and_its_matrix_in_either_file()
    {
        var (data, onnx, zip) = (Stripes(), Path.Combine(folder.Path, "step.onnx"), Path.Combine(folder.Path, "step.zip"));
        foreach (var generator in new[] { Everything with { FeaturewiseStdNormalization = true }, new() { ZcaWhitening = true } })
        {
            var step = ml.Transforms.GenerateImageData("Features", "Image", generator).Fit(data);
            ml.Model.SaveAsOnnx(step, onnx);
            ml.Model.Save(step, data.Schema, zip);
            foreach (var path in new[] { onnx, zip })
                Assert.Equal(step.Transform(data).GetColumn<float[]>("Features"),
                    ml.Model.LoadModel(path).Transform(data).GetColumn<float[]>("Features"));
        }
    }

    [Fact]
    public void Own_code_runs_before_rescaling_and_cannot_be_saved()
    {
        var step = ml.Transforms.GenerateImageData("Features", "Image",
            new()
            {
                Rescale = 2,
                PreprocessingFunction = image =>
                    Tensor.Of<float>(image.Shape, [.. image.Elements<float>().ToArray().Select(value => 255 - value)]),
            }).Fit(Stripes());
        Assert.Equal(Pictures(Stripes()).First().Pixels[0], 255 - step.Transform(Stripes()).GetColumn<float[]>("Features").First()[0] / 2);
        Assert.Contains("Use Preprocessing with an augmentation",
            Assert.Throws<NotSupportedException>(() => ml.Model.Save(step, null, Path.Combine(folder.Path, "m.zip"))).Message,
            StringComparison.Ordinal);
        var smaller = ml.Transforms.GenerateImageData("Features", "Image",
            new() { PreprocessingFunction = _ => Tensor.Zeros(ElementType.Float, [3, 1, 1]) }).Fit(Stripes());
        Assert.Contains("PreprocessingFunction: gave",
            Assert.Throws<InvalidOperationException>(() => smaller.Transform(Stripes()).GetColumn<float[]>("Features").First()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Images_are_transformed_while_fitting_only_by_epoch_and_sample_and_not_by_workers()
    {
        var step = ml.Transforms.GenerateImageData("Features", "Image", Everything).Fit(Stripes());
        var view = step.TransformForTraining(Stripes());
        static LazyVector First(IDataView view) => view.Rows("Features").First().Get<LazyVector>("Features");
        Assert.True(First(view).IsRandom);
        Assert.False(First(step.Transform(Stripes())).IsRandom);
        Assert.False(First(ml.Transforms.GenerateImageData("Features", "Image", new() { Rescale = 2, ValidationSplit = 0.1f })
            .Fit(Stripes()).TransformForTraining(Stripes())).IsRandom);
        float[][] Epoch(int epoch, int workers) =>
            [.. view.Read(["Features"], row => row.Get<LazyVector>("Features").Draw(epoch), new() { Workers = workers })];
        Assert.Equal(Epoch(0, 1), Epoch(0, 4));
        Assert.All(Epoch(0, 2).Zip(Epoch(1, 2)), pair => Assert.NotEqual(pair.First, pair.Second));
        var plain = step.Transform(Stripes()).GetColumn<float[]>("Features").First();
        Assert.Equal(Pictures(Stripes()).First().Pixels[3] / 255f, plain[1], 1e-6);
        Assert.Equal(plain, First(view).Draw(SampleTable.AsItIs));
    }

    [Fact]
    public void Draws_fill_their_ranges_and_keep_to_them()
    {
        var generator = Everything with { WidthShiftRange = new[] { -3, 0, 5 } };
        var dice = Dice.For(8);
        var drawn = Enumerable.Range(0, 3000).Select(_ => generator.GetRandomTransform(ref dice, new(20, 10))).ToArray();
        Assert.Equal([-5.0, -3, 0, 3, 5], drawn.Select(one => one.Ty == 0 ? 0 : one.Ty).Distinct().Order());
        Assert.Equal([-1.0, 0, 1], drawn.Select(one => one.Tx == 0 ? 0 : one.Tx).Distinct().Order());
        foreach (var (values, least, most) in new (Func<TransformParameters, double>, double, double)[]
        {
            (one => one.Theta, -20, 20),
            (one => one.Shear, -10, 10),
            (one => one.Zx, 0.8, 1.2),
            (one => one.Zy, 0.8, 1.2),
            (one => one.ChannelShiftIntensity!.Value, -20, 20),
            (one => one.Brightness!.Value, 0.7, 1.3),
        })
        {
            Assert.InRange(drawn.Min(values), least, least + (most - least) / 50);
            Assert.InRange(drawn.Max(values), most - (most - least) / 50, most);
        }
        Assert.InRange(drawn.Count(one => one.FlipHorizontal), 1400, 1600);
        Assert.Contains(drawn, one => one.Zx != one.Zy);
        var fraction = (generator with { WidthShiftRange = 0.25f, HeightShiftRange = 1f }).GetRandomTransform(ref dice, new(20, 10));
        Assert.InRange(fraction.Ty, -5, 5);
        Assert.InRange(fraction.Tx, -1, 1);
        Assert.Equal(new(), new ImageDataGenerator().GetRandomTransform(ref dice, new(5, 5)));
    }

    [Fact]
    public void One_setting_implies_another_as_in_Keras()
    {
        Assert.True(new ImageDataGenerator { SamplewiseStdNormalization = true }.SamplewiseCenter);
        Assert.True(new ImageDataGenerator { FeaturewiseStdNormalization = true }.FeaturewiseCenter);
        var whitening = new ImageDataGenerator { ZcaWhitening = true, FeaturewiseStdNormalization = true };
        Assert.True(whitening is { FeaturewiseCenter: true, FeaturewiseStdNormalization: false });
        Assert.Contains("Call Fit first",
            Assert.Throws<InvalidOperationException>(() => whitening.Standardize(Tensor.Zeros(ElementType.Float, [3, 2, 2]))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataGenerator { InterpolationOrder = 3 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataGenerator { ValidationSplit = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataGenerator { ZoomRange = (0, 1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageDataGenerator { Rescale = 0 });
    }

    [Fact]
    public void Fitted_images_are_centred_scaled_and_white()
    {
        var generator = new ImageDataGenerator { ZcaWhitening = true, Rescale = 1 / 255f, ZcaEpsilon = 1e-9f };
        var data = Patterns.View(ml, Patterns.Stripes(600, size: 4));
        var white = ml.Transforms.GenerateImageData("Features", "Image", generator).Fit(data).Transform(data).GetColumn<float[]>("Features")
            .ToArray();
        for (var i = 0; i < 48; i++)
            for (var j = 0; j < 48; j++)
                Assert.Equal(i == j ? 1 : 0, white.Average(vector => (double)vector[i] * vector[j]), 1e-2);
        var scaled = ml.Transforms.GenerateImageData("Features", "Image", new() { FeaturewiseStdNormalization = true }).Fit(data)
            .Transform(data).GetColumn<float[]>("Features").SelectMany(vector => vector[..16]).ToArray();
        Assert.Equal(0, scaled.Average(), 1e-4);
        Assert.Equal(1, scaled.Average(value => value * value), 1e-3);
    }

    [Fact]
    public void Statistics_come_from_a_seeded_sample_of_what_is_given()
    {
        var (data, generator) = (Stripes(200), new ImageDataGenerator { FeaturewiseCenter = true });
        Assert.Equal(generator.Fit(data, seed: 1, sampleSize: 20).Mean,
            generator.Fit(data, seed: 1, sampleSize: 20, reading: new() { Workers = 1 }).Mean);
        Assert.NotEqual(generator.Fit(data, seed: 1, sampleSize: 20).Mean, generator.Fit(data, seed: 2, sampleSize: 20).Mean);
        Assert.Equal(generator.Fit(data, seed: 1).Mean, generator.Fit(data, seed: 2).Mean);
        var brighter = generator with { BrightnessRange = (1.2f, 1.2f) };
        Assert.All(generator.Fit(data).Mean.Zip(brighter.Fit(data, augment: true, rounds: 2).Mean),
            pair => Assert.Equal(1.2 * pair.First, pair.Second, 1));
    }

    [Fact]
    public void Validation_is_the_first_part_of_each_class()
    {
        var data = Stripes(22);
        var split = ml.Data.ValidationSplit(data, Everything);
        Assert.Equal(["across", "down", "across", "down"], split.TestSet.GetColumn<string>("Label"));
        Assert.Equal([0L, 1, 2, 3], split.TestSet.Rows().Select(row => row.Id));
        Assert.Equal(18, split.TrainSet.GetRowCount());
        string[] names = ["b", "d", "a", "c"];
        var files = new SourceView(4, SourceColumn.Text("ImagePath", row => names[row]), SourceColumn.Text("Label", _ => "x"));
        Assert.Equal(["b", "a"], ml.Data.ValidationSplit(files, new() { ValidationSplit = 0.5f }).TestSet.GetColumn<string>("ImagePath"));
    }

    [Fact]
    public void Images_of_several_sizes_are_refused_by_name()
    {
        var data = Patterns.View(ml, [.. Patterns.Stripes(4, size: 6), .. Patterns.Stripes(2, size: 8)]);
        var step = ml.Transforms.GenerateImageData("Features", "Image", new()).Fit(data);
        Assert.Contains("is 8×8 with 3 channels, the step was fitted on 6×6 with 3",
            Assert.Throws<InvalidOperationException>(() => step.Transform(data).GetColumn<float[]>("Features").ToArray()).Message,
            StringComparison.Ordinal);
        Assert.Contains("none of the 0 images",
            Assert.Throws<InvalidDataException>(() => ml.Transforms.GenerateImageData("Features", "Image", new()).Fit(Stripes(0))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ml.Transforms.GenerateImageData("Features", "Label", new()).Fit(Stripes()));
    }
}
