using MlPipelines.Networks;

namespace MlPipelines;

public sealed partial class ImageClassificationTrainer
{
    /// <summary>The most images that presets of preprocessing are tried on.</summary>
    const int MostCompared = 240;

    /// <summary>The fewest of a class among them.</summary>
    const int FewestOfClass = 3;

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
        var samples = options.Samples with { ValidationSet = null, ValidationSetFraction = null };
        var data = new DataCollection(options.Model, samples, run).Collect(Some(trainSet, samples.LabelColumnName), store, null, none);
        var read = Read(data, run);
        var labels = read.Select(sample => sample.Label).ToArray();
        var channels = Math.Min(data.Input.Channels, network.Takes?.Channels ?? data.Input.Channels);
        var tried = Networks.Preprocessing.PresetsFor(channels).Select(preset =>
        {
            var part = network.With(preset).CutAtFeatures().Build(data.Input.Height, data.Input.Width, data.Input.Channels)
                .Initialize(run.Seed);
            return new PreprocessingAccuracy(preset,
                RidgeAccuracy.Of(Features(part, [.. read.Select(sample => sample.Content)], run), labels, data.Labels.Length));
        });
        return new([.. tried.OrderByDescending(one => one.Accuracy)], read.Length);
    }

    // As many of each class, evenly from all that there are, and so the same ones each time.
    static PickedView Some(IDataView all, string labelColumn)
    {
        var labels = ClassLabels.Of(all, labelColumn);
        var classes = Evenly([.. labels.Classes.Values], MostCompared / FewestOfClass);
        var each = Math.Max(MostCompared / Math.Max(classes.Length, 1), FewestOfClass);
        return PickedView.Of(all, classes.SelectMany(rows => Evenly([.. rows], each)), labels.Count);
    }

    static T[] Evenly<T>(T[] all, int count) =>
        all.Length <= count ? all : [.. Enumerable.Range(0, count).Select(i => all[(int)((long)i * all.Length / count)])];

    static Sample[] Read(TrainingData data, TrainingRun run)
    {
        var reading = run.Reading(ahead: 2 * FeatureExtractor.BatchSize);
        Sample[] read = [.. data.Train.Read(SampleTable.AsItIs, reading, null, run.Cancellation)];
        return read.Length > 0 ? read
            : throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
    }

    float[][] Features(Graphs.Graph part, object[] contents, TrainingRun run)
    {
        using var extractor = new FeatureExtractor(part, run.Device);
        using var cache = TrainingTask.CacheOf(options.Output, options.Output.TrainSetBottleneckCachedValuesFileName,
            options.Output.ReuseTrainSetBottleneckCachedValues, run);
        var length = (int)part.Outputs[0].Value.Shape.With(0, 1).Length;
        var keys = cache is null ? null : Array.ConvertAll(contents, extractor.KeyOf);
        var features = contents.Select((_, place) => cache?.Find(keys![place], length)).ToArray();
        var missing = Enumerable.Range(0, contents.Length).Where(place => features[place] is null);
        foreach (var batch in missing.Chunk(FeatureExtractor.BatchSize))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            foreach (var (place, found) in batch.Zip(extractor.Features([.. batch.Select(place => contents[place])])))
            {
                features[place] = found;
                if (Array.TrueForAll(found, float.IsFinite))
                    cache?.Keep(keys![place], found);
            }
        }
        return features!;
    }
}
