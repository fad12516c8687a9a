using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class LearningTests
{
    readonly MLContext ml = new(1);

    public static TheoryData<Optimizer> Optimizers =>
    [
        new Sgd(0.05f), new Sgd(0.02f, 0.9f), new Sgd(0.02f, 0.9f, Nesterov: true, L2: 1e-4f), new RMSprop(0.003f),
        new RMSprop(0.01f, EpsilonInsideRoot: true),
        new Adam(0.01f), new Adam(0.01f, L2: 1e-3f), new AdamW(0.01f), new Adadelta(), new Muon(0.01f),
    ];

    [Theory, MemberData(nameof(Optimizers), DisableDiscoveryEnumeration = true)]
    public void Every_optimizer_learns_to_tell_stripes(Optimizer optimizer)
    {
        var watched = Patterns.View(ml, Patterns.Stripes(60, seed: 11));
        var epochs = new List<EpochMetrics>();
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(96)), new()
        {
            Network = Patterns.Small(),
            Optimizer = optimizer,
            Epoch = 10,
            BatchSize = 16,
            ValidationSet = watched,
            EarlyStoppingCriteria = null,
            EpochCallback = epochs.Add,
        });
        Assert.InRange(ml.MulticlassClassification.Report(model.Transform(watched)).MicroAccuracy, 0.95, 1);
        Assert.True(epochs[^1].Loss < epochs[0].Loss / 2, string.Join(", ", epochs.Select(epoch => epoch.Loss)));
    }

    [Fact]
    public void Batch_normalisation_and_dropout_learn_as_well()
    {
        var watched = Patterns.View(ml, Patterns.Stripes(60, seed: 11));
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(96)),
            new() { Network = Patterns.Elaborate(), LearningRate = 0.02f, Epoch = 10, BatchSize = 16, ValidationSet = watched });
        Assert.InRange(ml.MulticlassClassification.Report(model.Transform(watched)).MicroAccuracy, 0.95, 1);
    }

    // What a plain dense layer tends to when pictures tell nothing or everything.
    static Sequential Linear() => new(new Rescaling(1 / 127.5f, -1), new GlobalAveragePooling2D(), new Dense(2, Activation.Softmax));

    static Image Plain(byte shade) => Image.FromPixels(2, 2, 1, [shade, shade, shade, shade]);

    float[] ScoresOf(IDataView data, ImageClassificationTrainer.Options options)
    {
        using var model = Patterns.Fit(ml, data,
            options with
            {
                Network = Linear(),
                Optimizer = new Adam(0.1f),
                Epoch = 120,
                BatchSize = 100,
                Workers = 1,
                ValidationSetFraction = 0,
                EarlyStoppingCriteria = null
            });
        return model.Transform(data).GetColumn<float[]>("Score").First();
    }

    [Theory]
    [InlineData(new float[0], 0.75)]
    [InlineData(new float[] { 1, 1 }, 0.75)]
    [InlineData(new float[] { 1, 3 }, 0.5)]
    [InlineData(new float[] { 3, 1 }, 0.9)]
    public void Class_weights_move_the_scores_as_if_there_were_more_of_a_class(float[] weights, double expected)
    {
        var alike = Patterns.View(ml,
            Enumerable.Range(0, 8).Select(number => new Patterns.Picture { Image = Plain(100), Label = number < 6 ? "a" : "b" }));
        Assert.Equal(expected, ScoresOf(alike, new() { ClassWeights = [.. weights] })[0], 0.005);
    }

    [Theory]
    [InlineData(0.2f, 0.9)]
    [InlineData(0.5f, 0.75)]
    public void Label_smoothing_is_what_certain_scores_tend_to(float smoothing, double expected)
    {
        var apart = Patterns.View(ml,
            Enumerable.Range(0, 8)
            .Select(number =>
                new Patterns.Picture { Image = Plain(number % 2 == 0 ? (byte)0 : (byte)255), Label = number % 2 == 0 ? "a" : "b" }));
        Assert.Equal(expected, ScoresOf(apart, new() { LabelSmoothing = smoothing })[0], 0.005);
        Assert.InRange(ScoresOf(apart, new())[0], 0.95, 1);
    }

    [Fact]
    public void Class_weights_of_another_number_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(4)), new() { Network = Patterns.Small(), ClassWeights = [1, 2, 3] }));
        Assert.Equal("ClassWeights: got 3 weights, the network has 2 classes.", error.Message);
    }

    [Theory]
    [InlineData(16, new long[] { 16, 32, 37 })]
    [InlineData(37, new long[] { 37 })]
    [InlineData(500, new long[] { 37 })]
    [InlineData(36, new long[] { 36, 37 })]
    public void The_last_batch_counts_whatever_its_size(int batch, long[] samples)
    {
        var (steps, epochs) = (new List<long>(), new List<EpochMetrics>());
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(37)), new()
        {
            Network = Patterns.Elaborate(),
            Epoch = 1,
            BatchSize = batch,
            ValidationSetFraction = 0,
            EpochCallback = epochs.Add,
            StepProgress = new Patterns.Told<TrainingProgress>(step => steps.Add(step.Samples)),
        });
        Assert.Equal(samples, steps);
        Assert.Equal(37, Assert.Single(epochs).Samples);
    }

    [Fact]
    public void The_loss_of_an_epoch_is_the_mean_over_its_samples_and_not_over_its_batches()
    {
        double Loss(int batch)
        {
            var epochs = new List<EpochMetrics>();
            using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(37)),
                new()
                {
                    Network = Patterns.Small(),
                    LearningRate = 0,
                    Epoch = 1,
                    BatchSize = batch,
                    ValidationSetFraction = 0,
                    EpochCallback = epochs.Add,
                });
            return epochs[0].Loss;
        }
        Assert.Equal(Loss(37), Loss(36), 1e-5);
    }

    [Fact]
    public void Batches_of_one_work_with_batch_normalisation()
    {
        var epochs = new List<EpochMetrics>();
        var network = new Sequential(new Rescaling(1 / 127.5f, -1), new Conv2D(4, 3, Padding.Same), new BatchNormalization(),
            Activation.Relu, new Flatten(), new Dense(4), new BatchNormalization(), new Dense(2, Activation.Softmax));
        using var model = Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(6)),
            new() { Network = network, Epoch = 2, BatchSize = 1, ValidationSetFraction = 0, EpochCallback = epochs.Add });
        Assert.All(epochs, epoch => Assert.True(double.IsFinite(epoch.Loss)));
        Assert.All(model.Transform(Patterns.View(ml, Patterns.Stripes(6))).GetColumn<float[]>("Score"),
            scores => Assert.All(scores, score => Assert.InRange(score, 0, 1)));
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_and_says_what_to_do()
    {
        var error = Assert.Throws<DivergedException>(() =>
            Patterns.Fit(ml, Patterns.View(ml, Patterns.Stripes(16)),
                new() { Network = Patterns.Small(), Optimizer = new Sgd(1e30f), Epoch = 9, BatchSize = 4 }));
        Assert.Matches(@"^Training: the loss became \S+ in epoch \d+, step \d+\. Make the learning rate \(\S+\) smaller\.$", error.Message);
    }
}
