using Microsoft.ML.Runtime;
using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class TrainerInputTests
{
    readonly MLContext ml = new(1);
    readonly List<string> log = [];
    readonly Patterns.Picture[] pictures = Patterns.Stripes(10);

    public TrainerInputTests() => ml.Log += (_, told) =>
    {
        if (told.Kind == ChannelMessageKind.Warning)
            log.Add(told.RawMessage);
    };

    static ImageClassificationTrainer.Options Quick =>
        new() { Network = Patterns.Small(), Epoch = 2, BatchSize = 4, EarlyStoppingCriteria = null };

    sealed class Encoded
    {
        public byte[] Features { get; set; } = [];
        public string Label { get; set; } = "";
    }

    sealed class Vector
    {
        [VectorType(3, Patterns.Size, Patterns.Size)]
        public float[] Features { get; set; } = [];
        public string Label { get; set; } = "";
    }

    sealed class Flat
    {
        public float[] Features { get; set; } = [];
        public string Label { get; set; } = "";
    }

    static float[] Planes(Image image)
    {
        var pixels = image.Pixels.ToArray();
        return [.. Enumerable.Range(0, 3)
            .SelectMany(channel => Enumerable.Range(0, pixels.Length / 3).Select(place => (float)pixels[3 * place + channel]))];
    }

    IDataView View(Func<int, Image> image, int count = 10) => Patterns.Lazily(count, image, row => pictures[row].Label);

    byte[] Train(IDataView data, ImageClassificationTrainer.Options options)
    {
        using var model = Patterns.Fit(ml, data, options);
        return model.Onnx.ToArray();
    }

    ArgumentException Refused(IDataView data, ImageClassificationTrainer.Options options) =>
        Assert.Throws<ArgumentException>(() => Train(data, options));

    [Fact]
    public void Images_their_bytes_and_vectors_of_their_pixels_train_the_same_model()
    {
        var images = Train(Patterns.View(ml, pictures), Quick);
        var bytes = Train(ml.Data.LoadFromEnumerable(pictures.Select(picture =>
            new Encoded { Features = picture.Image!.Encode(".png"), Label = picture.Label })),
            Quick with { ImageHeight = Patterns.Size, ImageWidth = Patterns.Size });
        var vectors = Train(ml.Data.LoadFromEnumerable(
            pictures.Select(picture => new Vector { Features = Planes(picture.Image!), Label = picture.Label })), Quick);
        Assert.Equal(images, bytes);
        Assert.Equal(images, vectors);
    }

    [Fact]
    public void Labels_as_keys_train_the_same_model_as_labels_as_texts()
    {
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Patterns.View(ml, pictures)).Transform(Patterns.View(ml, pictures));
        Assert.Equal(Train(Patterns.View(ml, pictures), Quick), Train(keys, Quick));
    }

    [Fact]
    public void Bytes_of_images_need_a_size()
    {
        var view = ml.Data.LoadFromEnumerable(
            pictures.Select(picture => new Encoded { Features = picture.Image!.Encode(".png"), Label = picture.Label }));
        Assert.Equal("Column 'Features': holds images of any size, needs one size. Set ImageHeight and ImageWidth.",
            Refused(view, Quick).Message);
        Assert.Equal("Column 'Features': holds images of any size, needs one size. Set ImageHeight and ImageWidth.",
            Refused(view, Quick with { ImageHeight = 12 }).Message);
        Train(view, Quick with { Network = new Sequential([new Input(8, 8, 3), .. Patterns.Small().Layers]) });
    }

    sealed class Numbers
    {
        public int Features { get; set; }
        public string Label { get; set; } = "";
    }

    [Fact]
    public void A_column_of_features_has_to_hold_images()
    {
        var error = Refused(ml.Data.LoadFromEnumerable(pictures.Select(picture => new Numbers { Label = picture.Label })), Quick);
        Assert.Equal("Column 'Features': holds Int32, images, encoded images (Byte[]), streams of them, paths of image files or "
            + "vectors of Single are needed.", error.Message);
    }

    [Fact]
    public void The_columns_are_known_before_the_fit()
    {
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Patterns.View(ml, pictures)).Transform(Patterns.View(ml, pictures));
        var trainer = ml.MulticlassClassification.Trainers.ImageClassification(Quick with
        {
            ScoreColumnName = "Probabilities",
            PredictedLabelColumnName = "Guess"
        });
        using var model = trainer.Fit(keys);
        Assert.Equal(["Image", "Label", "Probabilities", "Guess"],
            model.GetOutputSchema(keys.Schema).Where(column => !column.IsHidden).Select(column => column.Name));
        var shape = ShapeOf(model.GetOutputSchema(keys.Schema));
        foreach (var (told, found) in trainer.GetOutputSchema(ShapeOf(keys.Schema)).OrderBy(Name).Zip(shape.OrderBy(Name)))
        {
            Assert.Equal((found.Name, found.Kind, found.ItemType, found.IsKey), (told.Name, told.Kind, told.ItemType, told.IsKey));
            Assert.Equal(found.Annotations.Select(Name).Order(), told.Annotations.Select(Name).Order());
        }
        static SchemaShape ShapeOf(DataViewSchema schema) => Shapes.After(new([]), _ => schema);
        static string Name(SchemaShape.Column column) => column.Name;
    }

    [Fact]
    public void Rows_without_a_label_are_skipped_and_named()
    {
        var known = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Patterns.View(ml, pictures));
        var keys = known.Transform(Patterns.View(10, row => pictures[row].Image!, row => row == 2 ? "slanted" : pictures[row].Label));
        Train(keys, Quick with { ValidationSetFraction = 0 });
        Assert.Equal("skipped row 2: its label is not among the keys.", Assert.Single(log));
    }

    [Fact]
    public void Vectors_need_three_dimensions()
    {
        var error = Refused(ml.Data.LoadFromEnumerable(
            pictures.Select(picture => new Flat { Features = Planes(picture.Image!), Label = picture.Label })), Quick);
        Assert.Equal("Column 'Features': holds Single[], needs [channels, height, width]. Give the column's type its dimensions, or use "
            + "images.", error.Message);
    }

    [Fact]
    public void Grey_images_give_a_network_of_one_channel()
    {
        var grey = Patterns.View(ml, Patterns.Stripes(10, channels: 1));
        using var model = Patterns.Fit(ml, grey, Quick);
        Assert.Equal((1, "Grey"), (model.Network.Input.Channels, ((IOnnxModel)model).Metadata["mlpipelines.colours"]));
        Assert.Equal(10, model.Transform(Patterns.View(ml, pictures)).GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void Images_of_several_sizes_need_one_that_is_asked_for()
    {
        var sizes =
            Patterns.View(10, row => row == 7 ? Patterns.Stripes(1, size: 9)[0].Image! : pictures[row].Image!, row => pictures[row].Label);
        Assert.Equal("Column 'Image', row 7: is 9×9, the images before it 12×12. Give LoadImages a width and a height, or set ImageHeight "
            + "and ImageWidth.", Refused(sizes, Quick with { Workers = 1, ValidationSetFraction = 0 }).Message);
        Train(sizes, Quick with { ImageHeight = 10, ImageWidth = 11 });
        Train(ml.Transforms.ResizeImages("Image", 10, 10, "Image").Fit(sizes).Transform(sizes), Quick);
        Train(sizes, Quick with { Network = new Sequential([new Input(8, 8, 3), .. Patterns.Small().Layers]) });
    }

    [Theory]
    [InlineData(1, "Training: the data has the single class 'across', needs at least two. Add a folder of other images; if")]
    [InlineData(0, "Training: the data has no class, needs at least two. Add a folder of other images; if")]
    public void Fewer_than_two_classes_are_refused(int count, string message) =>
    Assert.StartsWith(message, Refused(Patterns.View(ml, pictures[..count]), Quick).Message, StringComparison.Ordinal);

    [Fact]
    public void A_network_for_another_number_of_classes_is_refused() =>
        Assert.Equal("Training: the network gives [?,3], the data has 2 classes. Let its last layer be Dense(2); WithClassifier(new "
            + "Dense(2)) gives an imported one another end.",
            Refused(Patterns.View(ml, pictures), Quick with { Network = Patterns.Small(3) }).Message);

    [Fact]
    public void Columns_that_are_missing_or_of_another_type_are_named()
    {
        var view = Patterns.View(ml, pictures);
        Assert.StartsWith("Column 'Picture': not found, the data has 'Image' (image), 'Label' (text).",
            Refused(view, Quick with { FeatureColumnName = "Picture" }).Message, StringComparison.Ordinal);
        Assert.StartsWith("Column 'Class': not found", Refused(view, Quick with { LabelColumnName = "Class" }).Message,
            StringComparison.Ordinal);
        Assert.Equal("Column 'Image': holds image, needs text or a key. Map it with MapValueToKey.",
            Refused(view, Quick with { LabelColumnName = "Image" }).Message);
        Assert.StartsWith("FeatureColumnName: is not set, and the data has 0 columns of images",
            Refused(ml.Transforms.SelectColumns("Label").Fit(view).Transform(view), Quick).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_checks_the_trainers_columns_before_any_data_flows()
    {
        var view = View(_ => throw new InvalidOperationException("no data should flow"));
        var chain = ml.Transforms.ResizeImages("Image", 8, 8, "Image")
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(Quick with { LabelColumnName = "Class" }));
        Assert.StartsWith("Column 'Class': not found", Assert.Throws<ArgumentException>(() => chain.Fit(view)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Unreadable_images_are_skipped_counted_and_logged_once_each()
    {
        var (epochs, skipped) = (new List<EpochMetrics>(), new List<SkippedRow>());
        var view = View(row => row is 0 or 3 or 9 ? throw new InvalidDataException($"picture {row} is torn") : pictures[row].Image!);
        Train(view, Quick with { ValidationSetFraction = 0, EpochCallback = epochs.Add, Skipped = skipped.Add });

        Assert.Equal([7, 7], epochs.Select(epoch => epoch.Samples));
        Assert.Equal(["row 0", "row 3", "row 9"], skipped.Select(row => row.Path).Order());
        // All are drawn over one picture, which is what is said besides.
        Assert.Equal(["skipped row 0: picture 0 is torn", "skipped row 3: picture 3 is torn", "skipped row 9: picture 9 is torn"],
            log.Where(line => line.StartsWith("skipped", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Unreadable_images_of_the_validation_set_are_logged_too()
    {
        var watched = View(row => row == 4 ? throw new InvalidDataException("torn") : pictures[row].Image!);
        var epochs = new List<EpochMetrics>();
        Train(Patterns.View(ml, pictures), Quick with { ValidationSet = watched, EpochCallback = epochs.Add });
        Assert.Equal("skipped row 4: torn", Assert.Single(log));
        Assert.All(epochs, epoch => Assert.NotNull(epoch.ValidationAccuracy));
    }

    [Fact]
    public void Without_a_readable_validation_image_nothing_is_validated()
    {
        var epochs = new List<EpochMetrics>();
        Train(Patterns.View(ml, pictures),
            Quick with { ValidationSet = View(_ => throw new InvalidDataException("torn")), EpochCallback = epochs.Add });
        Assert.All(epochs, epoch => Assert.Equal((null, null), (epoch.ValidationAccuracy, epoch.ValidationLoss)));
        Assert.Equal(10, log.Count);
    }

    [Fact]
    public void Unreadable_images_are_fatal_when_asked()
    {
        var view = View(row => row == 5 ? throw new InvalidDataException("picture 5 is torn") : pictures[row].Image!);
        Assert.Equal("picture 5 is torn",
            Assert.Throws<InvalidDataException>(() => Train(view, Quick with { FailOnBadImages = true })).Message);
        Assert.Equal("picture 5 is torn",
            Assert.Throws<InvalidDataException>(() =>
                Train(Patterns.View(ml, pictures), Quick with { FailOnBadImages = true, ValidationSet = view })).Message);
    }

    [Fact]
    public void Without_a_readable_image_there_is_nothing_to_learn() =>
        Assert.Equal("Training: none of the 10 images can be read. The log names each with its reason.",
            Assert.Throws<InvalidDataException>(() =>
                Train(View(_ => throw new InvalidDataException("torn")), Quick with { ValidationSetFraction = 0 })).Message);

    [Theory]
    [InlineData(null, 36, true)]
    [InlineData(0f, 40, false)]
    [InlineData(0.1f, 36, true)]
    [InlineData(0.5f, 20, true)]
    public void A_share_of_each_class_is_held_back_to_watch(float? fraction, long samples, bool watched)
    {
        var epochs = new List<EpochMetrics>();
        Train(Patterns.View(ml, Patterns.Stripes(40)), Quick with { ValidationSetFraction = fraction, EpochCallback = epochs.Add });
        Assert.All(epochs, epoch => Assert.Equal((samples, watched), (epoch.Samples, epoch.ValidationAccuracy is not null)));
    }

    [Fact]
    public void A_validation_set_may_be_an_option_or_an_argument()
    {
        var (epochs, watched) = (new List<EpochMetrics>(), Patterns.View(ml, Patterns.Stripes(6, seed: 3)));
        var options = Quick with { EpochCallback = epochs.Add };
        var option = Train(Patterns.View(ml, pictures), options with { ValidationSet = watched });
        using var argument = ml.MulticlassClassification.Trainers.ImageClassification(options).Fit(Patterns.View(ml, pictures), watched);
        Assert.Equal(option, argument.Onnx.ToArray());
        Assert.All(epochs, epoch => Assert.Equal(10, epoch.Samples));
        Assert.Equal(epochs[..2].Select(epoch => epoch.ValidationLoss), epochs[2..].Select(epoch => epoch.ValidationLoss));
    }

    [Fact]
    public void A_validation_set_may_have_its_columns_in_another_order_and_keys_of_its_own()
    {
        List<double?> Watch(IDataView watched)
        {
            var losses = new List<double?>();
            Train(Patterns.View(ml, pictures),
                Quick with { ValidationSet = watched, EpochCallback = epoch => losses.Add(epoch.ValidationLoss) });
            return losses;
        }
        var others = Patterns.Stripes(6, seed: 3);
        var turned = new SourceView(6, SourceColumn.Text("Label", row => others[row].Label),
            SourceColumn.Pictures("Image", new(), row => others[row].Image!));
        var down = Patterns.View(ml, others[1..]);
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label", keyData: ml.Transforms.SelectColumns("Label").Fit(down).Transform(down))
            .Fit(turned).Transform(turned);
        Assert.Equal(["down", "across"], KeyNames.Of(keyed.Schema["Label"])!.Value);
        Assert.Equal(Watch(Patterns.View(ml, others)), Watch(keyed));
    }

    [Fact]
    public void A_validation_set_without_the_columns_is_refused()
    {
        var watched = ml.Transforms.SelectColumns("Label").Fit(Patterns.View(ml, pictures)).Transform(Patterns.View(ml, pictures));
        Assert.Equal("ValidationSet: Column 'Image': not found, the data has 'Label' (text). It needs the columns of the training "
            + "samples: transform it with the same steps.",
            Refused(Patterns.View(ml, pictures), Quick with { ValidationSet = watched }).Message);
    }

    [Fact]
    public void Augmentation_does_not_touch_the_samples_that_are_watched()
    {
        var watched = Patterns.View(ml, Patterns.Stripes(8, seed: 3));
        double? Loss(IDataView view)
        {
            double? loss = null;
            Train(Patterns.View(ml, pictures), Quick with { ValidationSet = view, EpochCallback = epoch => loss = epoch.ValidationLoss });
            return loss;
        }
        Assert.Equal(Loss(watched),
            Loss(ml.Transforms.AugmentImages("Image", new RandomErasing(1)).Fit(watched).TransformForTraining(watched)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_handful_of_images_is_enough_to_go_through(int count)
    {
        foreach (var fraction in new float?[] { null, 0.1f, 0.9f })
        {
            var epochs = new List<EpochMetrics>();
            Train(Patterns.View(ml, pictures[..count]), Quick with { ValidationSetFraction = fraction, EpochCallback = epochs.Add });
            Assert.All(epochs, epoch => Assert.InRange(epoch.Samples, 2, count));
        }
    }
}
