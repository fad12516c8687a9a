using System.CommandLine;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>Arguments and options that several commands have.</summary>
static class SharedOptions
{
    public const int DefaultSeed = 1;

    /// <summary>A folder of images alone.</summary>
    public static Argument<string> LabelledFolder() => OptionKinds.Path("FOLDER", "Images, one sub-folder a class.");

    /// <summary>A folder of images, or what else can hold them.</summary>
    public static Argument<string> LabelledImages() => OptionKinds.Path("FOLDER",
        "Images, one sub-folder a class; or a zip, tar or tar.gz of such a folder; or a .csv or .tsv with the columns path and label.");

    public static Option<Device> Device()
    {
        var option = OptionKinds.Parsed("--device", "Where networks run: cpu, cuda, cuda:N, webgpu, directml, directml:N, coreml.",
            "DEVICE", Execution.Device.Parse);
        option.DefaultValueFactory = _ => Execution.Device.Cpu;
        return option;
    }

    public static Option<int> Seed(string description) => OptionKinds.Number("--seed", description, DefaultSeed, 0);

    public static Option<int> Workers() =>
        OptionKinds.Number("--workers", "Threads that load images.", Environment.ProcessorCount, 1, 1024);

    /// <summary>--resizing.</summary>
    public static Option<ResizingKind?> Resizing() => OptionKinds.Parsed<ResizingKind?>("--resizing",
        "How images of another shape are brought to the size: crop keeps the middle and cuts off what sticks out, pad keeps all of them "
            + "between black bars, stretch squeezes them. Without it what the network was trained with, or else "
            + $"{ResizingText.Of(ResizingText.Default)}, or pad where that would cut away more than a third of many images, or where a "
            + "whole network is fine-tuned in 200 steps or more.",
            "crop|pad|stretch", ResizingText.Parse);

    public static Option<int> Epochs(int fallback) =>
        OptionKinds.Number("--epochs", "The most times that training goes through the images.", fallback, 1);

    public static Option<OutputPlace?> RunsFolder(OutputPlace fallback) =>
        OptionKinds.Output(OutputPlace.UsualOption, "The folder of runs.", fallback: fallback.Path);

    /// <summary>--reject-below: images of low scores are answered with 'unknown'.</summary>
    public static Option<float?> RejectBelow() => OptionKinds.Converted<float?>("--reject-below", "X",
        $"Answer '{RejectOption.UsualUnknown}' for an image whose best score is below X.", value => value is > 0 and <= 1,
        "a number of more than 0, at most 1");

    public static Option<OutputPlace?> NewFolder()
    {
        var option = OptionKinds.Output(OutputPlace.UsualOption, "The new folder that is written; it must not hold anything yet.");
        option.Required = true;
        return option;
    }

    public static Option<OutputPlace?> PictureFile(string fallback) =>
        OptionKinds.Output(OutputPlace.UsualOption, "The picture, .png or .jpg; one of that name is replaced.", "FILE", fallback);

    /// <summary>--json of a command that tells of its work in several objects.</summary>
    /// <param name="events">What there is an object of.</param>
    public static Option<bool> JsonLines(string events) => new("--json")
    {
        Description = $"Results as JSON, one object a line, for machines: {events}; what is for people goes to the error stream.",
    };

    /// <summary>--format, or --json or --csv for short; null where the command line says nothing.</summary>
    public static Alternatives<OutputFormat?> Format(string json, string csv) =>
        new Alternatives<OutputFormat?>(null)
            .Or(OptionKinds.Choice<OutputFormat>("--format", "How results are written: text for people, csv or json.", "text|csv|json"))
            .Or(new("--json") { Description = json }, OutputFormat.Json).Or(new("--csv") { Description = csv }, OutputFormat.Csv);
}

/// <summary>How results are printed.</summary>
enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>Comma-separated.</summary>
    Csv,
}
