namespace MlPipelines.Tests.Training;

/// <summary>Whether the head alone or the whole network is kept.</summary>
public sealed class SelectionTests
{
    // Of the samples on which the two differ: so many won, so many lost; the limits are those of a coin, C(n, k) / 2^n summed.
    [Theory]
    [InlineData(3, 0, false)] // 1/8
    [InlineData(4, 0, true)] // 1/16
    [InlineData(5, 1, false)] // 7/64
    [InlineData(6, 1, true)] // 8/128
    [InlineData(0, 0, false)]
    [InlineData(0, 9, false)]
    [InlineData(30, 8, true)]
    [InlineData(600, 590, false)]
    [InlineData(2600, 2400, true)]
    public void A_network_is_clearly_better_where_a_coin_would_hardly_do_as_well(int won, int lost, bool isClear)
    {
        bool[] one = [.. Enumerable.Repeat(true, won), .. Enumerable.Repeat(false, lost), true, true, false];
        bool[] other = [.. Enumerable.Repeat(false, won), .. Enumerable.Repeat(true, lost), true, true, false];
        Assert.Equal(isClear, Selection.IsClearlyBetter(one, other));
    }

    static EpochMetrics Epoch(int number, double accuracy, string phase) => new()
    {
        Epoch = number,
        Loss = 1 - accuracy,
        Accuracy = accuracy,
        ValidationAccuracy = accuracy,
        ValidationLoss = 1 - accuracy,
        LearningRate = 0,
        Samples = 1,
        Seconds = 0,
        Phase = phase,
    };

    static KeptState State(int right, int of) => new([], [.. Enumerable.Range(0, of).Select(i => i < right)]);

    static readonly TrainingPlan plan =
        new(WeightGroups.One, [new(0, 1, 1, new ConstantRate()), new(1, 2, 1, new ConstantRate())], null);

    static Selection? Of(KeptState? head, KeptState? best, int epochs, LearningOptions? options = null) => Selection.Of(
        [.. new[] { Epoch(1, 0.8, TrainingPlan.Head), Epoch(2, 0.7, TrainingPlan.WholeNetwork), Epoch(3, 0.9, TrainingPlan.WholeNetwork) }
            .Take(epochs)], head, best, options ?? new(), plan);

    [Fact]
    public void What_is_kept_is_said_with_its_epoch_its_phase_and_its_figure()
    {
        Assert.Equal((3, "epoch 3 of 3 (the whole network): 90.0% of 100 watched images right, the head alone 80.0%"),
            Of(State(80, 100), State(90, 100), 3) is { } network ? (network.Epoch, network.Words) : default);
        var head = Of(State(8, 10), State(9, 10), 3);
        Assert.Equal((1, "epoch 1 of 3 (the head alone), solved again from all images: 80.0% of 10 watched images right, the whole network "
            + "at best 90.0% (epoch 3), which is no clear gain"), (head!.Epoch, head.Words));
        Assert.Null(head.State);
        Assert.Equal("epoch 3 of 3 (the whole network): 90.0% of the images learnt from right, none are watched",
            Of(State(0, 0), State(0, 0), 3)!.Words);
    }

    [Fact]
    public void Where_the_last_epoch_is_asked_for_nothing_is_chosen()
    {
        Assert.Null(Of(State(8, 10), null, 3, new() { EarlyStoppingCriteria = null }));
        Assert.Null(Of(State(8, 10), null, 1)!.State);
    }
}
