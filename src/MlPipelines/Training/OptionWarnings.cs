using System.Reflection;

namespace MlPipelines;

/// <summary>What was asked for and will not come about.</summary>
static class OptionWarnings
{
    static readonly LearningOptions defaults = new();

    /// <exception cref="ArgumentException">Weights of samples beside a mixing of them.</exception>
    public static IEnumerable<string> Of(ImageClassificationTrainer.Options options, TrainingData data, TrainingPlan plan) =>
    [
        .. OfSamples(options.Samples, data.Train),
        .. OfLearning(options.Learning, options.Head),
        .. OfOutput(options.Output),
        .. OfVersions(options.Samples, data.Train),
        .. OfModel(options, data),
        .. OfPlan(options.Learning, plan),
    ];

    static IEnumerable<string> OfSamples(SampleOptions options, SampleTable train)
    {
        if (options.ExampleWeightColumnName is { } weights && !train.Mixings.IsEmpty)
            throw new ArgumentException($"ExampleWeightColumnName: got '{weights}' "
                + $"beside {string.Join(", ", train.Mixings.Select(mixing => mixing.GetType().Name))}, which mixes samples of different "
                + "weights. Leave out one of the two.");
        if (options.Sampling == BatchSampling.ClassBalanced && train.IsReread)
            yield return "Sampling ClassBalanced repeats images of small classes, and ML.NET's steps between AugmentImages and the trainer "
                + "make the copies of an epoch alike. Put AugmentImages behind those steps, or use Balance before it.";
    }

    static IEnumerable<string> OfLearning(LearningOptions options, Head? head)
    {
        if (head?.Fit is not null && Changed(options) is { Length: > 0 } changed)
            yield return $"{head.GetType().Name} learns from all features at once, so "
                + $"that {string.Join(", ", changed)} {(changed.Length > 1 ? "do" : "does")} not apply. "
                + $"Leave {(changed.Length > 1 ? "them" : "it")} out, or take a MultilayerPerceptron, which learns in steps.";
        if (head?.Fit is null && options.LearningRate is { } rate
            && options.LearningRateScheduler.Schedule is { HasOwnRate: true } schedule)
            yield return $"LearningRate {rate} does not apply, "
                + $"since {(schedule as MlNetSchedule)?.Scheduler.GetType().Name ?? schedule.GetType().Name} has a rate of its own. Give "
                + $"it the rate, or take a schedule that changes the given one, such as {nameof(ExponentialDecay)}.";
    }

    /// <summary>Whether something is asked for that only a learning in steps follows.</summary>
    public static bool HasSteps(LearningOptions options) => Changed(options).Length > 0;

    // All of them say how to learn in steps. That nothing is to end early does not matter where there are no epochs.
    static string[] Changed(LearningOptions options) =>
    [
        .. from option in typeof(LearningOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public)
           where option.CanWrite && !Equals(option.GetValue(options), option.GetValue(defaults))
           where option.Name != nameof(LearningOptions.EarlyStoppingCriteria) || options.EarlyStoppingCriteria is not null
           select option.Name,
    ];

    static IEnumerable<string> OfOutput(OutputOptions options)
    {
        if (options.FinalModelPrefix is { } prefix && options.WorkspacePath is null)
            yield return $"FinalModelPrefix '{prefix}' does not apply without a WorkspacePath, so that no model is left. Set it, or save "
                + "the model with Model.Save.";
        var caches = new[]
        {
            (options.ReuseTrainSetBottleneckCachedValues, options.TrainSetBottleneckCachedValuesFileName,
                nameof(options.ReuseTrainSetBottleneckCachedValues)),
            (options.ReuseValidationSetBottleneckCachedValues, options.ValidationSetBottleneckCachedValuesFileName,
                nameof(options.ReuseValidationSetBottleneckCachedValues)),
        };
        foreach (var (reuse, place, option) in caches)
            if (reuse && (place is null || options.WorkspacePath is null && !Path.IsPathFullyQualified(place)))
                yield return $"{option} does not apply without "
                    + $"a {(place is null ? option["Reuse".Length..] + "FileName" : nameof(options.WorkspacePath))}, so that features are "
                    + "computed anew. Set it.";
    }

    static IEnumerable<string> OfVersions(SampleOptions options, SampleTable train)
    {
        if (options.FeatureVariants > 1 && !train.IsRandom)
            yield return $"FeatureVariants {options.FeatureVariants} does not apply, since nothing changes the images at random, so that "
                + "all versions are alike. Leave it out, or add AugmentImages.";
    }

    static IEnumerable<string> OfModel(ImageClassificationTrainer.Options options, TrainingData data)
    {
        if (options is { ModelFolder: { } folder, Arch: null })
            yield return $"ModelFolder '{folder}' does not apply without an Arch. Set it, or read a file of the folder with "
                + "Network.FromOnnx.";
        if (options.WarmStart is not { } earlier || options.Head is NearestNeighbours or NearestClassMean)
            yield break;
        foreach (var warning in WarmStart.Warnings(earlier, data.Train.Samples.Select(sample => data.Labels[sample.Label]).Distinct()))
            yield return warning;
    }

    static IEnumerable<string> OfPlan(LearningOptions options, TrainingPlan plan)
    {
        if (options is { Unfreezing: not null, Search: null } && plan.FrozenAt(plan.Epochs - 1) is > 0 and var left)
            yield return $"Unfreezing leaves {left} of {plan.Groups.Count - 1} blocks frozen to the end, since there "
                + $"{(plan.Epochs == 1 ? "is" : "are")} only {Counted.Of(plan.Epochs, "epoch")}. Make Epoch larger to train them too.";
    }
}
