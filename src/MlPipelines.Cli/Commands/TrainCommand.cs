using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe train FOLDER.</summary>
static class TrainCommand
{
    static readonly TrainingSettings defaults = new();

    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<TrainingSettings>("train",
            "Trains a network on a labelled folder, tests it and sorts its mistakes. Ctrl+C ends it with the model learnt so far.",
            defaults, settings => SharedTraining.Run(terminal, settings))
        {
            { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
        };
        command.Add(OptionKinds.Text(PipelineFile.Option,
            "Run again what the pipeline.json of an earlier run says; FOLDER and options that are given beside it go before it.", "FILE"),
            (settings, file) => settings with { Pipeline = file });
        AddOptions(command);
        return command;
    }

    /// <summary>mlpipe run FILE: the same as train --pipeline FILE, by which it is replaced before it is called.</summary>
    public static Command CreateRun(Terminal terminal)
    {
        var command = new SettingsCommand<TrainingSettings>(PipelineFile.RunAgain,
            "Runs again what the pipeline.json of an earlier run says, to the same bits where data, network and packages are the same.",
            defaults, settings => SharedTraining.Run(terminal, settings))
        {
            {
                OptionKinds.Path("FILE", "The pipeline.json of a run; options that are given beside it go before it."),
                (settings, file) => settings with { Pipeline = file }
            },
        };
        AddOptions(command);
        return command;
    }

    static void AddOptions(SettingsCommand<TrainingSettings> command)
    {
        command.Note((parsed, settings) => settings with { Given = PipelineFile.Given(parsed) });
        var share = AddData(command);
        var (epochs, batch, rate) = AddSteps(command);
        AddPlaces(command);
        AddWeights(command);
        AddCache(command);
        var (resume, search) = AddRuns(command);
        var augment = AugmentationOptions.Chosen();
        command.Add(AugmentationOptions.With(augment), (settings, chosen) => settings with { ChosenAugmentations = chosen });
        PretrainedNetworkOptions.Add(command, augment, epochs, batch, rate, search, resume, share);
    }

    static Option<double?> AddData(SettingsCommand<TrainingSettings> command)
    {
        var validation = command.Add(
            OptionKinds.Folder("--validation", "Images to watch while training; without it a tenth of each class of FOLDER."),
            (settings, folder) => settings with { Validation = folder });
        var share = command.Add(OptionKinds.OptionalShare("--validation-share", "Share of each class of what is not tested with to watch "
            + "while training, in place of a tenth of all; fewer leave more to learn from, more choose an epoch with less chance."),
            (settings, share) => settings with { WatchedShare = share });
        command.Check(result => result.GetResult(validation) is { Implicit: false } && result.GetResult(share) is { Implicit: false }
            ? "--validation, --validation-share: got both, needs at most one of them." : null);
        command.Add(OptionKinds.Folder("--test", "Images to test the model with; without it a fifth of each class of FOLDER."),
            (settings, folder) => settings with { Test = folder });
        command.Add(TableOptions.GroupBy(), (settings, groups) => settings with { GroupBy = groups });
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return share;
    }

    static (Option Epochs, Option Batch, Option Rate) AddSteps(SettingsCommand<TrainingSettings> command)
    {
        var epochs = command.Add(SharedOptions.Epochs(defaults.Epochs), (settings, epochs) => settings with { Epochs = epochs });
        var batch = command.Add(OptionKinds.Number("--batch", "Images in a step.", defaults.Batch, 1, 65536),
            (settings, batch) => settings with { Batch = batch });
        var rate = command.Add(OptionKinds.Positive("--learning-rate", "Step size; without it the optimizer's own."),
            (settings, rate) => settings with { LearningRate = rate });
        command.Add(OptionKinds.OptionalNumber("--size",
            $"Width and height that images are brought to, in pixels; without it those of the network, or {TrainingSettings.DefaultSize}.",
            8, 4096), (settings, size) => settings with { Size = size });
        command.Add(SharedOptions.Resizing(), (settings, resizing) => settings with { Resizing = resizing });
        command.Add(SharedOptions.Seed("Equal seeds give equal models."), (settings, seed) => settings with { Seed = seed });
        command.Add(SharedOptions.Workers(), (settings, workers) => settings with { Workers = workers });
        return (epochs, batch, rate);
    }

    static void AddPlaces(SettingsCommand<TrainingSettings> command)
    {
        command.Add(SharedOptions.RunsFolder(defaults.Output), (settings, folder) => settings with { Output = folder! });
        command.Add(OptionKinds.Text("--name", "Name of the run's folder; without it that of FOLDER.", "NAME"),
            (settings, name) => settings with { Name = name });
        command.Add(SharedOptions.Device(), (settings, device) => settings with { Device = device });
        command.Add(BadFiles.Fail(), (settings, fail) => settings with { FailOnBadFiles = fail });
    }

    static void AddWeights(SettingsCommand<TrainingSettings> command)
    {
        command.Add(OptionKinds.Choice<ClassWeighting>("--weights",
            "How much the images of each class count: none, balanced (small classes as much as large ones) or squareroot (half of the "
                + "way).",
            "KIND"), (settings, weighting) => settings with { Weighting = weighting ?? settings.Weighting });
        command.Add(new Option<bool>("--balanced-batches")
        {
            Description = "Let every step learn from all classes equally often; images of small classes are repeated.",
        }, (settings, isBalanced) => settings with { Sampling = isBalanced ? BatchSampling.ClassBalanced : settings.Sampling });
    }

    static void AddCache(SettingsCommand<TrainingSettings> command)
    {
        command.Add(OptionKinds.Output("--cache",
            "Where decoded images are kept, so that later epochs and runs are faster; at most 4 GiB. Without it a folder of your own "
            + "application data."), (settings, folder) => settings with { CacheFolder = folder });
        command.Add(new Option<bool>("--no-cache") { Description = "Decode each image anew in every epoch." },
            (settings, isWithout) => settings with { Cache = !isWithout });
    }

    static (Option Resume, Option Search) AddRuns(SettingsCommand<TrainingSettings> command)
    {
        var resume = command.Add(
            new Option<bool>("--resume") { Description = "Go on where an earlier run of the same name and options was stopped." },
            (settings, resume) => settings with { Resume = resume });
        command.Add(new Option<bool>("--dry-run")
        {
            Description = "Say what would be learnt from what, in how many steps, and where it would be written; write nothing.",
        }, (settings, dry) => settings with { DryRun = dry });
        command.Add(OptionKinds.OptionalNumber("--checkpoint-steps",
            "Steps after which a checkpoint is written, for --resume to go on from; there is one after each epoch anyway.", 1),
            (settings, steps) => settings with { CheckpointSteps = steps });
        command.Add(SharedOptions.JsonLines("each epoch, the test, the run, a learning rate that was looked for"),
            (settings, json) => settings with { WritesJson = json });
        command.Add(OptionKinds.Output("--tensorboard", "Also write the epochs there as TensorBoard reads them, a folder a run."),
            (settings, place) => settings with { TensorBoard = place });
        command.Add(OptionKinds.Positive("--checkpoint-seconds",
            $"Seconds after which a checkpoint is written; without it {defaults.CheckpointSeconds}, or more where one takes long."),
            (settings, seconds) => settings with { CheckpointSeconds = seconds ?? settings.CheckpointSeconds });
        var search = command.Add(new Option<bool>("--find-learning-rate")
        {
            Description = "Do not train; try rising learning rates for 100 steps, suggest one and leave the curve in the run's folder.",
        }, (settings, search) => settings with { FindLearningRate = search });
        command.Add(new Option<bool>("--before-training")
        {
            Description = "Also test the network before it learns, with the images it is tested with afterwards.",
        }, (settings, before) => settings with { BeforeTraining = before });
        command.Add(
            OptionKinds.Share("--label-smoothing", "Fraction of each target that is spread over all classes.", defaults.LabelSmoothing),
            (settings, smoothing) => settings with { LabelSmoothing = (float)smoothing });
        command.Add(new Option<bool>("--synchronized-normalization")
        {
            Description = "Under MPI, take the statistics of batch normalisations over all processes' images, and not over each one's own.",
        }, (settings, synchronized) => settings with { SynchronizedNormalization = synchronized });
        command.Add(OptionKinds.Text("--from",
            "Start from the weights and classes of a model that an earlier train left, with the same --network and --head; images of new "
            + "classes may have come.", "MODEL"), (settings, model) => settings with { From = model });
        return (resume, search);
    }
}
