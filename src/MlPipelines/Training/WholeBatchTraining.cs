using System.Diagnostics;
using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A head that was solved from all features at once.</summary>
/// <param name="Fitted">Features → logits, and the penalty.</param>
/// <param name="Metrics">What it comes to, as one epoch.</param>
/// <param name="Right">Whether each sample that is watched is right.</param>
sealed record SolvedHead(FittedHead Fitted, EpochMetrics Metrics, IReadOnlyList<bool> Right);

/// <summary>A training that learns from all features at once, told of as one epoch.</summary>
/// <param name="task">What it runs over.</param>
/// <param name="head">What is learnt.</param>
/// <param name="fit">How it is learnt.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="run">Where, and who is told.</param>
sealed class WholeBatchTraining(TrainingTask task, Head head, IFeatureFit fit, int classes, TrainingRun run)
{
    /// <summary>What was learnt: features → logits, and what it came to.</summary>
    /// <param name="loss">What is made small.</param>
    /// <param name="sampling">Whether classes count alike.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ArgumentException">There are no features that stay the same.</exception>
    public SolvedHead Run(CategoricalCrossEntropy loss, BatchSampling sampling)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        if (task.Variants == 0)
            throw new ArgumentException($"Head: {head.GetType().Name} learns from all features at once, which there are none of: the "
                + "images are augmented or mixed, or FeatureVariants is 0. The log says which. Set FeatureVariants, leave out the "
                + "augmentation, or take a MultilayerPerceptron.");
        var clock = Stopwatch.StartNew();
        var table = FeatureTable.Of(task.Train, classes, task.Variants, Reading, run.Cancellation);
        var learnt = sampling == BatchSampling.ClassBalanced ? table.Balanced() : table;
        var trained = Solved(() => fit.Of(task.Network, learnt, loss, new(run.Session, run.Warn, run.Say, run.Cancellation)));
        using var session = new Session(OnnxFile.Write(TrainingGraph.LogitsOf(trained.Network)), run.Session);
        var own = Judge(session, table.Samples);
        var watched = task.Validation is { } validation
            ? Judge(session, validation.Read(SampleTable.AsItIs, Reading, null, run.Cancellation)) : null;
        return new(trained, new()
        {
            Epoch = 1,
            Loss = own.Loss,
            Accuracy = own.Accuracy,
            ValidationLoss = watched?.Loss,
            ValidationAccuracy = watched?.Accuracy,
            LearningRate = 0,
            Samples = own.Count,
            Seconds = clock.Elapsed.TotalSeconds,
        }, watched?.Right ?? []);
    }

    // Of several processes by the first alone: another processor may round otherwise.
    FittedHead Solved(Func<FittedHead> fitted)
    {
        if (!run.Ranks.AreSeveral)
            return fitted();
        var bytes = run.Ranks.FromFirst(() =>
        {
            var head = fitted();
            return [.. BitConverter.GetBytes(head.L2Regularization ?? double.NaN), .. OnnxFile.Write(head.Network)];
        });
        var penalty = BitConverter.ToDouble(bytes);
        var solved = OnnxFile.Read(bytes.AsMemory(sizeof(double)), "Head").Graph;
        var inputs = task.Network.Inputs;
        return new(new(inputs, solved.Replace((Value value) => value == solved.Inputs[0] ? inputs[0] : null).Outputs),
            double.IsNaN(penalty) ? null : penalty);
    }

    RowReading Reading => run.Reading(ahead: 0);

    Tally Judge(Session session, IEnumerable<Sample> samples)
    {
        var tally = new Tally(classes);
        foreach (var batch in samples.Chunk(256))
        {
            float[] numbers = [.. batch.SelectMany(sample => (float[])sample.Content)];
            var shape = session.Inputs[0].Shape.With(0, batch.Length);
            tally.Add(batch,
                session.Run(new Dictionary<string, Tensor> { [session.Inputs[0].Name] = Tensor.Of<float>(shape, numbers) })[0]
                .Elements<float>());
        }
        return tally;
    }
}
