using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>What the options of a trainer say of its steps: what is trained when, how fast, and by which rules.</summary>
static class OptionsPlan
{
    public static LearningRules RulesOf(ImageClassificationTrainer.Options options, WeightGroups groups, CategoricalCrossEntropy loss) => new(options.EffectiveOptimizer, loss)
    {
        Clipping = options.GradientClipping,
        Averaging = options.WeightAveraging,
        Groups = groups,
        Accumulation = options.GradientAccumulation,
        Weighted = options.ExampleWeightColumnName is not null,
    };

    /// <param name="options">What is asked for.</param>
    /// <param name="network">Not initialised: weights that it brings along are a backbone's, those still to be drawn a new classifier's.</param>
    /// <exception cref="ArgumentException">Options exclude each other, or the network has no blocks.</exception>
    public static TrainingPlan PlanOf(ImageClassificationTrainer.Options options, Graph network)
    {
        var (tuning, rates) = (options.FineTuning, options.DepthRates);
        if (options.LearningRateScheduler.Schedule is OneCycle { Momentum: not null } && options.EffectiveOptimizer is { Inertia: null } without)
            throw new ArgumentException($"LearningRateScheduler: got OneCycle with a {nameof(MomentumCycle)} beside {without}, which has no momentum to move. Use Adam, AdamW or Sgd with a momentum, or leave out Momentum.");
        if (tuning is null && rates is null && options.Unfreezing is null)
            return new TrainingPlan(WeightGroups.One, [new(0, options.Epoch, options.EffectiveOptimizer.LearningRate, options.LearningRateScheduler.Schedule)], null);
        if (tuning is not null && (rates is not null || options.Unfreezing is not null || options.LearningRateScheduler.Schedule is not ConstantRate))
            throw new ArgumentException($"FineTuning: got {(rates is not null ? nameof(options.DepthRates) : options.Unfreezing is not null ? nameof(options.Unfreezing) : nameof(options.LearningRateScheduler))} beside it, which it sets itself. Leave out one of the two.");
        var blocks = BlocksOf(network);
        var factors = tuning is null ? rates : new DiscriminativeRates(tuning.Span);
        var count = blocks.Length + 1;
        var groups = new WeightGroups(
            blocks.Index().SelectMany(block => block.Item.Select(weight => KeyValuePair.Create(weight, block.Index))).ToImmutableDictionary(),
            [.. Enumerable.Range(0, count).Select(block => factors?.FactorOf(block, count) ?? 1)]);
        if (tuning is null)
            return new(groups, [new(0, options.Epoch, options.EffectiveOptimizer.LearningRate, options.LearningRateScheduler.Schedule)], options.Unfreezing);
        var rate = options.LearningRate ?? tuning.LearningRate;
        var momentum = options.EffectiveOptimizer.Inertia is null ? null : tuning.Momentum;
        return new(groups,
        [
            new(0, tuning.FrozenEpochs, rate, new OneCycle(FineTuning.FrozenRise, Momentum: momentum)),
            new(tuning.FrozenEpochs, options.Epoch, rate / 2, new OneCycle(tuning.Rise, tuning.Start, Momentum: momentum)),
        ], null);
    }

    static string[][] BlocksOf(Graph network)
    {
        var fixedWeights = network.Parameters.Where(parameter => parameter.Initializer!.Content is not null).Select(network.NameOf).ToHashSet();
        string[][] blocks = [.. NetworkBlock.Of(network).Select(block => block.Weights.Where(weight => fixedWeights.Count == 0 || fixedWeights.Contains(weight)).ToArray()).Where(weights => weights.Length > 0)];
        return blocks.Length > 0 ? blocks
            : throw new ArgumentException("FineTuning, DepthRates, Unfreezing: the network has no block before its classifier, so there is nothing to tell apart. Leave them out.");
    }
}
