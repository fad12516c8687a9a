using System.Diagnostics;

namespace MlPipelines;

/// <summary>One training: epochs of steps, validation after each, the best or the last state at the end.</summary>
/// <param name="learner">What learns.</param>
/// <param name="plan">What is learnt when, and how fast.</param>
/// <param name="feed">Writes what a step reads.</param>
/// <param name="options">How it is learnt.</param>
/// <param name="run">Where, and who is told.</param>
/// <param name="checkpoints">Where its state is kept after each epoch; null for nowhere.</param>
sealed class TrainingLoop(Learner learner, TrainingPlan plan, BatchFeed feed, LearningOptions options, TrainingRun run,
    CheckpointFolder? checkpoints)
{
    readonly List<EpochMetrics> history = [];
    readonly Stopwatch clock = Stopwatch.StartNew();
    KeptState? best, head;
    IReadOnlyList<bool> right = [];

    /// <summary>What solves the classifier before the first step; null where it is learnt in steps.</summary>
    public HeadStart? Start { get; init; }

    /// <summary>Trains and returns the state to keep.</summary>
    /// <param name="train">Samples to learn from.</param>
    /// <param name="rows">Which of them an epoch meets, and in which order.</param>
    /// <param name="validation">Samples to watch.</param>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was learnt.</exception>
    public Selection Run(SampleTable train, EpochRows rows, SampleTable? validation)
    {
        if (!Resume() && Start is not null)
            SolveHead(Start);
        while (history.Count < plan.Epochs && !run.Cancellation.IsCancellationRequested
            && options.EarlyStoppingCriteria?.ShouldStop(Steps) != true)
        {
            if (Learn(train, rows, validation) is not { } epoch)
                break;
            history.Add(epoch);
            run.Report(epoch, options.BatchSize);
            if (options.EarlyStoppingCriteria is { RestoreBest: true } stopping && stopping.Best(Steps) == Steps.Count)
                best = new(learner.Snapshot(), right);
            Save();
        }
        if (learner.Steps == 0 && head is null)
            run.Cancellation.ThrowIfCancellationRequested();
        return Selection.Of(history, head, best, options, plan) ?? new(learner.Snapshot(), history.Count, WordsOfLast);
    }

    // Epochs that were learnt in steps.
    List<EpochMetrics> Steps => head is null ? history : history[1..];

    string? WordsOfLast => history.Count == 0 ? null : $"epoch {history.Count} of {plan.Epochs}, the last";

    void SolveHead(HeadStart start)
    {
        (head, var metrics) = start.Solve();
        learner.Restore(learner.Snapshot().Concat(head.State).GroupBy(pair => pair.Key, pair => pair.Value)
            .ToDictionary(group => group.Key, group => group.Last()), 0, learner.Updates);
        history.Add(metrics with { Phase = TrainingPlan.Head });
        run.Report(history[^1], options.BatchSize);
        Save();
    }

    // After the epoch counts, and with all that the next one needs: a run that is killed goes on from the last whole epoch.
    void Save() => checkpoints?.Save(new(learner.Steps, learner.Updates, history, learner.Snapshot(), best, head));

    bool Resume()
    {
        if (checkpoints?.Load() is not { } checkpoint)
            return false;
        learner.Restore(checkpoint.Now, checkpoint.Steps, checkpoint.Updates);
        history.AddRange(checkpoint.History);
        (best, head) = (checkpoint.Best, checkpoint.Head);
        // Callers see the same epochs as of a run that was not interrupted; schedules and early stopping read them too.
        history.ForEach(epoch => run.Report(epoch, options.BatchSize));
        return true;
    }

    // The next epoch; null when it was cancelled, or diverged from an earlier one that is kept.
    EpochMetrics? Learn(SampleTable train, EpochRows rows, SampleTable? validation)
    {
        var (epoch, started, tally) = (history.Count, clock.Elapsed, new Tally(feed.Classes));
        learner.Freeze(plan.FrozenAt(epoch));
        try
        {
            var rate = Learn(train, rows.Of(epoch), tally);
            // Gradients that wait for more batches must not wait for the next epoch: a checkpoint does not hold them.
            learner.Finish();
            if (!learner.IsFinite)
                throw Diverged("a weight became too large to compute with, or no number,", rate);
            var judged = validation is null || tally.Count == 0 ? null : Judge(validation);
            right = judged?.Right ?? [];
            if (tally.Count == 0)
                throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
            return new()
            {
                Epoch = epoch + 1,
                Loss = tally.Loss,
                Accuracy = tally.Accuracy,
                ValidationLoss = judged?.Loss,
                ValidationAccuracy = judged?.Accuracy,
                LearningRate = rate,
                Samples = tally.Count,
                Seconds = (clock.Elapsed - started).TotalSeconds,
                Phase = plan.NameOf(epoch),
            };
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            learner.Finish();
            return null;
        }
        catch (DivergedException diverged) when (best is not null || head is not null)
        {
            run.Warn($"{diverged.Message} The model of an epoch before is kept.");
            return null;
        }
    }

    // The learning rate of the last step.
    float Learn(SampleTable train, SampleDraw[] order, Tally tally)
    {
        var (epoch, started, rate) = (history.Count, clock.Elapsed, 0f);
        foreach (var batch in train.Read(epoch, Reading, order, run.Cancellation).Chunk(options.BatchSize))
        {
            rate = Learn(batch, train, order.Length, tally);
            run.Report(new TrainingProgress
            {
                Epoch = epoch + 1,
                Epochs = plan.Epochs,
                Samples = tally.Count,
                SamplesPerEpoch = order.Length,
                SamplesPerSecond = tally.Count / Math.Max(1e-9, (clock.Elapsed - started).TotalSeconds),
                Loss = tally.Loss,
                Accuracy = tally.Accuracy,
            });
        }
        return rate;
    }

    float Learn(Sample[] batch, SampleTable train, int samplesPerEpoch, Tally tally)
    {
        // The batch's place follows from the samples before it, all of whose batches were full: what is drawn needs no counter.
        var (epoch, place) = (history.Count, (int)(tally.Count / options.BatchSize));
        var step = learner.StepOf(batch.Length);
        feed.Fill(step, batch, train, epoch, place);
        var stepsPerEpoch = (samplesPerEpoch + options.BatchSize - 1) / options.BatchSize;
        var phase = plan.PhaseOf(epoch);
        var moment =
            // Of the samples that there are, not of those that could be read: what earlier epochs met need not be known.
            phase.MomentOf((long)epoch * stepsPerEpoch + place, stepsPerEpoch, history, options.BatchSize * options.GradientAccumulation);
        var rate = phase.Schedule.At(phase.Rate, moment);
        learner.Run(step, rate, phase.Schedule.MomentumAt(moment));
        options.Search?.Add(rate, step.Loss);
        // The step was made with it: only the weights of an earlier epoch are worth keeping.
        if (!float.IsFinite(step.Loss))
            throw Diverged($"the loss became {step.Loss}", rate);
        tally.Add(batch, step.Logits, step.Loss);
        return rate;
    }

    DivergedException Diverged(string found, float rate) =>
        new($"Training: {found} in epoch {history.Count + 1}, step {learner.Steps}. Make the learning rate ({rate}) smaller.");

    // Null when none of the samples can be read.
    Tally? Judge(SampleTable validation)
    {
        var tally = new Tally(feed.Classes);
        var scoring = learner.ScoringOf((int)Math.Clamp(validation.Count, 1, options.BatchSize));
        foreach (var batch in validation.Read(SampleTable.AsItIs, Reading, null, run.Cancellation).Chunk(options.BatchSize))
        {
            // Behind a smaller last batch lies what was there before; its scores are not looked at.
            BatchFeed.Fill(scoring.Image.Elements<float>(), batch, validation.Length);
            scoring.Run();
            tally.Add(batch, scoring.Logits);
        }
        return tally.Count == 0 ? null : tally;
    }

    RowReading Reading => run.Reading(ahead: Math.Max(1, 2 * options.BatchSize));
}
