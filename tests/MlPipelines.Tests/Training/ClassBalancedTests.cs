using Microsoft.ML.Runtime;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Training;

/// <summary>Batches with equal numbers of each class, and weights of classes.</summary>
public sealed class ClassBalancedTests
{
    static readonly Image Dot = Image.FromPixels(1, 1, 1, [7]);

    static SampleTable Rows(params int[] sizes) => Collected(sizes, ["c0", "c1", "c2"], row => Assert.Fail(row.ToString()));

    static SampleTable Collected(int[] sizes, string[] labels, Action<SkippedRow> skipped, Action<string>? warned = null)
    {
        string[] rows = [.. sizes.SelectMany((size, index) => Enumerable.Repeat($"c{index}", size))];
        SampleColumns columns = new("Image", "Label", null, [.. labels], new(1, 1, 1), OneSize: false);
        return new SampleCollector(columns, new(), null, warned ?? Assert.Fail)
            .Collect(Patterns.View(rows.Length, _ => Dot, row => rows[row]), new() { Skipped = skipped }, isLearnt: true, default);
    }

    static EpochRows Balanced(SampleTable train, int batch, long seed = 3) => EpochRows.ClassBalanced(train, batch, seed);

    static (string Label, long Id)[] Read(SampleTable train, int batch, int epoch = 0, long seed = 3) =>
        Read(train, Balanced(train, batch, seed), epoch);

    static (string Label, long Id)[] Read(SampleTable train, EpochRows epochs, int epoch) =>
        [.. train.Read(epoch, new(), epochs.Of(epoch)).Select(sample => ($"c{sample.Label}", sample.Id))];

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(7)]
    [InlineData(2)]
    public void Every_batch_has_as_many_of_each_class_but_for_one(int batch)
    {
        var train = Rows(50, 7, 20);
        var epochs = Balanced(train, batch);
        foreach (var epoch in Enumerable.Range(0, 3))
        {
            var read = Read(train, epochs, epoch);
            Assert.Equal(77, read.Length);
            Assert.All(read.Chunk(batch), samples =>
            {
                var counts = Enumerable.Range(0, 3).Select(index => samples.Count(sample => sample.Label == $"c{index}")).ToArray();
                Assert.InRange(counts.Max() - counts.Min(), 0, 1);
            });
        }
    }

    [Fact]
    public void Over_the_epochs_every_sample_of_a_class_comes_as_often_as_any_other_but_for_one_time()
    {
        var train = Rows(50, 7, 20);
        var epochs = Balanced(train, 8);
        var met = Enumerable.Range(0, 9).SelectMany(epoch => epochs.Of(epoch)).Select(draw => train.Samples[draw.Place])
            .CountBy(sample => ($"c{sample.Label}", sample.Id)).ToArray();
        Assert.Equal(77, met.Length);
        Assert.All(met.GroupBy(one => one.Key.Item1, one => one.Value), times => Assert.InRange(times.Max() - times.Min(), 0, 1));
        Assert.All(met.GroupBy(one => one.Key.Item1, one => one.Value), times => Assert.Equal(231, times.Sum()));
    }

    [Fact]
    public void A_sample_that_comes_again_in_an_epoch_is_a_sample_of_its_own()
    {
        var train = Rows(50, 3);
        var read = Read(train, 8, 2);
        Assert.Equal(53, read.Select(row => row.Id).Distinct().Count());
        Assert.Equal(3,
            Balanced(train, 8).Of(2).Where(draw => train.Samples[draw.Place].Label == 1).Select(draw => draw.Place).Distinct().Count());
    }

    [Fact]
    public void The_order_depends_on_seed_and_epoch_alone()
    {
        var rows = Rows(30, 9);
        Assert.Equal(Read(rows, 8, 4), Read(rows, 8, 4));
        var epochs = Balanced(rows, 8);
        _ = (epochs.Of(9), epochs.Of(0));
        Assert.Equal(Read(rows, 8, 4), Read(rows, epochs, 4));
        Assert.NotEqual(Read(rows, 8, 4), Read(rows, 8, 5));
        Assert.NotEqual(Read(rows, 8, 4), Read(rows, 8, 4, seed: 4));
    }

    [Fact]
    public void Classes_stand_in_another_order_in_each_batch() =>
        Assert.NotEqual(1,
            Read(Rows(40, 40, 40), 6).Chunk(6).Select(batch => string.Concat(batch.Select(row => row.Label))).Distinct().Count());

    [Fact]
    public void Rows_of_an_unknown_class_are_reported_and_left_out()
    {
        var warned = new List<string>();
        Assert.Equal(13,
            Balanced(Collected([10, 3, 5], ["c0", "c1"], row => Assert.Fail(row.ToString()), warned.Add), 4).Of(0).Length);
        Assert.Equal(["5 images are of classes that are not learnt, and left out: 'c2': 5."], warned);
    }

    static byte[] Train(Func<ImageClassificationTrainer.Options, ImageClassificationTrainer.Options> change, Action<string>? warned = null,
        int? rare = 4)
    {
        var ml = new MLContext(2);
        ml.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
                warned?.Invoke(message.RawMessage);
        };
        var stripes = Patterns.Stripes(40).GroupBy(picture => picture.Label)
            .SelectMany(group => group.Key == "down" ? group.Take(rare ?? 20) : group).ToArray();
        ImageClassificationTrainer.Options options = new()
        {
            Network = Patterns.Elaborate(),
            Epoch = 2,
            BatchSize = 8,
            EarlyStoppingCriteria = null,
            ValidationSetFraction = 0,
        };
        using var model = ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f))
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(change(options))).Fit(Patterns.View(ml, stripes));
        return model.LastTransformer.Onnx.ToArray();
    }

    [Fact, Trait("Category", "Runtime")]
    public void Balanced_batches_give_the_same_model_whatever_the_number_of_workers()
    {
        var one = Train(options => options with { Sampling = BatchSampling.ClassBalanced, Workers = 1 });
        Assert.Equal(one, Train(options => options with { Sampling = BatchSampling.ClassBalanced, Workers = 5 }));
        Assert.NotEqual(one, Train(options => options));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Computed_weights_train_as_the_same_weights_given()
    {
        var given = Train(options => options with { ClassWeights = [24 / (2 * 20f), 24 / (2 * 4f)] });
        Assert.Equal(given, Train(options => options with { ClassWeighting = ClassWeighting.Balanced }));
        Assert.NotEqual(given, Train(options => options with { ClassWeighting = ClassWeighting.SquareRoot }));
        Assert.NotEqual(given, Train(options => options));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Weights_given_and_computed_at_once_are_refused_and_weights_with_balanced_batches_warned_of()
    {
        Assert.StartsWith("ClassWeighting: got Balanced beside 2 ClassWeights", Assert.Throws<ArgumentException>(
            () => Train(options => options with { ClassWeighting = ClassWeighting.Balanced, ClassWeights = [1, 2] })).Message,
            StringComparison.Ordinal);
        var warnings = new List<string>();
        Train(options => options with { ClassWeighting = ClassWeighting.Balanced, Sampling = BatchSampling.ClassBalanced, Epoch = 1 },
            warnings.Add);
        Assert.StartsWith("ClassWeighting Balanced and Sampling ClassBalanced both", Assert.Single(warnings), StringComparison.Ordinal);
    }
}
