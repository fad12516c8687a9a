using Microsoft.ML.Trainers;
using MlPipelines.Networks;
using MlPipelines.Tests.Training;
using static MlPipelines.ImageClassificationTrainer;

namespace MlPipelines.Tests.MlNet;

/// <summary>Where ML.NET's trainer does something else than it says.</summary>
[Trait("Category", "Runtime")]
public sealed class TrapsTests
{
    readonly MLContext mlContext = new(seed: 6);

    IDataView Stripes(int count, int seed = 5) => Patterns.View(mlContext, Patterns.Stripes(count, seed));

    [Fact]
    public void The_learning_rate_is_honoured_with_the_default_schedule()
    {
        float[] Scores(float rate)
        {
            var rates = new List<float>();
            using var model = Patterns.Fit(mlContext, Stripes(20),
                new()
                {
                    Network = Patterns.Small(),
                    Epoch = 2,
                    LearningRate = rate,
                    MetricsCallback = metrics => rates.Add(metrics.Train!.LearningRate),
                });
            Assert.All(rates, told => Assert.Equal(rate, told));
            return [.. model.Transform(Stripes(20)).GetColumn<float[]>("Score").SelectMany(scores => scores)];
        }
        Assert.NotEqual(Scores(0.001f), Scores(0.01f));
        Assert.Equal(Scores(0.01f), Scores(0.01f));
    }

    [Fact]
    public void The_second_argument_of_Fit_is_the_validation_set_whether_or_not_an_option_names_another()
    {
        var losses = new List<float>();
        var options = new Options
        {
            Network = Patterns.Small(),
            Epoch = 1,
            TestOnTrainSet = false,
            MetricsCallback = metrics => losses.Add(metrics.Train!.CrossEntropy),
        };
        var (own, other) = (Stripes(12, seed: 1), Stripes(12, seed: 2));
        mlContext.MulticlassClassification.Trainers.ImageClassification(options).Fit(Stripes(20), own).Dispose();
        options.ValidationSet = other;
        mlContext.MulticlassClassification.Trainers.ImageClassification(options).Fit(Stripes(20), own).Dispose();
        mlContext.MulticlassClassification.Trainers.ImageClassification(options).Fit(Stripes(20)).Dispose();
        Assert.Equal(losses[0], losses[1]);
        Assert.NotEqual(losses[0], losses[2]);
    }

    [Fact]
    public void One_early_stopping_serves_many_fits()
    {
        var epochs = new List<int>();
        var trainer = mlContext.MulticlassClassification.Trainers.ImageClassification(new Options
        {
            Network = Patterns.Small(),
            LearningRate = 0,
            Epoch = 30,
            EarlyStoppingCriteria = new EarlyStopping(patience: 3),
            ValidationSet = Stripes(6, seed: 1),
            TestOnTrainSet = false,
            MetricsCallback = metrics => epochs.Add(metrics.Train!.Epoch),
        });
        trainer.Fit(Stripes(8)).Dispose();
        trainer.Fit(Stripes(8, seed: 9)).Dispose();
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3], epochs);
    }

    // Learns, and from the third epoch on goes back up the gradient.
    sealed record Unlearning : LearningRateSchedule
    {
        public override float At(float learningRate, in TrainingMoment moment) => moment.Epoch < 2 ? learningRate : -3 * learningRate;
    }

    [Fact]
    public void The_best_epoch_is_kept_and_not_the_last()
    {
        var watched = Stripes(31, seed: 9);
        var losses = new List<float>();
        using var model = Patterns.Fit(mlContext, Stripes(32), new()
        {
            Network = Patterns.Small(),
            LearningRate = 0.01f,
            LearningRateScheduler = new Unlearning(),
            Epoch = 5,
            BatchSize = 8,
            ValidationSet = watched,
            TestOnTrainSet = false,
            EarlyStoppingCriteria = new(metric: EarlyStoppingMetric.Loss),
            MetricsCallback = metrics => losses.Add(metrics.Train!.CrossEntropy),
        });
        Assert.True(losses[^1] > 2 * losses.Min(), string.Join(", ", losses));
        Assert.Equal(losses.Min(), mlContext.MulticlassClassification.Report(model.Transform(watched)).LogLoss, 1e-4);
    }

    [Theory]
    [InlineData(2, 100)]
    [InlineData(3, 100)]
    [InlineData(3, 2)]
    public void Fewer_images_than_a_batch_and_one_of_a_class_are_enough(int count, int batch)
    {
        TrainingSchedule[] schedules = [new ConstantRate(), new ExponentialLRDecay(), new LsrDecay(), new PolynomialLRDecay()];
        foreach (var schedule in schedules)
        {
            var told = new List<ImageClassificationMetrics>();
            using var model = Patterns.Fit(mlContext, Stripes(count),
                new()
                {
                    Network = Patterns.Small(),
                    Epoch = 3,
                    BatchSize = batch,
                    LearningRateScheduler = schedule,
                    MetricsCallback = told.Add,
                });
            Assert.All(told,
                metrics => Assert.True(float.IsFinite(metrics.Train!.LearningRate)
                    && float.IsFinite(metrics.Train.CrossEntropy), $"{metrics}"));
            Assert.All(model.Transform(Stripes(4)).GetColumn<float[]>("Score"), scores => Assert.Equal(1, scores.Sum(), 1e-5f));
        }
    }

    [Fact]
    public void Metrics_kept_in_a_list_stay_as_they_were_told()
    {
        var (kept, texts) = (new List<ImageClassificationMetrics>(), new List<string>());
        Patterns.Fit(mlContext, Stripes(24), new()
        {
            Network = Patterns.Small(),
            Epoch = 4,
            LearningRate = 0.01f,
            MetricsCallback = metrics =>
            {
                kept.Add(metrics);
                texts.Add(metrics.ToString());
            },
        }).Dispose();
        Assert.Equal(texts, kept.Select(metrics => metrics.ToString()));
        Assert.Equal(8, kept.Distinct().Count());
    }

    [Fact]
    public void Class_weights_reach_the_loss()
    {
        float Share(params float[] weights)
        {
            var alike = Patterns.View(mlContext,
                Enumerable.Range(0, 8)
                .Select(number => new Patterns.Picture { Image = Patterns.Stripes(1)[0].Image, Label = number < 6 ? "a" : "b" }));
            using var model = Patterns.Fit(mlContext, alike,
                new() { Network = Flat(), Head = new LinearHead(0, 1e-6f), ClassWeights = [.. weights], ValidationSetFraction = 0 });
            return model.Transform(alike).GetColumn<float[]>("Score").First()[0];
        }
        Assert.Equal(0.75f, Share(), 0.005f);
        Assert.Equal(0.5f, Share(1, 3), 0.005f);
    }

    static Sequential Flat() =>
        new(new Input(Patterns.Size, Patterns.Size, 3), new Rescaling(1 / 255f), new Conv2D(4, 3), Activation.Relu,
            new GlobalAveragePooling2D(), new Dense(5));

    [Fact]
    public void Cancelling_keeps_what_was_learnt_and_before_that_there_is_nothing_to_keep()
    {
        using var stop = new CancellationTokenSource();
        using var model = Patterns.Fit(mlContext, Stripes(40), new()
        {
            Network = Patterns.Small(),
            Epoch = 1000,
            LearningRate = 0.01f,
            CancellationToken = stop.Token,
            MetricsCallback = metrics =>
            {
                if (metrics.Train!.Epoch == 9)
                    stop.Cancel();
            },
        });
        Assert.InRange(mlContext.MulticlassClassification.Report(model.Transform(Stripes(40))).MicroAccuracy, 0.9, 1);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Patterns.Fit(mlContext, Stripes(40), new() { Network = Patterns.Small(), CancellationToken = stop.Token }));
    }

    [Fact]
    public void An_image_that_cannot_be_read_keeps_no_other_images_scores()
    {
        using var model = Patterns.Fit(mlContext, Stripes(20), new() { Network = Patterns.Small(), Epoch = 2 });
        var pictures = Patterns.Stripes(4);
        var torn = Patterns.View(4, row => row == 2 ? throw new InvalidDataException("torn") : pictures[row].Image!,
            row => pictures[row].Label);
        var warnings = new List<string>();
        mlContext.Log += (_, line) => warnings.Add(line.RawMessage);
        var scores = model.Transform(torn).GetColumn<float[]>("Score").ToArray();
        Assert.All(scores[2], score => Assert.True(float.IsNaN(score)));
        Assert.All(scores.Where((_, row) => row != 2), row => Assert.Equal(1, row.Sum(), 1e-5f));
        Assert.Equal(0u, model.Transform(torn).GetColumn<uint>("PredictedLabel").ElementAt(2));
        Assert.Contains("torn", warnings);
        var skipped = new List<SkippedRow>();
        Assert.Equal(3, model.Transform(torn).Read(["Score"], row => row.Get<float[]>("Score"), new() { Skipped = skipped.Add }).Count());
        Assert.Equal("torn", Assert.Single(skipped).Reason);
    }

    [Fact]
    public void A_program_with_a_workspace_runs_again_with_a_seed_and_without()
    {
        using var folder = new Data.TemporaryFolder();
        List<string> Program(MLContext context, int epochs)
        {
            var log = new List<string>();
            context.Log += (_, line) =>
            {
                if (line.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                    log.Add(line.RawMessage);
            };
            Patterns.Fit(context, Patterns.View(context, Patterns.Stripes(12)),
                new() { Network = Patterns.Small(), Epoch = epochs, WorkspacePath = folder.Path }).Dispose();
            return log;
        }
        Assert.Empty(Program(new MLContext(), 2));
        Assert.Contains("and is replaced. To go on where a training stopped, give MLContext a seed",
            Assert.Single(Program(new MLContext(), 2)), StringComparison.Ordinal);
        Assert.Contains("another training", Assert.Throws<InvalidDataException>(() => Program(new MLContext(seed: 1), 2)).Message,
            StringComparison.Ordinal);
        Directory.Delete(Path.Combine(folder.Path, "checkpoint"), recursive: true);
        Assert.Empty(Program(new MLContext(seed: 1), 2));
        Assert.Empty(Program(new MLContext(seed: 1), 2));
        Assert.Throws<InvalidDataException>(() => Program(new MLContext(seed: 1), 3));
    }

    [Theory]
    [InlineData("Probabilities", "Guess")]
    [InlineData("Score", "PredictedLabel")]
    public void Score_and_label_columns_may_have_any_name(string score, string label)
    {
        using var model = Patterns.Fit(mlContext, Stripes(20),
            new() { Network = Patterns.Small(), Epoch = 1, ScoreColumnName = score, PredictedLabelColumnName = label });
        var view = model.Transform(Stripes(4));
        Assert.Equal(4, view.GetColumn<float[]>(score).Count());
        Assert.Equal(4, view.GetColumn<uint>(label).Count());
    }

    [Fact]
    public void Names_of_cached_features_cannot_be_none() =>
        Assert.StartsWith("TrainSetBottleneckCachedValuesFileName: got nothing, needs a name.",
            Assert.Throws<ArgumentException>(() => new Options { TrainSetBottleneckCachedValuesFileName = "" }).Message,
            StringComparison.Ordinal);

    [Fact]
    public void One_class_is_refused_with_its_name() =>
        Assert.Contains("the single class 'across'",
            Assert.Throws<ArgumentException>(() => Patterns.Fit(mlContext, Stripes(1), new() { Network = Patterns.Small() })).Message,
            StringComparison.Ordinal);
}
