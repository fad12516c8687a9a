using MlPipelines.Networks;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>The most images that presets of preprocessing are tried on.</summary>
    const int MostCompared = 240;

    /// <summary>Tries the presets of preprocessing on the features of <see cref="Options.Network"/>, for a network of which nobody says
    /// what it wants done with pixels. It takes seconds: a few hundred images go through the network once a preset.</summary>
    /// <param name="trainSet">Samples, as <see cref="Fit(IDataView)"/> takes them; equally many of each class are taken.</param>
    /// <remarks>Features are kept and found as those of a training are.</remarks>
    /// <exception cref="ArgumentException">As for <see cref="Fit(IDataView)"/>; or the network is not one read from a file.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PreprocessingComparison ComparePreprocessings(IDataView trainSet)
    {
        ArgumentNullException.ThrowIfNull(trainSet);
        var network = options.Model.Backbone as GraphNetwork
            ?? throw new ArgumentException("ComparePreprocessings: is about a network whose own preprocessing is not known, needs one that "
                + "was read from a file. Set Network, such as Network.FromOnnx(\"mobilenet_v2.onnx\").");
        var run = new TrainingRun(host, options.Execution);
        using SampleStore store = new(), none = new();
        var samples = options.Samples with { ValidationSet = null, ValidationSetFraction = 0 };
        var sample = ClassSample.Of(trainSet, samples.LabelColumnName, MostCompared);
        var data = new DataCollection(options.Model, samples, run).Collect(sample, store, null, none);
        var channels = Math.Min(data.Input.Channels, network.Takes?.Channels ?? data.Input.Channels);
        var tried = Networks.Preprocessing.PresetsFor(channels)
            .Select(preset => (Preset: preset, Rows: Features(network.With(preset), data, run))).ToArray();
        // An image that cannot be read has features by no preset; one of which a preset makes no finite numbers is wrong by that.
        int[] places = [.. Enumerable.Range(0, data.Train.Count).Where(place => tried.Any(one => one.Rows[place].Features is not null))];
        if (places.Length == 0)
            throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
        PreprocessingAccuracy AccuracyOf(Preprocessing preset, FeatureRow[] rows)
        {
            int[] known = [.. places.Where(place => rows[place].Features is not null)];
            bool[] right = known.Length == 0 ? [] : RidgeAccuracy.Right([.. known.Select(place => rows[place].Features!)],
                [.. known.Select(place => data.Train.Samples[place].Label)], data.Labels.Length);
            var found = known.Zip(right).Where(one => one.Second).Select(one => one.First).ToHashSet();
            return new(preset, [.. places.Select(found.Contains)]);
        }
        return new([.. tried.Select(one => AccuracyOf(one.Preset, one.Rows)).OrderByDescending(one => one.Accuracy)]);
    }

    FeatureRow[] Features(GraphNetwork network, TrainingData data, TrainingRun run)
    {
        var part = network.CutAtFeatures().Build(data.Input.Height, data.Input.Width, data.Input.Channels).Initialize(run.Seed);
        using var extractor = new FeatureExtractor(part, run.Session);
        using var cache = TrainingTask.CacheOf(options.Output, options.Output.TrainSetBottleneckCachedValuesFileName,
            options.Output.ReuseTrainSetBottleneckCachedValues, run);
        var length = (int)part.Outputs[0].Value.Shape.With(0, 1).Length;
        return new FeatureExtraction(extractor, cache, data.Input, length, ImageClassificationMetrics.Dataset.Train, run)
            .Of(data.Train, SampleTable.AsItIs);
    }
}
