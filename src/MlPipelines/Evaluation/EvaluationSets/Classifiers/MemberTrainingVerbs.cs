namespace MlPipelines;

/// <summary>Training of members on the context.</summary>
public static class MemberTrainingVerbs
{
    /// <summary>Trains members of some types on balanced draws of labelled pictures: of each type one on each draw. Draws that are
    /// searched with
    /// have no picture in common where there are enough; held-out ones are drawn and trained with other seeds.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="images">Rows with ImagePath, or a column Image of pictures of one size, and Label; not those that are asked about
    /// later.</param>
    /// <param name="training">Which, and how; null for S1's three types on ten draws of 5,000 and three held-out ones.</param>
    /// <returns>Named <c>TYPE-DRAW</c>; to be disposed of by the caller.</returns>
    /// <exception cref="ArgumentException">A class has too few pictures; the message names it.</exception>
    /// <exception cref="InvalidDataException">The workspace holds other members' trainings.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<EvaluationMember> TrainMembers(this MLContext ml, IDataView images, MemberTraining? training = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(images);
        training ??= new();
        var seed = training.Seed ?? ml.Data.Host().Seed();
        var types = Fitted(ml, images, training, seed);
        var members = new List<EvaluationMember>();
        try
        {
            foreach (var (number, draw, isHeldOut) in Draws(ml, images, training, seed))
                foreach (var (place, type) in types.Index())
                    members.Add(Train(new(images, draw, type, training, (int)(Dice.For(seed, number, place).Bits() >> 33)), number,
                        isHeldOut));
            return members;
        }
        catch
        {
            members.ForEach(member => member.Dispose());
            throw;
        }
    }

    // What standardises pixels is of all the pictures: of a small draw most directions are not known, which whitening would magnify without
    // bound. The network computes it, a batch at once: row by row a whitening matrix takes longer than the network.
    static ClassifierType[] Fitted(MLContext ml, IDataView images, MemberTraining training, int seed)
    {
        var loaded = images.Schema.FindText(RowSelection.PathColumn) is null ? images
            : ml.Transforms.LoadImages("Image", RowSelection.PathColumn, training.Side, training.Side).Fit(images).Transform(images);
        return [.. training.Types.Select(type => type with { Generator = type.Generator.Fit(loaded, seed: seed) })];
    }

    static IEnumerable<(int Number, IDataView Draw, bool IsHeldOut)> Draws(MLContext ml, IDataView images, MemberTraining training,
        int seed)
    {
        var least = ClassLabels.Of(images, "Label").Classes.Values.Select(rows => rows.Count).DefaultIfEmpty(0).Min();
        var classes = ClassLabels.Of(images, "Label").Classes.Count;
        var disjoint = least >= (training.Pictures + classes - 1) / Math.Max(classes, 1) * training.Draws;
        foreach (var (place, draw) in ml.Data.MiniSets(images, training.Pictures, training.Draws, disjoint, new() { Seed = seed }).Index())
            yield return (place + 1, draw, false);
        if (training.HeldOutDraws == 0)
            yield break;
        // Drawn anew from all pictures.
        var others = ml.Data.MiniSets(images, training.Pictures, training.HeldOutDraws, disjoint: false,
            new() { Seed = unchecked(seed + 1) });
        foreach (var (place, draw) in others.Index())
            yield return (training.Draws + place + 1, draw, true);
    }

    static ModelMember Train(MemberTask task, int number, bool isHeldOut)
    {
        task.Training.CancellationToken.ThrowIfCancellationRequested();
        var own = new MLContext(task.Seed);
        var (name, accuracy, seconds) = ($"{task.Type.Name}-{number}", 0.0, 0.0);
        var classes = ClassLabels.Of(task.Draw, "Label").Classes.Count;
        var training = task.Training;
        IEstimator<ITransformer> trainer = own.Transforms.GenerateImageData("Features", "Image", task.Type.Generator.OfPixels)
            .Append(own.MulticlassClassification.Trainers.ImageClassification(new()
            {
                Network = task.Type.Network(training.Side, classes),
                Optimizer = new Adam(training.LearningRate),
                LearningRateScheduler = new OneCycle(),
                EarlyStoppingCriteria = null,
                ValidationSetFraction = 0,
                Epoch = training.Epochs,
                BatchSize = training.BatchSize,
                FeatureColumnName = "Features",
                Seed = task.Seed,
                WorkspacePath = training.WorkspacePath is { } folder ? Path.Combine(folder, SafeFileName.Of(name)) : null,
                EpochCallback = epoch => (accuracy, seconds) = (epoch.Accuracy, seconds + epoch.Seconds),
                CancellationToken = training.CancellationToken,
            }));
        if (task.Images.Schema.FindText(RowSelection.PathColumn) is not null)
            trainer = own.Transforms.LoadImages("Image", RowSelection.PathColumn, training.Side, training.Side).Append(trainer);
        var model = trainer.Fit(task.Draw);
        // A training that is cancelled ends with what it has learnt so far, which is no member.
        training.CancellationToken.ThrowIfCancellationRequested();
        training.Steps?.Invoke($"trained {name}{(isHeldOut ? " (held out)" : "")} on {training.Pictures:N0} pictures in "
            + $"{seconds:0} s, {100 * accuracy:0.0} % of them right while it learnt");
        return new(own, name, model, task.Images.Schema, ownsModel: true) { Type = task.Type.Name, IsHeldOut = isHeldOut };
    }

    sealed record MemberTask(IDataView Images, IDataView Draw, ClassifierType Type, MemberTraining Training, int Seed);
}
