using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>What the options of a trainer say of its steps: what is trained when, how fast, and by which rules.</summary>
static class TrainingPlanner
{
    public static LearningRules RulesOf(ImageClassificationTrainer.Options options, WeightGroups groups, CategoricalCrossEntropy loss) =>
        new(options.Learning.EffectiveOptimizer, loss)
        {
            Clipping = options.GradientClipping,
            Averaging = options.WeightAveraging,
            Groups = groups,
            BiasFactor = options.BiasRateFactor,
            Accumulation = options.GradientAccumulation,
            SynchronizedNormalization = options.SynchronizedNormalization,
            Weighted = options.ExampleWeightColumnName is not null,
            MostMomentum = options.FineTuning is null ? 1 : FineTuning.MostMomentum,
        };

    /// <param name="options">What is asked for.</param>
    /// <param name="network">Not initialised: weights that it brings along are a backbone's,
    /// those still to be drawn a new classifier's.</param>
    /// <param name="samples">Samples to learn from.</param>
    /// <exception cref="ArgumentException">Options exclude each other, or the network has no blocks.</exception>
    public static TrainingPlan PlanOf(LearningOptions options, Graph network, long samples)
    {
        CheckTogether(options);
        var optimizer = options.EffectiveOptimizer;
        TrainingPhase whole = new(0, options.Epoch, optimizer.LearningRate, options.LearningRateScheduler.Schedule);
        if (options is { FineTuning: null, DepthRates: null, Unfreezing: null })
            return new(WeightGroups.One, [whole], null);
        var blocks = BlocksOf(network);
        var count = blocks.Length + 1;
        var factors = options.FineTuning is { Span: var span } ? new DiscriminativeRates(span) : options.DepthRates;
        var groups = new WeightGroups(
            blocks.Index().SelectMany(block => block.Item.Select(weight => KeyValuePair.Create(weight, block.Index)))
            .ToImmutableDictionary(),
            [.. Enumerable.Range(0, count).Select(block => factors?.FactorOf(block, count) ?? 1)]);
        if (options.FineTuning is not { } tuning)
            return new(groups, [whole], options.Unfreezing);
        var isSolved = tuning.FrozenEpochs is null && HeadStart.IsPossible(network, groups, samples);
        var steps = options.Epoch * options.StepsOf(samples);
        var rate = options.LearningRate ?? tuning.RateFor(steps, isSolved);
        var momentum = optimizer.Inertia is null ? null : tuning.Momentum;
        var alone = tuning.FrozenEpochs ?? 1;
        return new(groups,
        [
            new(0, alone, rate, new OneCycle(FineTuning.FrozenRise, Momentum: momentum)),
            new(alone, options.Epoch, rate / 2, new OneCycle(tuning.Rise, tuning.Start, Momentum: momentum)),
        ], null)
        {
            Kept = tuning.KeepsIn(steps, options.BatchSize) ? WeightGroups.OfNormalisations(network) : [],
            SolvesHead = isSolved,
        };
    }

    /// <summary>The options with smaller batches where few samples are fine-tuned on, so that there are some steps in an epoch.</summary>
    public static ImageClassificationTrainer.Options ForSamples(ImageClassificationTrainer.Options options, long samples)
    {
        var batch = BatchFor(options.BatchSize, samples);
        return options.FineTuning is null || batch == options.BatchSize ? options : options with { BatchSize = batch };
    }

    /// <summary>Samples in a step of fine-tuning on so many.</summary>
    public static int BatchFor(int asked, long samples)
    {
        const int leastSteps = 16, leastBatch = 8;
        return (int)Math.Min(asked, Math.Max(leastBatch, samples / leastSteps));
    }

    static void CheckTogether(LearningOptions options)
    {
        if (options.LearningRateScheduler.Schedule is OneCycle { Momentum: not null }
            && options.EffectiveOptimizer is { Inertia: null } without)
            throw new ArgumentException($"LearningRateScheduler: got OneCycle with a {nameof(MomentumCycle)} beside {without}, which has "
                + "no momentum to move. Use Adam, AdamW or Sgd with a momentum, or leave out Momentum.");
        if (options.FineTuning is null)
            return;
        var beside = options.DepthRates is not null ? nameof(options.DepthRates)
            : options.Unfreezing is not null ? nameof(options.Unfreezing)
            : options.LearningRateScheduler.Schedule is not ConstantRate ? nameof(options.LearningRateScheduler) : null;
        if (beside is not null)
            throw new ArgumentException($"FineTuning: got {beside} beside it, which it sets itself. Leave out one of the two.");
    }

    static string[][] BlocksOf(Graph network)
    {
        var fixedWeights = network.Parameters.Where(parameter => parameter.Initializer!.Content is not null).Select(network.NameOf)
            .ToHashSet();
        string[][] blocks = [.. NetworkBlock.Of(network, NetworkEnd.Find(network))
            .Select(block => block.Weights.Where(weight => fixedWeights.Count == 0 || fixedWeights.Contains(weight)).ToArray())
            .Where(weights => weights.Length > 0)];
        return blocks.Length > 0 ? blocks
            : throw new GraphException("The network has no weights before its classifier, so there is nothing for FineTuning, DepthRates "
                + "or Unfreezing (--fine-tune) to train there. Learn a head on its features: Head, on the command line --head.");
    }
}
