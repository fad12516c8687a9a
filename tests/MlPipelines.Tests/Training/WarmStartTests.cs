using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class WarmStartTests
{
    static readonly MLContext ml = new(4);

    static IDataView Stripes => Patterns.View(ml, Patterns.Stripes(40));

    static IDataView WithGrey => Patterns.View(ml, Pictures);

    static Patterns.Picture[] Pictures =>
        [.. Patterns.Stripes(40),
            .. Enumerable.Range(0, 20)
            .Select(number =>
                new Patterns.Picture
                {
                    Label = "a third",
                    Image = Image.FromPixels(12, 12, 3, [.. Enumerable.Repeat((byte)(60 + number), 432)]),
                })];

    static ImageClassificationTrainer.Options Options(int classes) =>
        new() { Network = Patterns.Elaborate(classes), Epoch = 3, BatchSize = 8, LearningRate = 0.01f, EarlyStoppingCriteria = null };

    static float[][] Scores(ImageClassifier model) => [.. model.Transform(Stripes).GetColumn<float[]>("Score")];

    [Fact]
    public void Old_classes_start_with_the_logits_they_had_and_stay_first()
    {
        using var first = Patterns.Fit(ml, Stripes, Options(2));
        using var more =
            Patterns.Fit(ml, WithGrey, Options(3) with { WarmStart = first, LearningRate = 0, Epoch = 1, Network = Frozen(3) });
        Assert.Equal(["across", "down", "a third"], more.Labels);
        foreach (var (before, now) in Scores(first).Zip(Scores(more)))
            Assert.Equal(Math.Log(before[0] / before[1]), Math.Log(now[0] / now[1]), 1e-4);
    }

    // Normalisation would move its statistics even at a rate of 0.
    static Network Frozen(int classes) => new Sequential([new Input(12, 12, 3), .. Patterns.Elaborate(classes).Layers]).Freeze("dropout_1");

    [Fact]
    public void Training_goes_on_where_it_was()
    {
        var losses = new List<double>();
        using var first =
            Patterns.Fit(ml, Stripes, Options(2) with { Epoch = 25, EpochCallback = epoch => losses.Add(epoch.ValidationLoss!.Value) });
        var again = new List<double>();
        using var more = Patterns.Fit(ml, Stripes,
            Options(2) with
            {
                Epoch = 1,
                WarmStart = first,
                LearningRate = 0.001f,
                EpochCallback = epoch => again.Add(epoch.ValidationLoss!.Value)
            });
        Assert.True(again[0] < losses[0] * 0.9, $"{again[0]} after {losses[0]} … {losses[^1]}");
    }

    static ImageClassificationTrainer.Options Means => new()
    {
        Network = new Sequential(new Input(12, 12, 3), new Rescaling(1 / 127.5f, -1), new Conv2D(16, 3, Padding.Same, Activation.Relu),
            new MaxPooling2D(4), new Flatten(), new Dense(7)),
        Head = new NearestClassMean(),
        ValidationSetFraction = 0,
    };

    [Fact]
    public void A_head_learns_a_class_more()
    {
        var options = Means;
        using var first = Patterns.Fit(ml, Stripes, options);
        using var more = Patterns.Fit(ml, WithGrey, options with { WarmStart = first });
        Assert.Equal(["across", "down", "a third"], more.Labels);
        Assert.All(WithGreyScores(more), score => Assert.Equal(2, Array.IndexOf(score, score.Max())));
    }

    static IEnumerable<float[]> WithGreyScores(ImageClassifier model) => model.Transform(WithGrey).GetColumn<float[]>("Score").Skip(40);

    [Fact]
    public void Means_of_classes_without_images_stay()
    {
        using var first = Patterns.Fit(ml, Stripes, Means);
        var grey = Patterns.View(ml, [.. Pictures.Skip(40), new() { Label = "down", Image = Pictures[1].Image }]);
        using var more = Patterns.Fit(ml, grey, Means with { WarmStart = first });
        Assert.Equal(["across", "down", "a third"], more.Labels);
        Assert.All(Scores(more).Where((_, number) => number % 2 == 0), score => Assert.Equal(0, Array.IndexOf(score, score.Max())));
        Assert.All(WithGreyScores(more), score => Assert.Equal(2, Array.IndexOf(score, score.Max())));
    }

    [Fact]
    public void Means_do_not_go_on_from_another_head()
    {
        using var linear = Patterns.Fit(ml, Stripes, Means with { Head = new LinearHead() });
        Assert.Contains("head was another one",
            Assert.Throws<ArgumentException>(() => Patterns.Fit(ml, Stripes, Means with { WarmStart = linear })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_network_is_refused()
    {
        using var first = Patterns.Fit(ml, Stripes, Options(2) with { Network = Patterns.Small(), Epoch = 1 });
        Assert.Contains("WarmStart",
            Assert.Throws<ArgumentException>(() => Patterns.Fit(ml, Stripes, Options(2) with { WarmStart = first })).Message,
            StringComparison.Ordinal);
    }
}
