namespace MlPipelines;

/// <summary>One training: epochs of steps, validation after each, the best or the last state at the end.</summary>
/// <param name="learner">What learns.</param>
/// <param name="plan">What is learnt when, and how fast.</param>
/// <param name="feed">Writes what a step reads.</param>
/// <param name="options">How it is learnt.</param>
/// <param name="run">Where, and who is told.</param>
/// <param name="checkpoints">Where its state is kept on the way; null for nowhere.</param>
sealed class TrainingLoop(Learner learner, TrainingPlan plan, BatchFeed feed, LearningOptions options, TrainingRun run,
    CheckpointFolder? checkpoints)
{
    readonly List<EpochMetrics> history = [];
    KeptState? best, head;
    BegunEpoch? begun;
    // Whether there are epochs behind the last checkpoint.
    bool isBehind;
    WatchedFiles? files;
    IReadOnlyList<bool> right = [];

    /// <summary>The pictures that samples are made of, whose contents checkpoints know; null where there are no checkpoints.</summary>
    public ReadFiles? Read { get; init; }

    /// <summary>What solves the classifier before the first step; null where it is learnt in steps.</summary>
    public HeadStart? Start { get; init; }

    /// <summary>Trains and returns the state to keep.</summary>
    /// <param name="train">Samples to learn from.</param>
    /// <param name="rows">Which of them an epoch meets, and in which order.</param>
    /// <param name="validation">Samples to watch.</param>
    /// <exception cref="OperationCanceledException">It was cancelled before anything was learnt.</exception>
    public Selection Run(SampleTable train, EpochRows rows, SampleTable? validation)
    {
        files = new(train);
        if (Read is not null)
            (train, validation) = (Read.Noting(train), validation is null ? null : Read.Noting(validation));
        if (!Resume() && Start is not null)
            SolveHead(Start);
        while (!HasEnded)
        {
            if (Learn(train, rows, validation) is not { } epoch)
                break;
            history.Add(epoch);
            run.TellOfOthers();
            run.Report(epoch, options.BatchSize);
            if (options.EarlyStoppingCriteria is { RestoreBest: true } stopping && stopping.Best(Steps) == Steps.Count)
                best = new(learner.Snapshot(), right);
            isBehind = !HasEnded && checkpoints is { IsDear: true };
            if (!isBehind)
                Save();
        }
        if (learner.Steps == 0 && head is null)
            run.Cancellation.ThrowIfCancellationRequested();
        return Selection.Of(history, head, best, options, plan) ?? new(learner.Snapshot(), history.Count, WordsOfLast);
    }

    bool HasEnded => history.Count >= plan.Epochs || run.Cancellation.IsCancellationRequested
        || options.EarlyStoppingCriteria?.ShouldStop(Steps) == true;

    // Epochs that were learnt in steps.
    List<EpochMetrics> Steps => head is null ? history : history[1..];

    string? WordsOfLast => history.Count == 0 ? null : $"epoch {history.Count} of {plan.Epochs}, the last";

    void SolveHead(HeadStart start)
    {
        (head, var metrics) = start.Solve();
        Read?.NoteAll(Reading, run.Cancellation);
        learner.Restore(learner.Snapshot().Concat(head.State).GroupBy(pair => pair.Key, pair => pair.Value)
            .ToDictionary(group => group.Key, group => group.Last()), learner.Position);
        history.Add(metrics with { Phase = TrainingPlan.Head });
        run.Report(history[^1], options.BatchSize);
        Save();
    }

    // After the epoch counts, and with all that the next step needs: a run that is killed goes on from here. One that cannot be written
    // ends no training, which is worth more than it.
    void Save(BegunEpoch? begun = null)
    {
        try
        {
            checkpoints?.Save(() => new(learner.Position, learner.Snapshot(), history, begun, best, head)
            {
                Files = Read?.ToBytes() ?? [],
            });
        }
        catch (IOException exception)
        {
            run.Warn($"{exception.Message} Training goes on without this checkpoint: until one is written, a run that is stopped goes on "
                + "from the one before, if there is one.");
        }
    }

    bool Resume()
    {
        if (Loaded() is not { } checkpoint)
            return false;
        learner.Restore(checkpoint.Now, run.Ranks.IsFirst ? checkpoint.Position : checkpoint.Position.WithoutSums());
        history.AddRange(checkpoint.History);
        (best, head, begun) = (checkpoint.Best, checkpoint.Head, checkpoint.Begun);
        // Callers see the same epochs as of a run that was not interrupted; schedules and early stopping read them too.
        history.ForEach(epoch => run.Report(epoch, options.BatchSize));
        return true;
    }

    // Of several processes only the first has the folder. Sums of gradients that wait are all its own then.
    Checkpoint? Loaded()
    {
        var own = checkpoints?.Load(before => Read?.Changed(before, Reading, run.Cancellation) ?? []);
        return run.Ranks.AreSeveral ? CheckpointFolder.Shared(run.Ranks, own) : own;
    }

    // The next epoch; null when it was cancelled, or diverged from an earlier one that is kept.
    EpochMetrics? Learn(SampleTable train, EpochRows rows, SampleTable? validation)
    {
        var (number, epoch) = (history.Count, new EpochInWork(feed.Classes, begun));
        begun = null;
        learner.Freeze(plan.FrozenAt(number));
        try
        {
            var tally = epoch.Tally;
            Learn(train, rows.Of(number), epoch);
            // Gradients that wait for more batches must not wait for the next epoch.
            learner.Finish();
            if (!learner.IsFinite)
                throw Diverged("a weight became too large to compute with, or no number,", epoch.Rate);
            var judged = validation is null || tally.Count == 0 ? null : Judge(validation);
            right = judged?.Right ?? [];
            if (tally.Count == 0)
                throw new InvalidDataException("Training: none of the images can be read. The log names each with its reason.");
            return new()
            {
                Epoch = number + 1,
                Loss = tally.Loss,
                Accuracy = tally.Accuracy,
                ValidationLoss = judged?.Loss,
                ValidationAccuracy = judged?.Accuracy,
                LearningRate = epoch.Rate,
                Samples = tally.Count,
                Seconds = epoch.Seconds,
                Phase = plan.NameOf(number),
            };
        }
        catch (OperationCanceledException) when (run.Cancellation.IsCancellationRequested)
        {
            // Before gradients that wait are learnt from: that is for the model that is kept now, and not for the run that goes on.
            if (epoch.Taken > 0 || isBehind)
                Save(epoch.Now);
            learner.Finish();
            return null;
        }
        catch (DivergedException diverged) when (best is not null || head is not null)
        {
            run.Warn($"{diverged.Message} The model of an epoch before is kept.");
            return null;
        }
    }

    // The rest of an epoch. Its batches up to where it stands were full, so that the next one begins there.
    void Learn(SampleTable train, SampleDraw[] order, EpochInWork epoch)
    {
        var (number, passed, tally) = (history.Count, epoch.Taken, epoch.Tally);
        var isStopped = false;
        foreach (var (batch, end) in SharedBatches.Of(run.Ranks, new(order, passed, order.Length - passed), options.BatchSize,
            rows => train.Read(number, Reading, rows, run.Cancellation)))
        {
            foreach (var sample in batch)
                if (files?.Change(order[passed + sample.Turn].Place) is { } change)
                    run.Warn(change);
            var (rate, isAsked) = Learn(batch, train, order.Length, tally);
            epoch.Pass(passed + end - 1, rate);
            // Sums of gradients lie divided over the processes: one that goes on from here is to find none.
            var isWhole = !run.Ranks.AreSeveral || learner.IsBetweenUpdates;
            if (isWhole && checkpoints?.IsDue(learner.Steps) == true)
                Save(epoch.Now);
            isStopped |= isAsked;
            if (isStopped && isWhole)
                // Here and not where a picture is read next, which some processes have none of.
                run.Ranks.Stop();
            run.Report(new TrainingProgress
            {
                Epoch = number + 1,
                Epochs = plan.Epochs,
                Samples = tally.Count,
                SamplesPerEpoch = order.Length,
                SamplesPerSecond = tally.Count / Math.Max(1e-9, epoch.Seconds),
                Loss = tally.Loss,
                Accuracy = tally.Accuracy,
            });
        }
    }

    // The learning rate of the step, and whether a process was asked to stop.
    (float Rate, bool IsAsked) Learn(Sample[] batch, SampleTable train, int samplesPerEpoch, Tally tally)
    {
        // The batch's place follows from the samples before it, all of whose batches were full: what is drawn needs no counter.
        var (epoch, place) = (history.Count, (int)(tally.Count / options.BatchSize));
        var step = batch.Length == 0 ? null : learner.StepOf(batch.Length);
        feed.Fill(step, batch, train, epoch, place);
        var stepsPerEpoch = (samplesPerEpoch + options.BatchSize - 1) / options.BatchSize;
        var phase = plan.PhaseOf(epoch);
        var moment =
            // Of the samples that there are, not of those that could be read: what earlier epochs met need not be known.
            phase.MomentOf((long)epoch * stepsPerEpoch + place, stepsPerEpoch, history, options.BatchSize * options.GradientAccumulation);
        var rate = phase.Schedule.At(phase.Rate, moment);
        learner.Run(step, rate, phase.Schedule.MomentumAt(moment));
        var own = new Tally(feed.Classes);
        if (step is not null)
            own.Add(batch, step.Logits, step.Loss);
        var (all, isAsked) = run.Ranks.Together(own);
        var loss = run.Ranks.AreSeveral || step is null ? (float)all.Loss : step.Loss;
        options.Search?.Add(rate, loss);
        // The step was made with it: only the weights of an earlier epoch are worth keeping.
        if (!float.IsFinite(loss) && all.Count > 0)
            throw Diverged($"the loss became {loss}", rate);
        tally.Add(all);
        return (rate, isAsked);
    }

    DivergedException Diverged(string found, float rate) =>
        new($"Training: {found} in epoch {history.Count + 1}, step {learner.Steps}. Make the learning rate ({rate}) smaller.");

    // Null when none of the samples can be read.
    Tally? Judge(SampleTable validation)
    {
        var tally = new Tally(feed.Classes);
        var scoring = learner.ScoringOf((int)Math.Clamp(validation.Count, 1, options.BatchSize));
        var (from, to) = run.Ranks.ShareOf(validation.Count);
        SampleDraw[]? share = run.Ranks.AreSeveral ? [.. Enumerable.Range(from, to - from).Select(place => new SampleDraw(place))] : null;
        foreach (var batch in validation.Read(SampleTable.AsItIs, Reading, share, run.Cancellation).Chunk(options.BatchSize))
        {
            // Behind a smaller last batch lies what was there before; its scores are not looked at.
            BatchFeed.Fill(scoring.Image.Elements<float>(), batch, validation.Length);
            scoring.Run();
            tally.Add(batch, scoring.Logits);
        }
        var all = run.Ranks.Judged(tally);
        return all.Count == 0 ? null : all;
    }

    RowReading Reading => run.Reading(ahead: Math.Max(1, 2 * options.BatchSize));
}
