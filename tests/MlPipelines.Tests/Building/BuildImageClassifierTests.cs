using System.Collections.Immutable;
using MlPipelines.Imaging;
using MlPipelines.Networks;

namespace MlPipelines.Tests.Building;

/// <summary>A build in the library, on pictures in memory.</summary>
[Trait("Category", "Runtime")]
public sealed class BuildImageClassifierTests
{
    [Fact]
    public void A_build_chooses_trains_and_judges_by_pictures_that_no_choice_has_seen()
    {
        var ml = new MLContext(seed: 3);
        var told = new List<BuildTrial>();
        var built = Build(ml, Pictures(60), 3, new Told(told.Add));
        using var model = built.Model as IDisposable;
        Assert.Equal((12, 12L), (built.Report.RowCount, built.TestSet.GetRowCount()!.Value));
        Assert.Equal(3, built.Search.Trials.Length);
        Assert.Equal(built.Search.Trials, told);
        Assert.All(built.Search.Trials, trial => Assert.Equal(10, trial.Count));
        Assert.Equal(SearchEnd.Trials, built.Search.End);
        Assert.Contains(built.Search.Trials, trial => trial.Candidate == built.Search.Chosen);
        Assert.StartsWith($"{built.Search.Chosen}: right of ", built.Search.Reason, StringComparison.Ordinal);
        Assert.Single(built.History.Epochs);
        Assert.Equal(4, built.Search.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(12, ml.MulticlassClassification.Report(built.Model.Transform(built.TestSet)).RowCount);
    }

    [Fact]
    public void Equal_seeds_and_equally_many_trials_choose_the_same()
    {
        var (first, second) = (Build(new MLContext(seed: 3), Pictures(60), 4), Build(new MLContext(seed: 3), Pictures(60), 4));
        Assert.Equal(first.Search.Trials.Select(Words), second.Search.Trials.Select(Words));
        Assert.Equal((first.Search.Chosen, first.Report.LogLoss), (second.Search.Chosen, second.Report.LogLoss));

        static (string, double, int, double) Words(BuildTrial trial) => (trial.Candidate, trial.Share, trial.Right, trial.LogLoss);
    }

    [Fact]
    public void A_larger_share_holds_a_smaller_one_and_every_class()
    {
        var data = new ImageBuildData(new MLContext(seed: 1).Data.Host(), Pictures(80), new());
        long[][] shares = [.. new[] { 1.0 / 9, 1.0 / 3, 1 }.Select(share => data.ShareOf(share).Ids())];
        Assert.Equal([6L, 18, 52], shares.Select(ids => ids.LongLength));
        Assert.Subset(shares[1].ToHashSet(), shares[0].ToHashSet());
        Assert.Subset(shares[2].ToHashSet(), shares[1].ToHashSet());
        Assert.Empty(shares[2].Intersect(data.Validation.Ids()).Concat(data.Rest.Ids().Intersect(data.Test.Ids())));
    }

    [Fact]
    public void Too_few_images_are_said_to_be_too_few()
    {
        var ml = new MLContext(seed: 1);
        Assert.Contains("none are left to test with",
            Assert.Throws<InvalidDataException>(() => ml.MulticlassClassification.BuildImageClassifier(Pictures(4))).Message,
            StringComparison.Ordinal);
        Assert.Contains("has 1 class, needs at least two",
            Assert.Throws<ArgumentException>(() => ml.MulticlassClassification.BuildImageClassifier(Pictures(20, ["red"]))).Message,
            StringComparison.Ordinal);
    }

    static BuiltClassifier Build(MLContext ml, IDataView pictures, int trials, IProgress<BuildTrial>? progress = null) =>
        ml.MulticlassClassification.BuildImageClassifier(pictures, new()
        {
            Time = null,
            Trials = trials,
            Networks = [new("tiny", new Sequential(new Input(16, 16, 3), new Conv2D(6, 3, activation: Activation.Relu),
                new GlobalAveragePooling2D(), new Dense(4)))],
            ModelFolder = "none",
            Progress = progress,
        });

    static IDataView Pictures(int count, string[]? names = null)
    {
        ImmutableArray<string> classes = [.. names ?? ["red", "blue"]];
        var labels = Enumerable.Range(0, count).Select(number => classes[number % classes.Length]).ToArray();
        return MadeUp.Pictures([.. labels.Select((label, number) =>
        {
            var dice = Dice.For(5, number);
            var pixels = new byte[16 * 16 * 3];
            dice.Bytes(pixels);
            for (var at = label == "red" ? 0 : 2; at < pixels.Length; at += 3)
                pixels[at] = (byte)Math.Min(255, pixels[at] + 60);
            return Image.FromPixels(16, 16, 3, pixels);
        })], labels);
    }

    sealed class Told(Action<BuildTrial> tell) : IProgress<BuildTrial>
    {
        public void Report(BuildTrial value) => tell(value);
    }
}
