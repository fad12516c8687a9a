using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Training;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Augmentations;

[Trait("Category", "Runtime")]
public sealed class TestTimeAugmentationTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static ImageClassifier Classifier(int batch = 64) =>
        new(MeanColourNetwork.Onnx(6), ["red", "green", "blue"], "Image") { BatchSize = batch };

    static Image Picture(int seed = 1)
    {
        var dice = Dice.For(seed);
        var pixels = new byte[6 * 6 * 3];
        foreach (ref var value in pixels.AsSpan())
            value = (byte)dice.Below(8);
        return Image.FromPixels(6, 6, 3, pixels);
    }

    static IDataView View(params Image[] images) => Patterns.View(images.Length, row => images[row], _ => "red");

    static float[][] Scores(ImageClassifier model, params Image[] images) => [.. model.Transform(View(images)).GetColumn<float[]>("Score")];

    // The network is the softmax of the mean of each channel.
    static double[] Expected(Image image)
    {
        var means = Enumerable.Range(0, 3)
            .Select(channel => Math.Exp(image.Pixels.ToArray().Where((_, i) => i % 3 == channel).Average(value => value))).ToArray();
        return [.. means.Select(mean => mean / means.Sum())];
    }

    static void Near(IEnumerable<double> expected, IEnumerable<float> scores) =>
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

    static double[] Sum(params (double Weight, double[] Scores)[] parts) =>
        [.. Enumerable.Range(0, 3).Select(i => parts.Sum(part => part.Weight * part.Scores[i]))];

    [Fact]
    public void Beta_weighs_the_image_itself_and_the_versions_drawn_share_the_rest()
    {
        var inverted = new DrawnVersions(3, 0.25f, new RandomSolarize(4, 1));
        using var classifier = Classifier().With(inverted);
        var image = Picture();
        Near(Sum((0.25, Expected(image)), (0.75, Expected(image.Solarize(4)))), Scores(classifier, image)[0]);
        using var alone = Classifier().With(inverted with { Seed = 9 }).With(null);
        Near(Expected(image), Scores(alone, image)[0]);
    }

    [Fact]
    public void Versions_drawn_are_those_of_their_seed_and_the_same_for_every_image_and_batch()
    {
        ImageAugmentation[] all = [new RandomFlip(), new RandomShift(0.3f), new RandomBrightness(0.5f)];
        var drawn = new DrawnVersions(5, 0.25f, [.. all]);
        var versions = drawn.Versions(new(6, 6));
        Assert.Equal(6, versions.Length);
        Assert.Equal(1, versions.Sum(version => version.Weight), 6);
        Assert.Equal(5, versions.Skip(1).Select(version => version.Change).Distinct().Count());
        Assert.Equal(versions, drawn.Versions(new(6, 6)));
        Assert.NotEqual(versions[1], (drawn with { Seed = 1 }).Versions(new(6, 6))[1]);
        Image[] images = [.. Enumerable.Range(0, 9).Select(Picture)];
        using ImageClassifier one = Classifier(1).With(drawn), many = Classifier(64).With(drawn);
        var scores = Scores(many, images);
        Assert.Equal(Scores(one, images), scores, (a, b) => a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6));
        Assert.Equal(scores[4], Scores(many, images[4])[0], (a, b) => Math.Abs(a - b) < 1e-6);
        var sum = new double[3];
        foreach (var version in versions)
            foreach (var (i, score) in Expected(version.Change.Apply(images[2])).Index())
                sum[i] += version.Weight * score;
        Near(sum, scores[2]);
    }

    [Fact]
    public void Mirrored_versions_weigh_half_in_place_and_a_quarter_each_way_moved()
    {
        var image = Picture();
        Image Moved(int by) => new Warp(AffineMap.Translation(by, by)).Apply(image);
        var versions = new MirroredVersions().Versions(new(6, 6));
        Image[] expected = [image, image.FlipHorizontal(), Moved(1), Moved(1).FlipHorizontal(), Moved(-1), Moved(-1).FlipHorizontal()];
        Assert.Equal(expected.Select(version => version.Pixels.ToArray()),
            versions.Select(version => version.Change.Apply(image).Pixels.ToArray()));
        Assert.Equal([0.25f, 0.25f, 0.125f, 0.125f, 0.125f, 0.125f], versions.Select(version => version.Weight));
        Assert.Equal(image.Crop(1, 1, 5, 5).Pixels.ToArray(), Moved(1).Crop(0, 0, 5, 5).Pixels.ToArray());
        using var classifier = Classifier().With(new MirroredVersions());
        Near(Sum((0.5, Expected(image)), (0.25, Expected(Moved(1))), (0.25, Expected(Moved(-1)))), Scores(classifier, image)[0]);
        Assert.Equal(2, new MirroredVersions(0).Versions(new(6, 6)).Length);
    }

    [Fact]
    public void Images_of_another_size_and_bytes_are_resized_first()
    {
        using var classifier = Classifier().With(new MirroredVersions());
        var large = Picture().Resize(12, 12);
        Assert.Equal(Scores(classifier, large.Resize(6, 6))[0], Scores(classifier, large)[0]);
        var file = large.Encode(".png");
        var bytes = new SourceView(1, new SourceColumn("Image", new VectorDataViewType(NumberDataViewType.Byte),
            _ => (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> encoded) => encoded = new(file.Length, file))));
        Assert.Equal(Scores(classifier, large)[0], classifier.Transform(bytes).GetColumn<float[]>("Score").Single());
    }

    [Fact]
    public void Vectors_are_refused_by_name()
    {
        using var classifier = Classifier().With(new MirroredVersions());
        var vectors = new SourceView(1, new SourceColumn("Image", new VectorDataViewType(NumberDataViewType.Single, 3, 6, 6),
            _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> pixels) => pixels = new(108, new float[108]))));
        Assert.StartsWith("Column 'Image': holds Single[3,6,6], of which",
            Assert.Throws<ArgumentException>(() => classifier.Transform(vectors)).Message);
    }

    [Fact]
    public void A_row_that_cannot_be_read_has_no_scores_and_its_neighbours_are_scored()
    {
        var paths = new[] { folder.File("a.png"), folder.With("b.png", "no picture"), folder.File("c.png") };
        Picture(1).Save(paths[0]);
        Picture(2).Save(paths[2]);
        var view = new SourceView(3, SourceColumn.Text("ImagePath", row => paths[row]));
        var images = ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false).Fit(view).Transform(view);
        using var classifier = Classifier().With(new MirroredVersions());
        var skipped = new List<SkippedRow>();
        var scored = classifier.Transform(images);
        var scores = scored.Read(["Score"], row => row.Get<float[]>("Score"), new() { Skipped = skipped.Add }).ToArray();
        Assert.Equal([1], skipped.Select(row => row.Id));
        Assert.Equal(Scores(classifier, Picture(1), Picture(2)), scores);
        float[][] all = [.. scored.GetColumn<float[]>("Score")];
        Assert.Equal([scores[0], [float.NaN, float.NaN, float.NaN], scores[1]], all);
        Assert.Equal(0u, scored.GetColumn<uint>("PredictedLabel").ElementAt(1));
    }

    [Fact]
    public void A_fitted_pipeline_uses_what_it_was_trained_with_keeps_it_in_its_file_and_repeats_it()
    {
        var data = Patterns.View(ml, Patterns.Stripes(20));
        using var model = ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.2f), new MixUp())
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
            {
                Network = Patterns.Small(),
                Epoch = 1,
                BatchSize = 8,
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(data);
        using var versions = model.WithTestTimeAugmentation(3, 0.5f);
        var plain = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        var averaged = versions.Transform(data).GetColumn<float[]>("Score").ToArray();
        Assert.NotEqual(plain, averaged);
        ml.Model.SaveAsOnnx(versions, folder.File("model.onnx"));
        var loaded = ml.Model.LoadModel(folder.File("model.onnx"));
        Assert.Equal(averaged, loaded.Transform(data).GetColumn<float[]>("Score").ToArray());
        var kept = Assert.IsType<DrawnVersions>(loaded.Steps().OfType<ImageClassifier>().Single().TestTimeAugmentation);
        Assert.Equal((3, 0.5f), (kept.Count, kept.Beta));
        Assert.Equal([new RandomFlip(), new RandomShift(0.2f)], kept.Augmentations);
        using var off = loaded.WithTestTimeAugmentation(null);
        Assert.Equal(plain, off.Transform(data).GetColumn<float[]>("Score").ToArray());
        using var mirrored = off.WithTestTimeAugmentation(new MirroredVersions(2));
        ml.Model.SaveAsOnnx(mirrored, folder.File("mirrored.onnx"));
        Assert.Equal(new MirroredVersions(2),
            ml.Model.LoadModel(folder.File("mirrored.onnx")).Steps().OfType<ImageClassifier>().Single().TestTimeAugmentation);
    }

    [Fact]
    public void A_file_without_it_says_nothing_of_it()
    {
        using var classifier = Classifier();
        using var file = new MemoryStream();
        ml.Model.Save(classifier, null, file);
        Assert.DoesNotContain("testTime", System.Text.Encoding.UTF8.GetString(file.ToArray()));
    }

    [Fact]
    public void A_chain_within_a_chain_keeps_its_last_step()
    {
        var inner = new TransformerChain<ImageClassifier>(Classifier());
        using var chain = new TransformerChain<TransformerChain<ImageClassifier>>([inner]).WithTestTimeAugmentation(new MirroredVersions());
        Assert.Equal(new MirroredVersions(), Assert.IsType<ImageClassifier>(chain.LastTransformer).TestTimeAugmentation);
        Assert.Null(inner.LastTransformer.TestTimeAugmentation);
    }

    [Fact]
    public void What_cannot_be_is_said()
    {
        using var model = new TransformerChain<ImageClassifier>(Classifier());
        Assert.Contains("without augmenting", Assert.Throws<ArgumentException>(() => model.WithTestTimeAugmentation()).Message);
        Assert.Contains("an ImageClassifier is needed",
            Assert.Throws<ArgumentException>(() =>
                new TransformerChain<ITransformer>().WithTestTimeAugmentation(new MirroredVersions())).Message);
        Assert.StartsWith("Augmentations: got none", Assert.Throws<ArgumentException>(() => new DrawnVersions()).Message);
        Assert.StartsWith("Beta: got 2",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DrawnVersions(4, 2, new RandomFlip())).Message);
        Assert.StartsWith("Count: got 0",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DrawnVersions(0, 0, new RandomFlip())).Message);
        Assert.StartsWith("Shift: got -1", Assert.Throws<ArgumentOutOfRangeException>(() => new MirroredVersions(-1)).Message);
    }
}
