using System.Collections.Immutable;
using System.Diagnostics;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>One training run: epochs of steps, validation after each, the best or the last state at the end.</summary>
sealed class Fitting(Learner learner, TrainingPlan plan, NetworkInput input, ImageClassificationTrainer.Options options, int classes, long seed, string run, Action<SkippedRow> skipped, Action<string> warn, bool passOverOthers = false)
{
    readonly List<EpochMetrics> history = [];
    readonly Stopwatch clock = Stopwatch.StartNew();
    Dictionary<string, Tensor>? best;

    public IReadOnlyList<EpochMetrics> History => history;

    /// <summary>Trains and returns the state to keep.</summary>
    /// <exception cref="OperationCanceledException">The options' token was cancelled, before anything was learnt.</exception>
    public Dictionary<string, Tensor> Run(SampleTable train, SampleTable? validation)
    {
        var rows = options.Sampling == BatchSampling.ClassBalanced ? EpochRows.ClassBalanced(train, options.BatchSize, seed) : EpochRows.Shuffled(train, seed);
        Resume();
        for (var epoch = history.Count; epoch < plan.Epochs; epoch++)
        {
            if (options.CancellationToken.IsCancellationRequested || options.EarlyStoppingCriteria?.ShouldStop(history) == true)
                break;
            learner.Freeze(plan.FrozenAt(epoch));
            var met = rows.Of(epoch);
            var started = clock.Elapsed;
            var tally = new Tally();
            var rate = 0f;
            Tally? judged;
            try
            {
                foreach (var batch in train.Read(epoch, Reading, met, options.CancellationToken).Chunk(options.BatchSize))
                {
                    rate = Learn(batch, epoch, met.Length, tally, train);
                    var speed = tally.Count / Math.Max(1e-9, (clock.Elapsed - started).TotalSeconds);
                    options.StepProgress?.Report(new(epoch + 1, plan.Epochs, tally.Count, met.Length, speed, tally.Loss, tally.Accuracy));
                }
                learner.Finish();
                if (!learner.IsFinite)
                    throw Diverged(epoch, "a weight became too large to compute with, or no number,", rate);
                judged = validation is null || tally.Count == 0 ? null : Judge(validation);
            }
            catch (OperationCanceledException) when (options.CancellationToken.IsCancellationRequested)
            {
                learner.Finish();
                break;
            }
            catch (DivergedException diverged) when (best is not null)
            {
                warn($"{diverged.Message} The model of epoch {options.EarlyStoppingCriteria!.Best(history)} is kept.");
                break;
            }
            if (tally.Count == 0)
                throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
            history.Add(new(epoch + 1, tally.Loss, tally.Accuracy, judged?.Loss, judged?.Accuracy, rate, tally.Count, (clock.Elapsed - started).TotalSeconds));
            options.Report(history[^1]);
            var stopping = options.EarlyStoppingCriteria;
            if (stopping is { RestoreBest: true } && stopping.Best(history) == history.Count)
                best = learner.Snapshot();
            if (CheckpointFolder is { } folder)
                new Checkpoint(run, learner.Steps, learner.Updates, history, learner.Snapshot(), best).Save(folder);
        }
        if (learner.Steps == 0)
            options.CancellationToken.ThrowIfCancellationRequested();
        return best ?? learner.Snapshot();
    }

    string? CheckpointFolder => options.WorkspacePath is { } workspace ? Path.Combine(workspace, "checkpoint") : null;

    void Resume()
    {
        if (CheckpointFolder is not { } folder || Checkpoint.Load(folder, run, passOverOthers ? warn : null) is not { } checkpoint)
            return;
        learner.Restore(checkpoint.Now, checkpoint.Steps, checkpoint.Updates);
        history.AddRange(checkpoint.History);
        best = checkpoint.Best;
        history.ForEach(options.Report);
    }

    float Learn(Sample[] batch, int epoch, int samplesPerEpoch, Tally tally, SampleTable train)
    {
        var step = learner.StepOf(batch.Length);
        Fill(batch, train.Length, step.Image.Elements<float>());
        var targets = step.Target.Elements<float>();
        targets.Clear();
        for (var i = 0; i < batch.Length; i++)
            targets[i * classes + batch[i].Label] = 1;
        if (step.Weights is { } weights)
            for (var i = 0; i < batch.Length; i++)
                weights.Elements<float>()[i] = batch[i].Weight;
        Mix(batch, step, train.Mixings, Dice.For(seed, epoch, tally.Count / options.BatchSize));
        foreach (var (mask, (buffer, rate)) in step.Masks.Index())
            DropoutMasks.Fill(buffer.Elements<float>(), rate, batch, seed, epoch, mask);
        var stepsPerEpoch = (samplesPerEpoch + options.BatchSize - 1) / options.BatchSize;
        var phase = plan.PhaseOf(epoch);
        var moment = phase.MomentOf((long)epoch * stepsPerEpoch + tally.Count / options.BatchSize, stepsPerEpoch, history, options.BatchSize * options.GradientAccumulation);
        var now = phase.Schedule.At(phase.Rate, moment);
        learner.Run(step, now, phase.Schedule.MomentumAt(moment));
        options.Search?.Add(now, step.Loss);
        if (!float.IsFinite(step.Loss))
            throw Diverged(epoch, $"the loss became {step.Loss}", now);
        tally.Add(batch, step.Logits, classes, step.Loss);
        return now;
    }

    // A mixed sample counts as right when the class is found that it mostly belongs to.
    void Mix(Sample[] batch, TrainingStep step, ImmutableArray<ISampleMixing> mixings, Dice dice)
    {
        if (mixings.IsEmpty)
            return;
        var targets = step.Target.Elements<float>();
        var mixed = new SampleBatch(step.Image.Elements<float>(), targets, batch.Select(sample => sample.Id).ToArray(), input.Height, input.Width);
        foreach (var (part, mixing) in mixings.Index())
            mixing.Mix(mixed, dice.Split(part));
        for (var i = 0; i < batch.Length; i++)
            batch[i] = batch[i] with { Label = Largest(mixed.TargetsOf(i)) };
    }

    static int Largest(ReadOnlySpan<float> numbers)
    {
        var place = 0;
        for (var i = 1; i < numbers.Length; i++)
            if (numbers[i] > numbers[place])
                place = i;
        return place;
    }

    DivergedException Diverged(int epoch, string found, float rate) => new($"Training: {found} in epoch {epoch + 1}, step {learner.Steps}. Make the learning rate ({rate}) smaller.");

    // Null when none of the samples can be read.
    Tally? Judge(SampleTable validation)
    {
        var tally = new Tally();
        var scoring = learner.ScoringOf((int)Math.Clamp(validation.Count, 1, options.BatchSize));
        foreach (var batch in validation.Read(SampleTable.AsItIs, Reading, null, options.CancellationToken).Chunk(options.BatchSize))
        {
            Fill(batch, validation.Length, scoring.Image.Elements<float>());
            scoring.Run();
            tally.Add(batch, scoring.Logits, classes);
        }
        return tally.Count == 0 ? null : tally;
    }

    RowReading Reading => new()
    {
        Workers = options.Workers ?? Environment.ProcessorCount,
        Prefetch = Math.Max(1, 2 * options.BatchSize),
        Fatal = options.FailOnBadImages,
        Skipped = skipped,
    };

    static void Fill(Sample[] batch, int length, Span<float> images)
    {
        for (var i = 0; i < batch.Length; i++)
            NetworkInput.Write(batch[i].Content, images.Slice(i * length, length));
    }
}
