using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe explain layers MODEL IMAGES….</summary>
static class ExplainLayersCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("layers",
        "Lists the layers of a model with the shapes that they give for one image; with --layers draws their maps; with exit code 1 when "
            + "an image could not be read.", new(),
        settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        { NoneOrMore(ExplainedImages.Argument()), (settings, images) => settings with { Images = images } },
        {
            OptionKinds.Text("--layers", "The layers whose maps are drawn, with commas between: names of the list.", "A,B").NotBlank(),
            (settings, layers) => settings with { Layers = layers?.Split(',', StringSplitOptions.TrimEntries) ?? [] }
        },
        {
            OptionKinds.OptionalNumber("--maps", "How many maps of each layer are drawn, from the first on; all without it.", 1),
            (settings, count) => settings with { Mosaic = settings.Mosaic with { Count = count } }
        },
        {
            OptionKinds.OptionalNumber("--columns", "Maps in a row; the least square that holds all without it.", 1),
            (settings, columns) => settings with { Mosaic = settings.Mosaic with { Columns = columns } }
        },
        {
            new Option<bool>("--scale-each") { Description = "Scale each map by its own least and greatest number, not by its layer's." },
            (settings, each) => settings with { Mosaic = settings.Mosaic with { ScalesEach = each } }
        },
        {
            OptionKinds.Choice<ColourMap>("--colours", "The colours of the numbers, grey without it.", "grey|viridis|jet"),
            (settings, colours) => settings with { Mosaic = settings.Mosaic with { Colours = colours ?? ColourMap.Grey } }
        },
        { SharedOptions.PictureFile("layers.png"), (settings, output) => settings with { Output = output! } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        using var explainer = settings.Model.Explain(terminal);
        if (settings.Layers.Length == 0)
        {
            foreach (var layer in explainer.Layers)
                terminal.Line(DisplayText.Visible(layer.ToString()));
            if (settings.Images.Length > 0)
                terminal.Error("Name some of these with --layers to draw what they give for the images.");
            return ExitCode.Success;
        }
        if (settings.Images.Length == 0)
            throw new InvalidDataException("--layers: needs images to draw maps of. Name some behind the model.");
        var images = ExplainedImages.Read(terminal, explainer, settings.Images, settings.Output);
        var sheet = explainer.SaveLayers(images.Images, settings.Layers, settings.Output.Path, settings.Mosaic);
        terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        return ExitCode.Of(images.Failed == 0);
    }

    static Argument<string[]> NoneOrMore(Argument<string[]> images)
    {
        images.Arity = ArgumentArity.ZeroOrMore;
        return images;
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string[] Images { get; init; } = [];
        public string[] Layers { get; init; } = [];
        public MosaicOptions Mosaic { get; init; } = new();
        public OutputPlace Output { get; init; } = null!;
    }
}
