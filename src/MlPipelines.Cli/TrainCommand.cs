using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe train FOLDER.</summary>
static class TrainCommand
{
    public static Command Create(Terminal terminal)
    {
        var settings = new TrainingSettings { Folder = "" };
        var folder = CommandOptions.Path<string>("FOLDER", "Images, one sub-folder a class; or a zip, tar or tar.gz of such a folder; or a .csv or .tsv with the columns path and label.");
        var validation = CommandOptions.Folder("--validation", "Images to watch while training; without it a tenth of each class of FOLDER.");
        var test = CommandOptions.Folder("--test", "Images to test the model with; without it a fifth of each class of FOLDER.");
        var epochs = CommandOptions.Number("--epochs", "The most times that training goes through the images.", settings.Epochs, 1);
        var batch = CommandOptions.Number("--batch", "Images in a step.", settings.Batch, 1, 65536);
        var rate = CommandOptions.Positive("--learning-rate", "Step size; without it the optimizer's own.");
        var size = CommandOptions.Within("--size", $"Width and height that images are brought to, in pixels; without it those of the network, or {TrainingSettings.UsualSize}.", 8, 4096);
        var seed = CommandOptions.Number("--seed", "Equal seeds give equal models.", settings.Seed, 0);
        var workers = CommandOptions.Number("--workers", "Threads that load images.", Environment.ProcessorCount, 1, 1024);
        var output = CommandOptions.Folder("--output", "The folder of runs.", settings.Output);
        var name = CommandOptions.Text("--name", "Name of the run's folder; without it that of FOLDER.", "NAME");
        var device = CommandOptions.Device();
        var strict = CommandOptions.Strict();
        var weights = CommandOptions.Choice<ClassWeighting>("--weights", "How much the images of each class count: none, balanced (small classes as much as large ones) or squareroot (half of the way).", "KIND");
        var balanced = new Option<bool>("--balanced-batches") { Description = "Let every step learn from all classes equally often; images of small classes are repeated." };
        var cache = CommandOptions.Folder("--cache", "Where decoded images are kept, so that later epochs and runs are faster; at most 4 GiB. Without it a folder of your own application data.");
        var uncached = new Option<bool>("--no-cache") { Description = "Decode each image anew in every epoch." };
        var resume = new Option<bool>("--resume") { Description = "Go on where an earlier run of the same name and options was stopped." };
        var search = new Option<bool>("--find-learning-rate") { Description = "Do not train; try rising learning rates for 100 steps, suggest one and leave the curve in the run's folder." };
        var command = new Command("train", "Trains a network on a labelled folder, tests it and sorts its mistakes. Ctrl+C ends it with the model learnt so far.")
        {
            folder, validation, test, epochs, batch, rate, size, seed, workers, output, name, device, strict, weights, balanced, cache, uncached, resume, search,
        };
        var smoothing = CommandOptions.Share("--label-smoothing", "Fraction of each target that is spread over all classes.", settings.LabelSmoothing);
        var from = CommandOptions.Text("--from", "Start from the weights and classes of a model that an earlier train left, with the same --network and --head; images of new classes may have come.", "MODEL");
        command.Options.Add(smoothing);
        command.Options.Add(from);
        var augment = new AugmentOptions(command);
        var network = new NetworkOptions(command, augment.Chosen, epochs, batch, rate, search, resume);
        command.SetAction(parsed => TrainingRun.Start(terminal, network.Of(parsed, new()
        {
            Folder = parsed.GetValue(folder)!,
            Validation = parsed.GetValue(validation),
            Test = parsed.GetValue(test),
            Epochs = parsed.GetValue(epochs),
            Batch = parsed.GetValue(batch),
            LearningRate = parsed.GetValue(rate),
            Size = parsed.GetValue(size),
            Seed = parsed.GetValue(seed),
            Workers = parsed.GetValue(workers),
            Output = parsed.GetValue(output)!,
            Name = parsed.GetValue(name),
            Device = parsed.GetValue(device)!,
            Strict = parsed.GetValue(strict),
            Augmentations = augment.Of(parsed, network.HasHead(parsed) ? [] : settings.Augmentations),
            Weighting = parsed.GetValue(weights) ?? settings.Weighting,
            Sampling = parsed.GetValue(balanced) ? BatchSampling.ClassBalanced : settings.Sampling,
            Cache = !parsed.GetValue(uncached),
            CacheFolder = parsed.GetValue(cache),
            Resume = parsed.GetValue(resume),
            FindLearningRate = parsed.GetValue(search),
            LabelSmoothing = (float)parsed.GetValue(smoothing),
            From = parsed.GetValue(from),
        })));
        return command;
    }
}
