using System.Collections.Immutable;
using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe explain invert MODEL IMAGES….</summary>
static class ExplainInvertCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("invert",
            "Restores images from what layers give for them: what the network keeps; with exit code 1 when one could not be read.", new(),
            settings => Run(terminal, settings))
        {
            new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
            { ExplainedImages.Argument(), (settings, images) => settings with { Images = images } },
            {
                Required(OptionKinds.Text("--layers", "The layers, with commas between: names of 'explain layers'.", "A,B").NotBlank()),
                (settings, layers) => settings with { Layers = layers?.Split(',', StringSplitOptions.TrimEntries) ?? [] }
            },
            { SharedOptions.PictureFile("inversions.png"), (settings, output) => settings with { Output = output! } },
        };
        ImageOptimizationSettings.Add(command, new InversionOptions(),
            (settings, change) => settings with { Search = change(settings.Search) });
        return command;
    }

    static int Run(Terminal terminal, Settings settings)
    {
        using var explainer = settings.Model.Explain(terminal);
        var images = ExplainedImages.Read(terminal, explainer, settings.Images, settings.Output);
        var options = settings.Search.On(new InversionOptions());
        // A layer that is not there is said before the first one is worked on.
        explainer.Features(images.Images[0], settings.Layers);
        var batches = (images.Images.Count + NetworkExplainer.ImagesAtOnce - 1) / NetworkExplainer.ImagesAtOnce;
        var found = new List<ImmutableArray<Inversion>>();
        foreach (var layer in settings.Layers)
            found.Add(terminal.Watch(layer, (long)batches * options.Steps,
                bar => explainer.Invert(images.Images, layer, options, bar.Counting(layer), terminal.Cancellation), unit: "steps"));
        var sheet = explainer.SaveInversions(images.Images, [.. found], settings.Output.Path);
        terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        return ExitCode.Of(images.Failed == 0);
    }

    static Option<string> Required(Option<string> option)
    {
        option.Required = true;
        return option;
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string[] Images { get; init; } = [];
        public string[] Layers { get; init; } = [];
        public ImageOptimizationSettings Search { get; init; } = new();
        public OutputPlace Output { get; init; } = null!;
    }
}
