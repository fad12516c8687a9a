using System.Diagnostics;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A training that learns from all features at once, told of as one epoch.</summary>
sealed class HeadFitting(Course course, ImageClassificationTrainer.Options options, int classes, Device device, Action<SkippedRow> skipped, Action<string> warn)
{
    /// <summary>What was learnt: features → logits.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    /// <exception cref="ArgumentException">There are no features that stay the same.</exception>
    public Graph Run(IFeatureFit fit, CategoricalCrossEntropy loss)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        if (course.Variants == 0)
            throw new ArgumentException($"Head: {options.Head!.GetType().Name} learns from all features at once, which there are none of: the images are augmented or mixed, or FeatureVariants is 0. The log says which. Set FeatureVariants, leave out the augmentation, or take a MultilayerPerceptron.");
        var clock = Stopwatch.StartNew();
        var table = FeatureTable.Of(course.Train, classes, course.Variants, Reading, options.CancellationToken);
        var trained = fit.Of(course.Network, options.Sampling == BatchSampling.ClassBalanced ? table.Balanced() : table, loss, new() { Device = device }, warn, options.CancellationToken);
        using var session = new Session(OnnxFile.Write(TrainingGraph.LogitsOf(trained)), new() { Device = device });
        var own = Judge(session, table.Samples);
        var watched = course.Validation is { } validation ? Judge(session, validation.Read(SampleTable.AsItIs, Reading, null, options.CancellationToken)) : null;
        options.Report(new(1, own.Loss, own.Accuracy, watched?.Loss, watched?.Accuracy, 0, own.Count, clock.Elapsed.TotalSeconds));
        return trained;
    }

    RowReading Reading => new() { Fatal = options.FailOnBadImages, Skipped = skipped, Prefetch = 0 };

    Tally Judge(Session session, IEnumerable<Sample> samples)
    {
        var tally = new Tally();
        foreach (var batch in samples.Chunk(256))
        {
            float[] numbers = [.. batch.SelectMany(sample => (float[])sample.Content)];
            var shape = session.Inputs[0].Shape.With(0, batch.Length);
            tally.Add(batch, session.Run(new Dictionary<string, Tensor> { [session.Inputs[0].Name] = Tensor.Of<float>(shape, numbers) })[0].Elements<float>(), classes);
        }
        return tally;
    }
}
