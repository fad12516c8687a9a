using System.Collections.Immutable;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Evaluation;

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_images_to_choose_by_of_their_own_the_trial_is_the_last_training(bool areGiven)
    {
        var begun = new List<string>();
        var built = new MLContext(seed: 3).MulticlassClassification.BuildImageClassifier(Pictures(40), new()
        {
            Time = null,
            Trials = 1,
            ModelFolder = "none",
            ValidationSet = areGiven ? Pictures(20, seed: 6) : null,
            Begins = begun.Add,
        });
        Assert.StartsWith("from scratch", built.Search.Chosen, StringComparison.Ordinal);
        Assert.Equal(areGiven ? [built.Search.Chosen] : [built.Search.Chosen, $"{built.Search.Chosen}, on all"], begun);
    }

    [Fact]
    public void A_build_does_not_go_on_from_the_trials_of_other_pictures_or_networks()
    {
        using var folder = new TemporaryFolder();
        Build(new MLContext(seed: 3), Pictures(60), 1, options: Kept);
        var trials = new List<string>();
        Build(new MLContext(seed: 3), Pictures(60), 1, options: options => Kept(options) with { Begins = trials.Add });
        Assert.Single(trials, name => name.EndsWith(", on all", StringComparison.Ordinal));
        foreach (var build in new Action[]
        {
            () => Build(new MLContext(seed: 3), Pictures(60, seed: 6), 1, options: Kept),
            () => Build(new MLContext(seed: 3), Pictures(60, ["blue", "red"]), 1, options: Kept),
            () => Build(new MLContext(seed: 3), Pictures(60), 1, options: options => Kept(options) with { Networks = [new("tiny",
                Tiny(Activation.Tanh))] }),
        })
            Assert.Contains("holds the trials of another search", Assert.Throws<InvalidDataException>(build).Message,
                StringComparison.Ordinal);

        ImageBuildOptions Kept(ImageBuildOptions options) => options with { WorkspacePath = folder.Path };
    }

    static BuiltClassifier Build(MLContext ml, IDataView pictures, int trials, IProgress<BuildTrial>? progress = null,
        Func<ImageBuildOptions, ImageBuildOptions>? options = null)
    {
        var usual = new ImageBuildOptions
        {
            Time = null,
            Trials = trials,
            Networks = [new("tiny", Tiny(Activation.Relu))],
            ModelFolder = "none",
            Progress = progress,
        };
        return ml.MulticlassClassification.BuildImageClassifier(pictures, options?.Invoke(usual) ?? usual);
    }

    static Sequential Tiny(Activation activation) => new(new Input(16, 16, 3), new Conv2D(6, 3, activation: activation),
        new GlobalAveragePooling2D(), new Dense(4));

    static IDataView Pictures(int count, string[]? names = null, int seed = 5)
    {
        ImmutableArray<string> classes = [.. names ?? ["red", "blue"]];
        var labels = Enumerable.Range(0, count).Select(number => classes[number % classes.Length]).ToArray();
        return MadeUp.Pictures([.. labels.Select((label, number) =>
        {
            var dice = Dice.For(seed, number);
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
