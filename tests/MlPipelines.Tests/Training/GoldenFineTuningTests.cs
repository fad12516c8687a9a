using System.Collections.Immutable;
using MlPipelines.Tests.Golden;

namespace MlPipelines.Tests.Training;

[Trait("Category", "Runtime")]
public sealed class GoldenFineTuningTests
{
    [Theory, MemberData(nameof(GoldenFile.FineTuningNames), MemberType = typeof(GoldenFile))]
    public void A_small_network_learns_as_PyTorch_does(string name)
    {
        var (golden, data) = (GoldenFile.FineTuning, GoldenFile.Network);
        var given = golden.Cases.Single(@case => @case.Name == name);
        using var learner = LearnerOf(given);
        var losses = new List<double>();
        for (var update = 0; update < 4; update++)
        {
            learner.Freeze(given.Frozen?[update] ?? 0);
            losses.AddRange(Update(learner, data, given, given.Rates?[update], given.Momenta?[update]));
        }

        foreach (var (expected, actual) in given.Losses.Zip(losses))
            Assert.Equal(expected, actual, 2e-5);
        Assert.Equal(given.Losses.Length, losses.Count);
        var state = learner.Snapshot();
        foreach (var (weight, expected) in given.Weights)
            Assert.InRange(expected.Difference(state[weight].Elements<float>()), 0, 2e-5);
        foreach (var (weight, expected) in given.Averages ?? [])
            Assert.InRange(expected.Difference((state.GetValueOrDefault(weight + ".average") ?? state[weight]).Elements<float>()), 0, 2e-5);
        var kept = learner.Trained(state);
        foreach (var (weight, expected) in given.Averages ?? given.Weights)
            Assert.InRange(expected.Difference(
                kept.Parameters.Single(parameter => kept.NameOf(parameter) == weight).Initializer!.Content!.Elements<float>()), 0, 2e-5);
    }

    // torch counts the steps between the first and the last, here the last is a step beyond the end.
    [Fact]
    public void Rates_and_momenta_of_one_cycle_are_PyTorchs()
    {
        var given = GoldenFile.FineTuning.Cases.First(@case => @case.OneCycle is not null);
        var (cycle, last) = (given.OneCycle!, given.Rates!.Length - 1);
        var schedule = new OneCycle((cycle.PctStart * given.Rates.Length - 1) / last, cycle.DivFactor,
            cycle.DivFactor * cycle.FinalDivFactor, new(cycle.MaxMomentum, cycle.BaseMomentum));
        for (var update = 0; update <= last; update++)
        {
            var moment = new TrainingMoment(update, last, 1, []);
            Assert.Equal(given.Rates[update], schedule.At(GoldenFile.FineTuning.Rate, moment), 1e-7f);
            Assert.Equal(given.Momenta![update], schedule.MomentumAt(moment)!.Value, 1e-6f);
        }
    }

    [Fact]
    public void Averages_predict_in_place_of_the_weights()
    {
        var data = GoldenFile.Network;
        using var learner = LearnerOf(GoldenFile.FineTuning.Cases.Single(@case => @case.Name == "all"));
        for (var update = 0; update < 3; update++)
            Update(learner, data, GoldenFile.FineTuning.Cases.Single(@case => @case.Name == "all"));
        using var averaged = new Learner(learner.Trained(learner.Snapshot()), new Sgd(), new(), new());

        Assert.Equal(Scores(averaged, data), Scores(learner, data));
    }

    [Fact]
    public void A_learner_goes_on_from_a_snapshot_to_the_same_bits()
    {
        var (data, given) = (GoldenFile.Network, GoldenFile.FineTuning.Cases.Single(@case => @case.Name == "all"));
        using var whole = LearnerOf(given);
        whole.Freeze(1);
        Update(whole, data, given);
        var (middle, position) = (whole.Snapshot(), whole.Position);
        using var resumed = LearnerOf(given);
        resumed.Restore(middle, position);
        resumed.Freeze(1);
        foreach (var learner in new[] { whole, resumed })
        {
            Update(learner, data, given);
            learner.Freeze(0);
            Update(learner, data, given);
        }

        var (first, second) = (whole.Snapshot(), resumed.Snapshot());
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(first, state => Assert.Equal(state.Value.Bytes.ToArray(), second[state.Key].Bytes.ToArray()));
    }

    [Fact]
    public void Gradients_that_wait_are_part_of_a_snapshot()
    {
        var (data, given) = (GoldenFile.Network, GoldenFile.FineTuning.Cases.Single(@case => @case.Name == "accumulated"));
        using var whole = LearnerOf(given);
        Run(whole, data, 0, 4);
        Assert.Equal(1, whole.Position.Pending.Batches);
        using var resumed = LearnerOf(given);
        resumed.Restore(whole.Snapshot(), whole.Position);
        foreach (var learner in new[] { whole, resumed })
            learner.Finish();

        Assert.All(whole.Snapshot(), state => Assert.Equal(state.Value.Bytes.ToArray(), resumed.Snapshot()[state.Key].Bytes.ToArray()));
    }

    [Fact]
    public void Weights_that_have_changed_are_not_frozen_again()
    {
        using var learner = LearnerOf(GoldenFile.FineTuning.Cases.Single(@case => @case.Name == "unfrozen"));
        Run(learner, GoldenFile.Network, 0, 6);
        Assert.Throws<InvalidOperationException>(() => learner.Freeze(1));
    }

    static Learner LearnerOf(FineTuningCase given)
    {
        var golden = GoldenFile.FineTuning;
        Optimizer optimizer = given.Optimizer switch
        {
            "sgd" => new Sgd(golden.Rate, 0.9f),
            "adam" => new Adam(golden.Rate, Epsilon: 1e-30f),
            _ => new AdamW(golden.Rate, 0.01f, Epsilon: 1e-30f),
        };
        var network = GoldenTrainingTests.SmallNetwork(GoldenFile.Network.Steps[0]);
        return new(network, new LearningRules(optimizer, new())
        {
            Clipping = given.Norm is null && given.Value is null ? null : new(given.Norm, given.Value),
            Averaging = given.Averages is null ? null : new(golden.Decay),
            Groups = given.Factors is { } factors ? new(golden.Groups.ToImmutableDictionary(), [.. factors]) : WeightGroups.One,
            Accumulation = given.Batches?.Length ?? 1,
        }, new());
    }

    static List<double> Update(Learner learner, GoldenNetwork data, FineTuningCase given, float? rate = null, float? momentum = null)
    {
        var losses = new List<double>();
        var start = 0;
        foreach (var samples in given.Batches ?? [6])
        {
            losses.Add(Run(learner, data, start, samples, rate, momentum));
            start += samples;
        }
        return losses;
    }

    static float Run(Learner learner, GoldenNetwork data, int start, int samples, float? rate = null, float? momentum = null)
    {
        var step = learner.StepOf(samples);
        var images = data.Images.ToTensor().Elements<float>();
        var labels = data.Labels.ToTensor().Elements<long>();
        var classes = step.Target.Shape[1];
        var length = images.Length / labels.Length;
        images.Slice(start * length, samples * length).CopyTo(step.Image.Elements<float>());
        step.Target.Elements<float>().Clear();
        for (var i = 0; i < samples; i++)
            step.Target.Elements<float>()[i * classes + (int)labels[start + i]] = 1;
        learner.Run(step, rate ?? GoldenFile.FineTuning.Rate, momentum);
        return step.Loss;
    }

    static float[] Scores(Learner learner, GoldenNetwork data)
    {
        var scoring = learner.ScoringOf(data.Images.Sizes[0]);
        data.Images.ToTensor().Elements<float>().CopyTo(scoring.Image.Elements<float>());
        scoring.Run();
        return scoring.Logits.ToArray();
    }
}
