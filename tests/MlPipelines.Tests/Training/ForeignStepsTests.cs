using System.Globalization;
using Microsoft.ML.Runtime;
using MlPipelines.Networks;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Training;

/// <summary>The trainer behind ML.NET's own steps, and its steps between ours and the trainer.</summary>
[Trait("Category", "Runtime")]
public sealed class ForeignStepsTests : IDisposable
{
    const int Count = 20, Size = Patterns.Size;

    readonly TemporaryFolder folder = new();
    readonly Patterns.Picture[] pictures = Patterns.Stripes(Count);

    public ForeignStepsTests()
    {
        foreach (var (number, picture) in pictures.Index())
            picture.Image!.Save(PathOf(number));
        File.WriteAllLines(Table, pictures.Select((picture, number) => $"{PathOf(number)},{picture.Label}"));
    }

    public void Dispose() => folder.Dispose();

    string PathOf(int number) => Path.Combine(folder.Path, NameOf(number));

    static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:00}.png");

    string Table => Path.Combine(folder.Path, "images.csv");

    string Workspace => Path.Combine(folder.Path, "run");

    sealed class Row
    {
        [LoadColumn(0)]
        public string ImagePath { get; set; } = "";

        [LoadColumn(1)]
        public string Label { get; set; } = "";
    }

    sealed class Numbers
    {
        [VectorType(3 * Size * Size)]
        public float[] Pixels { get; set; } = [];
        public string Label { get; set; } = "";
    }

    sealed class Pictured
    {
        [ImageType(Size, Size)]
        public MLImage? Image { get; set; }
    }

    IDataView Names(MLContext ml) => Rows(ml, NameOf);

    IDataView Paths(MLContext ml) => Rows(ml, PathOf);

    IDataView Rows(MLContext ml, Func<int, string> path) =>
        ml.Data.LoadFromEnumerable(pictures.Select((picture, number) => new Row { ImagePath = path(number), Label = picture.Label }));

    static IDataView Through(IDataView view, IEstimator<ITransformer> steps) => steps.Fit(view).Transform(view);

    // ML.NET's ConvertToImage takes interleaved numbers unless told otherwise.
    IDataView Vectors(MLContext ml) => ml.Data.LoadFromEnumerable(pictures.Select(picture =>
        new Numbers { Pixels = [.. picture.Image!.Pixels.ToArray().Select(value => (float)value)], Label = picture.Label }));

    static readonly string[] ways = ["LoadImages", "LoadRawImageBytes", "ExtractPixels", "ConvertToImage", "CustomMapping",
        "LoadFromTextFile", "paths"];

    public static TheoryData<string> Ways => [.. ways];

    (IDataView View, Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options> With) Fed(MLContext ml,
        string way) => way switch
        {
            "LoadImages" => (Through(Names(ml), ml.Transforms.LoadImages("Image", folder.Path, "ImagePath")
                .Append(ml.Transforms.ResizeImages("Image", Size, Size, "Image"))), options => options),
            "LoadRawImageBytes" => (Through(Names(ml), ml.Transforms.LoadRawImageBytes("Image", folder.Path, "ImagePath")),
                options => options with { FeatureColumnName = "Image", ImageHeight = Size, ImageWidth = Size }),
            "ExtractPixels" => (Through(Names(ml), ml.Transforms.LoadImages("Image", folder.Path, "ImagePath")
                .Append(ml.Transforms.ResizeImages("Image", Size, Size, "Image")).Append(ml.Transforms.ExtractPixels("Features", "Image"))),
                options => options),
            "ConvertToImage" =>
            (Through(Vectors(ml), ml.Transforms.ConvertToImage(Size, Size, "Image", "Pixels", interleavedColors: true)),
                options => options),
            "CustomMapping" => (Through(Paths(ml), ml.Transforms.CustomMapping<Row, Pictured>(
                (row, made) => made.Image = MLImage.CreateFromFile(row.ImagePath), null)), options => options),
            "LoadFromTextFile" => (Through(ml.Data.LoadFromTextFile<Row>(Table, ','),
                ml.Transforms.LoadImages("Image", "ImagePath", Size, Size)), options => options),
            _ => (Paths(ml), options => options with { FeatureColumnName = "ImagePath", ImageHeight = Size, ImageWidth = Size }),
        };

    static ImageClassificationTrainer.Options Plain => new()
    {
        Network = Patterns.Small(),
        Epoch = 2,
        BatchSize = 8,
        EarlyStoppingCriteria = null,
        ValidationSetFraction = 0,
    };

    static ImageClassificationTrainer.Options Random =>
        Plain with { Network = Patterns.Elaborate(), ValidationSetFraction = 0.2f, Epoch = 3 };

    [Theory, MemberData(nameof(Ways))]
    public void However_images_come_the_model_is_that_of_the_pictures_themselves(string way)
    {
        var ml = new MLContext(1);
        var (view, with) = Fed(ml, way);
        using var expected = Patterns.Fit(ml, Patterns.View(ml, pictures), Plain);
        using var model = Patterns.Fit(ml, view, with(Plain));
        Assert.Equal(expected.Onnx.ToArray(), model.Onnx.ToArray());
        Assert.Equal(expected.Transform(Patterns.View(ml, pictures)).GetColumn<float[]>("Score"),
            model.Transform(view).GetColumn<float[]>("Score"));
    }

    [Theory, MemberData(nameof(Ways))]
    public void Equal_seeds_give_equal_bits_for_any_number_of_threads(string way)
    {
        byte[] Train(int workers)
        {
            var ml = new MLContext(5);
            var (view, with) = Fed(ml, way);
            using var model = Patterns.Fit(ml, view, with(Random) with { Workers = workers });
            return model.Onnx.ToArray();
        }
        var one = Train(1);
        Assert.Equal(one, Train(2));
        Assert.Equal(one, Train(7));
    }

    static byte[] Stopped(Func<MLContext, IDataView> data, ImageClassificationTrainer.Options options, int? steps)
    {
        using var stop = new CancellationTokenSource();
        var (ml, met) = (new MLContext(5), 0);
        using var model = Patterns.Fit(ml, data(ml), options with
        {
            CancellationToken = stop.Token,
            StepProgress = new Patterns.Told<TrainingProgress>(_ =>
            {
                if (++met == steps)
                    stop.Cancel();
            }),
        });
        return model.Onnx.ToArray();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_run_stopped_in_the_middle_goes_on_to_the_same_bits(string way)
    {
        byte[] Train(bool keep, int? steps = null)
        {
            var options = Random with { WorkspacePath = keep ? Workspace : null };
            return Stopped(ml => Fed(ml, way).View, Fed(new(5), way).With(options), steps);
        }
        var whole = Train(keep: false);
        Assert.NotEqual(whole, Train(keep: true, steps: 4));
        Assert.Equal(whole, Train(keep: true));
    }

    [Theory]
    [InlineData("LoadRawImageBytes")]
    [InlineData("CustomMapping")]
    [InlineData("LoadImages")]
    [InlineData("ExtractPixels")]
    [InlineData("LoadFromTextFile")]
    [InlineData("paths")]
    public void A_file_that_is_no_picture_is_skipped_named_and_has_no_scores(string way)
    {
        File.WriteAllText(PathOf(7), "no picture");
        var (ml, skipped) = (new MLContext(1), new List<SkippedRow>());
        var (view, with) = Fed(ml, way);
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, view, with(Plain) with { Skipped = skipped.Add, EpochCallback = epochs.Add });
        Assert.EndsWith(NameOf(7), Assert.Single(skipped).Path, StringComparison.Ordinal);
        Assert.Equal([19L, 19L], epochs.Select(epoch => epoch.Samples));
        var scores = model.Transform(view).GetColumn<float[]>("Score").ToArray();
        Assert.Equal(Count, scores.Length);
        Assert.All(scores.Index(), score => Assert.Equal(score.Index == 7, float.IsNaN(score.Item[0])));
    }

    [Theory]
    [InlineData("LoadRawImageBytes")]
    [InlineData("LoadImages")]
    [InlineData("ExtractPixels")]
    [InlineData("LoadFromTextFile")]
    [InlineData("paths")]
    public void A_file_that_is_gone_is_skipped_too(string way)
    {
        File.Delete(PathOf(7));
        var (ml, skipped) = (new MLContext(1), new List<SkippedRow>());
        var (view, with) = Fed(ml, way);
        using var model = Patterns.Fit(ml, view, with(Plain) with { Skipped = skipped.Add });
        Assert.EndsWith(NameOf(7), Assert.Single(skipped).Path, StringComparison.Ordinal);
        Assert.All(model.Transform(view).GetColumn<float[]>("Score").Index(),
            score => Assert.Equal(score.Index == 7, float.IsNaN(score.Item[0])));
    }

    static (MLContext ML, List<string> Warnings) Watched()
    {
        var (ml, warnings) = (new MLContext(3), new List<string>());
        ml.Log += (_, line) =>
        {
            if (line.Kind == ChannelMessageKind.Warning)
                warnings.Add(line.RawMessage);
        };
        return (ml, warnings);
    }

    [Fact]
    public void A_picture_of_ours_that_cannot_be_read_is_not_learnt_from_as_a_black_one_behind_their_steps()
    {
        File.WriteAllText(PathOf(7), "no picture");
        var skipped = new List<SkippedRow>();
        var (ml, warnings) = Watched();
        var loading = ml.Transforms.LoadImages("Image", "ImagePath", Size, Size);
        var view = Through(Paths(ml), loading.Append(ml.Transforms.ExtractPixels("Features", "Image")));
        using var model = Patterns.Fit(ml, view, Plain with { Skipped = skipped.Add });
        Assert.Equal(PathOf(7), Assert.Single(skipped).Path);
        Assert.Contains(PathOf(7), Assert.Single(warnings), StringComparison.Ordinal);
        var scores = model.Transform(view).GetColumn<float[]>("Score").ToArray();
        Assert.All(scores.Index(), score => Assert.Equal(score.Index == 7, float.IsNaN(score.Item[0])));
    }

    // ML.NET's grey stands between the augmentation and the trainer, so that only the view can draw anew.
    IDataView Augmented(MLContext ml, params Augmentation[] augmentations)
    {
        var chain = ml.Transforms.LoadImages("Image", "ImagePath", Size, Size).Append(ml.Transforms.AugmentImages("Image", augmentations));
        var (view, step) = (Paths(ml), chain.Fit(Paths(ml)));
        foreach (var part in step)
            view = part.TransformForTraining(view);
        return Through(view, ml.Transforms.ExtractPixels("Features", "Image"));
    }

    static readonly Augmentation[] shifts = [new RandomFlip(), new RandomShift(0.2f), new RandomBrightness(0.3f)];

    static byte[] Fitted(MLContext ml, IDataView view, ImageClassificationTrainer.Options options)
    {
        using var model = Patterns.Fit(ml, view, options);
        return model.Onnx.ToArray();
    }

    [Fact]
    public void Augmentation_below_their_steps_draws_what_it_draws_right_before_the_trainer()
    {
        var ml = new MLContext(3);
        byte[] Own(params Augmentation[] augmentations)
        {
            var chain = ml.Transforms.LoadImages("Image", "ImagePath", Size, Size)
                .Append(ml.Transforms.AugmentImages("Image", augmentations))
                .Append(ml.MulticlassClassification.Trainers.ImageClassification(Random));
            using var model = chain.Fit(Paths(ml));
            return model.LastTransformer.Onnx.ToArray();
        }
        Assert.Equal(Own(shifts), Fitted(ml, Augmented(ml, shifts), Random));
        Assert.NotEqual(Own(shifts), Own(new RandomFlip()));
        Assert.Equal(Own(new RandomFlip(), new MixUp()), Fitted(ml, Augmented(ml, new RandomFlip(), new MixUp()), Random));
        Assert.NotEqual(Own(new RandomFlip(), new MixUp()), Own(new RandomFlip()));
    }

    [Fact]
    public void Augmentation_below_their_steps_gives_equal_bits_for_any_number_of_threads_and_after_a_stop()
    {
        byte[] Train(int workers) => Stopped(ml => Augmented(ml, shifts), Random with { Workers = workers }, null);
        var one = Train(1);
        Assert.Equal(one, Train(2));
        Assert.Equal(one, Train(7));
        var kept = Random with { WorkspacePath = Workspace };
        Assert.NotEqual(one, Stopped(ml => Augmented(ml, shifts), kept, 4));
        Assert.Equal(one, Stopped(ml => Augmented(ml, shifts), kept, null));
    }

    [Fact]
    public void Each_epoch_reads_the_view_anew_and_what_is_watched_is_not_augmented()
    {
        var ml = new MLContext(3);
        var epochs = new List<EpochMetrics>();
        var options = Random with { LearningRate = 0, Network = Patterns.Small(), Epoch = 4, EpochCallback = epochs.Add };
        Fitted(ml, Augmented(ml, shifts), options);
        Assert.Equal(4, epochs.Select(epoch => epoch.Loss).Distinct().Count());
        Assert.Single(epochs.Select(epoch => epoch.ValidationLoss).Distinct());
        var (augmented, plain) = (epochs[0], new List<EpochMetrics>());
        Fitted(ml, Augmented(ml), options with { EpochCallback = plain.Add });
        Assert.Equal(plain[0].ValidationLoss, augmented.ValidationLoss);
        Assert.NotEqual(plain[0].Loss, augmented.Loss);
    }

    [Fact]
    public void Features_of_a_frozen_network_behind_their_steps_take_variants_too()
    {
        var ml = new MLContext(3);
        var network = new Sequential([new Input(Size, Size, 3), .. Patterns.Small().Layers]).Freeze("max_pooling2d");
        var (through, cached) = (new List<EpochMetrics>(), new List<EpochMetrics>());
        var options = Plain with { Network = network, Epoch = 3, LearningRate = 0.01f };
        Fitted(ml, Augmented(ml, shifts), options with { EpochCallback = through.Add });
        Fitted(ml, Augmented(ml, shifts), options with { EpochCallback = cached.Add, FeatureVariants = 3 });
        Assert.All(through.Zip(cached), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 2e-5));
    }

    [Fact]
    public void Copies_of_balanced_batches_that_cannot_differ_are_told_of()
    {
        var (ml, warnings) = Watched();
        Fitted(ml, Augmented(ml, shifts), Plain with { Sampling = BatchSampling.ClassBalanced });
        Assert.StartsWith("Sampling ClassBalanced repeats images of small classes", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_behind_the_augmentation_is_told_of()
    {
        var (ml, warnings) = Watched();
        Fitted(ml, ml.Data.Cache(Augmented(ml, shifts)), Plain with { Epoch = 3 });
        Assert.StartsWith("the images are the same in every epoch, since their numbers are cached", Assert.Single(warnings),
            StringComparison.Ordinal);
    }

    static void AssertRefused(Func<MLContext, IDataView> first, Func<MLContext, IDataView> second,
        ImageClassificationTrainer.Options options)
    {
        Stopped(first, options, 4);
        var error = Assert.Throws<InvalidDataException>(() => Stopped(second, options, null));
        Assert.Contains("is the checkpoint of another training", error.Message, StringComparison.Ordinal);
        Stopped(first, options, null);
    }

    ImageClassificationTrainer.Options Kept(string name) => Random with { WorkspacePath = Path.Combine(Workspace, name) };

    [Fact]
    public void A_run_with_another_augmentation_or_another_way_to_resize_is_another_run_behind_their_steps_too()
    {
        AssertRefused(ml => Augmented(ml, shifts), ml => Augmented(ml, shifts[..2]), Kept("augmented"));
        IDataView Resized(MLContext ml, ImageResizingEstimator.ResizingKind kind) =>
            Through(Names(ml),
                ml.Transforms.LoadImages("Image", folder.Path, "ImagePath")
                .Append(ml.Transforms.ResizeImages("Image", 10, 8, "Image", kind)));
        AssertRefused(ml => Resized(ml, ImageResizingEstimator.ResizingKind.Fill),
            ml => Resized(ml, ImageResizingEstimator.ResizingKind.IsoCrop), Kept("resized"));
    }

    [Fact]
    public void A_run_with_another_augmentation_or_another_way_to_resize_is_another_run()
    {
        static IDataView Fit(IDataView view, IEnumerable<ITransformer> steps) =>
            steps.Aggregate(view, (below, step) => step.TransformForTraining(below));
        IDataView Own(MLContext ml, ResizingKind kind, params Augmentation[] augmentations) => Fit(Paths(ml),
            ml.Transforms.LoadImages("Image", "ImagePath", 10, 8, kind).Append(ml.Transforms.AugmentImages("Image", augmentations))
            .Fit(Paths(ml)));
        AssertRefused(ml => Own(ml, ResizingKind.Fill, shifts), ml => Own(ml, ResizingKind.IsoCrop, shifts), Kept("resized"));
        AssertRefused(ml => Own(ml, ResizingKind.Fill, shifts), ml => Own(ml, ResizingKind.Fill, shifts[..2]), Kept("augmented"));
        IDataView Foreign(MLContext ml, params Augmentation[] augmentations) => Fit(Names(ml),
            ml.Transforms.LoadImages("Image", folder.Path, "ImagePath").Append(ml.Transforms.AugmentImages("Image", augmentations))
            .Fit(Names(ml)));
        AssertRefused(ml => Foreign(ml, shifts), ml => Foreign(ml, new RandomFlip()), Kept("foreign"));
        IDataView Generated(MLContext ml, ResizingKind kind, float rotation) => Fit(Paths(ml),
            ml.Transforms.LoadImages("Image", "ImagePath", 10, 8, kind)
            .Append(ml.Transforms.GenerateImageData("Features", "Image", new() { RotationRange = rotation })).Fit(Paths(ml)));
        AssertRefused(ml => Generated(ml, ResizingKind.Fill, 10), ml => Generated(ml, ResizingKind.Fill, 20), Kept("generated"));
        AssertRefused(ml => Generated(ml, ResizingKind.Fill, 10), ml => Generated(ml, ResizingKind.IsoCrop, 10),
            Kept("generated otherwise"));
        IDataView Balanced(MLContext ml, Augmentation augmentation)
        {
            var few = ml.Data.TakeRows(Paths(ml), 19);
            var steps = ml.Transforms.LoadImages("Image", "ImagePath", 10, 8)
                .Append(ml.Transforms.Balance("Label", new(EqualTo: ClassSize.Largest), "Image", augmentation));
            return Fit(few, steps.Fit(few));
        }
        AssertRefused(ml => Balanced(ml, new RandomFlip()), ml => Balanced(ml, new RandomShift(0.3f)), Kept("balanced"));
    }

    [Fact]
    public void Mixing_before_a_generator_of_numbers_is_not_lost()
    {
        byte[] Train(params Augmentation[] augmentations)
        {
            var ml = new MLContext(3);
            var chain = ml.Transforms.LoadImages("Image", "ImagePath", Size, Size)
                .Append(ml.Transforms.AugmentImages("Image", augmentations))
                .Append(ml.Transforms.GenerateImageData("Features", "Image", new() { Rescale = 1 / 255f }))
                .Append(ml.MulticlassClassification.Trainers.ImageClassification(Plain));
            using var model = chain.Fit(Paths(ml));
            return model.LastTransformer.Onnx.ToArray();
        }
        Assert.NotEqual(Train(new RandomFlip()), Train(new RandomFlip(), new MixUp()));
    }
}
