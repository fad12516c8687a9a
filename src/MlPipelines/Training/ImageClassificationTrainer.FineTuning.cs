namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>Trains the classifier alone and then the whole network, as fastai's <c>fine_tune</c>: one call for
    /// <see cref="Options.FineTuning"/>, with its defaults where it is not set, and <see cref="Options.Epoch"/>.</summary>
    /// <param name="trainSet">Samples, as <see cref="Fit(IDataView)"/> takes them.</param>
    /// <param name="epochs">Epochs with the whole network, at least 1.</param>
    /// <param name="validationSet">Samples to watch; null takes those of the options.</param>
    /// <exception cref="ArgumentException">As for <see cref="Fit(IDataView)"/>; or options
    /// are set that fine-tuning sets itself.</exception>
    public ImageClassifier FineTune(IDataView trainSet, int epochs, IDataView? validationSet = null) =>
        new ImageClassificationTrainer(host, options with { FineTuning = options.FineTuning ?? new(), Epoch = epochs }).Fit(trainSet,
            validationSet ?? options.ValidationSet);

    /// <summary>Trains a copy of the network, that is then thrown away, with a learning rate that rises from step to step.</summary>
    /// <param name="trainSet">Samples, as <see cref="Fit(IDataView)"/> takes them.</param>
    /// <param name="search">Which rates; 100 from 1e-7 to 10 when left out.</param>
    /// <returns>The loss at each rate, and the rate that it suggests.</returns>
    /// <remarks>It trains what the first epoch would: with <see cref="Options.FineTuning"/> the classifier alone. Weights are not averaged,
    /// nothing is saved and no callback is told.</remarks>
    /// <exception cref="ArgumentException">As for <see cref="Fit(IDataView)"/>, or the head has no learning rate.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LearningRateCurve FindLearningRate(IDataView trainSet, LearningRateSearch? search = null)
    {
        if (options.Head is { Fit: not null } head)
            throw new ArgumentException($"FindLearningRate: {head.GetType().Name} learns from all features at once, without a learning "
                + "rate. Take a MultilayerPerceptron, or leave out the search.");
        using var found = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        var rising = new RisingRates(search ?? new(), found.Cancel);
        var searching = options with
        {
            Learning = options.Learning with
            {
                Search = rising,
                Epoch = rising.Search.Steps,
                LearningRateScheduler = rising,
                FineTuning = null,
                Unfreezing = options.FineTuning is null ? options.Unfreezing : new(int.MaxValue),
                WeightAveraging = null,
                EarlyStoppingCriteria = null,
            },
            Samples = options.Samples with { ValidationSet = null, ValidationSetFraction = 0 },
            Output = new() { TrainSetBottleneckCachedValuesFileName = null, ValidationSetBottleneckCachedValuesFileName = null },
            Execution = options.Execution with
            {
                MetricsCallback = null,
                EpochCallback = null,
                Progress = null,
                StepProgress = null,
                CancellationToken = found.Token
            },
        };
        try
        {
            using var thrownAway = new ImageClassificationTrainer(host, searching).Fit(trainSet, null);
        }
        catch (DivergedException)
        {
            // Rates rise until nothing can be learnt with them; that is where the curve ends.
        }
        options.CancellationToken.ThrowIfCancellationRequested();
        return rising.ToCurve();
    }
}
