
namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    public sealed partial record Options
    {
        static readonly Options defaults = new();

        internal string NetworkName => Arch?.ToString() ?? (Network is null ? "SmallCnn" : nameof(Network));

        /// <summary>What was asked for and will not come about.</summary>
        /// <exception cref="ArgumentException">Weights of samples beside a mixing of them.</exception>
        internal IEnumerable<string> Doubts(SampleTable train)
        {
            if (ExampleWeightColumnName is { } weights && !train.Mixings.IsEmpty)
                throw new ArgumentException($"ExampleWeightColumnName: got '{weights}' beside {string.Join(", ", train.Mixings.Select(mixing => mixing.GetType().Name))}, which mixes samples of different weights. Leave out one of the two.");
            if (Sampling == BatchSampling.ClassBalanced && train.IsReread)
                yield return "Sampling ClassBalanced repeats images of small classes, and ML.NET's steps between AugmentImages and the trainer "
                    + "make the copies of an epoch alike. Put AugmentImages behind those steps, or use Balance before it.";
            if (Head?.Fit is not null && string.Join(", ", ForSteps()) is { Length: > 0 } set)
                yield return $"{Head.GetType().Name} learns from all features at once, so that {set} {(set.Contains(',') ? "do" : "does")} not apply. Leave {(set.Contains(',') ? "them" : "it")} out, or take a MultilayerPerceptron, which learns in steps.";
            if (Head?.Fit is null && LearningRate is { } rate && LearningRateScheduler.Schedule.HasOwnRate)
                yield return $"LearningRate {rate} does not apply, since {(LearningRateScheduler.Schedule as MlNetSchedule)?.Scheduler.GetType().Name ?? LearningRateScheduler.Schedule.GetType().Name} has a rate of its own. Give it the rate, or take a schedule that changes the given one, such as {nameof(ExponentialDecay)}.";
            if (FinalModelPrefix is { } prefix && WorkspacePath is null)
                yield return $"FinalModelPrefix '{prefix}' does not apply without a WorkspacePath, so that no model is left. Set it, or save the model with Model.Save.";
            foreach (var (reuse, place, option) in new[] { (ReuseTrainSetBottleneckCachedValues, TrainSetBottleneckCachedValuesFileName, nameof(ReuseTrainSetBottleneckCachedValues)), (ReuseValidationSetBottleneckCachedValues, ValidationSetBottleneckCachedValuesFileName, nameof(ReuseValidationSetBottleneckCachedValues)) })
                if (reuse && (place is null || WorkspacePath is null && !Path.IsPathFullyQualified(place)))
                    yield return $"{option} does not apply without a {(place is null ? option["Reuse".Length..] + "FileName" : nameof(WorkspacePath))}, so that features are computed anew. Set it.";
            if (FeatureVariants > 1 && !train.IsRandom)
                yield return $"FeatureVariants {FeatureVariants} does not apply, since nothing changes the images at random, so that all versions are alike. Leave it out, or add AugmentImages.";
            if (ModelFolder is { } folder && Arch is null)
                yield return $"ModelFolder '{folder}' does not apply without an Arch. Set it, or read a file of the folder with Network.FromOnnx.";
        }

        /// <summary>Names of options that were changed and say how to learn in steps.</summary>
        IEnumerable<string> ForSteps() => new (string Name, bool IsSet)[]
        {
            (nameof(Epoch), Epoch != defaults.Epoch),
            (nameof(BatchSize), BatchSize != defaults.BatchSize),
            (nameof(Optimizer), Optimizer != defaults.Optimizer),
            (nameof(LearningRate), LearningRate is not null),
            (nameof(LearningRateScheduler), LearningRateScheduler != defaults.LearningRateScheduler),
            (nameof(EarlyStoppingCriteria), EarlyStoppingCriteria is { } criteria && criteria != defaults.EarlyStoppingCriteria),
            (nameof(GradientClipping), GradientClipping is not null),
            (nameof(GradientAccumulation), GradientAccumulation != defaults.GradientAccumulation),
            (nameof(WeightAveraging), WeightAveraging is not null),
        }.Where(option => option.IsSet).Select(option => option.Name);
    }
}
