using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe train FOLDER.</summary>
static class TrainCommand
{
    static readonly TrainingSettings usual = new() { Folder = "" };

    public static Command Create(Terminal terminal)
    {
        var folder = CommandOptions.Path<string>("FOLDER",
            "Images, one sub-folder a class; or a zip, tar or tar.gz of such a folder; or a .csv or .tsv with the columns path and label.");
        var command = new Command("train",
            "Trains a network on a labelled folder, tests it and sorts its mistakes. Ctrl+C ends it with the model learnt so far.")
            {
                folder,
            };
        var options = new SettingOptions(command);
        AddData(options);
        var (epochs, batch, rate) = AddSteps(options);
        AddPlaces(options);
        AddWeights(options);
        AddCache(options);
        var (resume, search) = AddRuns(options);
        var augment = new AugmentOptions(command);
        var network = new NetworkOptions(command, augment.Chosen, epochs, batch, rate, search, resume);
        command.SetAction(parsed =>
        {
            var settings = options.Of(parsed, usual with { Folder = parsed.GetValue(folder)! });
            var augmentations = augment.Of(parsed, network.HasHead(parsed) ? [] : settings.Augmentations);
            return TrainingRun.Start(terminal, network.Of(parsed, settings with { Augmentations = augmentations }));
        });
        return command;
    }

    static void AddData(SettingOptions options)
    {
        options.Add(CommandOptions.Folder("--validation", "Images to watch while training; without it a tenth of each class of FOLDER."),
            (settings, folder) => settings with { Validation = folder });
        options.Add(CommandOptions.Folder("--test", "Images to test the model with; without it a fifth of each class of FOLDER."),
            (settings, folder) => settings with { Test = folder });
    }

    static (Option Epochs, Option Batch, Option Rate) AddSteps(SettingOptions options)
    {
        var epochs = options.Add(
            CommandOptions.Number("--epochs", "The most times that training goes through the images.", usual.Epochs, 1),
            (settings, epochs) => settings with { Epochs = epochs });
        var batch = options.Add(CommandOptions.Number("--batch", "Images in a step.", usual.Batch, 1, 65536),
            (settings, batch) => settings with { Batch = batch });
        var rate = options.Add(CommandOptions.Positive("--learning-rate", "Step size; without it the optimizer's own."),
            (settings, rate) => settings with { LearningRate = rate });
        options.Add(CommandOptions.Within("--size",
            $"Width and height that images are brought to, in pixels; without it those of the network, or {TrainingSettings.UsualSize}.",
            8, 4096), (settings, size) => settings with { Size = size });
        options.Add(CommandOptions.Number("--seed", "Equal seeds give equal models.", usual.Seed, 0),
            (settings, seed) => settings with { Seed = seed });
        options.Add(CommandOptions.Number("--workers", "Threads that load images.", Environment.ProcessorCount, 1, 1024),
            (settings, workers) => settings with { Workers = workers });
        return (epochs, batch, rate);
    }

    static void AddPlaces(SettingOptions options)
    {
        options.Add(CommandOptions.Folder("--output", "The folder of runs.", usual.Output),
            (settings, folder) => settings with { Output = folder });
        options.Add(CommandOptions.Text("--name", "Name of the run's folder; without it that of FOLDER.", "NAME"),
            (settings, name) => settings with { Name = name });
        options.Add(CommandOptions.Device(), (settings, device) => settings with { Device = device });
        options.Add(CommandOptions.Strict(), (settings, strict) => settings with { Strict = strict });
    }

    static void AddWeights(SettingOptions options)
    {
        options.Add(CommandOptions.Choice<ClassWeighting>("--weights",
            "How much the images of each class count: none, balanced (small classes as much as large ones) or squareroot (half of the "
                + "way).",
            "KIND"), (settings, weighting) => settings with { Weighting = weighting ?? settings.Weighting });
        options.Add(new Option<bool>("--balanced-batches")
        {
            Description = "Let every step learn from all classes equally often; images of small classes are repeated.",
        }, (settings, isBalanced) => settings with { Sampling = isBalanced ? BatchSampling.ClassBalanced : settings.Sampling });
    }

    static void AddCache(SettingOptions options)
    {
        options.Add(CommandOptions.Folder("--cache",
            "Where decoded images are kept, so that later epochs and runs are faster; at most 4 GiB. Without it a folder of your own "
            + "application data."), (settings, folder) => settings with { CacheFolder = folder });
        options.Add(new Option<bool>("--no-cache") { Description = "Decode each image anew in every epoch." },
            (settings, isWithout) => settings with { Cache = !isWithout });
    }

    static (Option Resume, Option Search) AddRuns(SettingOptions options)
    {
        var resume = options.Add(
            new Option<bool>("--resume") { Description = "Go on where an earlier run of the same name and options was stopped." },
            (settings, resume) => settings with { Resume = resume });
        var search = options.Add(new Option<bool>("--find-learning-rate")
        {
            Description = "Do not train; try rising learning rates for 100 steps, suggest one and leave the curve in the run's folder.",
        }, (settings, search) => settings with { FindLearningRate = search });
        options.Add(
            CommandOptions.Share("--label-smoothing", "Fraction of each target that is spread over all classes.", usual.LabelSmoothing),
            (settings, smoothing) => settings with { LabelSmoothing = (float)smoothing });
        options.Add(CommandOptions.Text("--from",
            "Start from the weights and classes of a model that an earlier train left, with the same --network and --head; images of new "
            + "classes may have come.", "MODEL"), (settings, model) => settings with { From = model });
        return (resume, search);
    }
}
