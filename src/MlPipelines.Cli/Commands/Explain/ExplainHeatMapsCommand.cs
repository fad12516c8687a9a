using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe explain heatmaps MODEL IMAGES….</summary>
static class ExplainHeatMapsCommand
{
    /// <summary>How it is found out, by the names that the command line takes.</summary>
    static readonly (string Name, Func<string?, Attribution> Make)[] methods =
    [
        ("grad-cam", layer => new GradCam(layer)),
        ("grad-cam++", layer => new GradCamPlusPlus(layer)),
        ("layer-cam", layer => new LayerCam(layer)),
        ("cam", _ => new ClassActivationMapping()),
        ("integrated-gradients", _ => new IntegratedGradients()),
        ("smoothgrad", _ => new SmoothGrad()),
        ("occlusion", _ => new Occlusion()),
    ];

    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("heatmaps",
        "Draws which places of images speak for a class; with exit code 1 when one could not be read.", new(),
        settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        { ExplainedImages.Argument(), (settings, images) => settings with { Images = images } },
        {
            OptionKinds.Parsed("--method", $"How it is found out, grad-cam without it; several with commas between: {Names}.", "A,B",
                text => text.Split(',', StringSplitOptions.TrimEntries).Select(Method).ToArray()),
            (settings, chosen) => chosen is [_, ..] ? settings with { Methods = chosen } : settings
        },
        {
            OptionKinds.Text("--class", "The class that is explained; the most probable one of each image without it.", "NAME").NotBlank(),
            (settings, name) => settings with { Class = name }
        },
        {
            OptionKinds.Text("--layer",
                "The layer whose maps are weighted by grad-cam, grad-cam++ and layer-cam: a name of 'explain layers'; "
                + "the last maps without it.", "NAME").NotBlank(),
            (settings, layer) => settings with { Layer = layer }
        },
        {
            new Option<bool>("--faithful") { Description = "Also say how faithful each map is: the area under the class's probability "
                + "while the places that it names are deleted (less is better) and inserted (more is better)." },
            (settings, faithful) => settings with { Faithful = faithful }
        },
        { SharedOptions.PictureFile("heatmaps.png"), (settings, output) => settings with { Output = output! } },
    };

    static string Names => string.Join(", ", methods.Select(method => method.Name));

    static Func<string?, Attribution> Method(string text) => methods.FirstOrDefault(method => method.Name == text).Make
        ?? throw new FormatException($"got '{text}', needs one of {Names}.");

    static int Run(Terminal terminal, Settings settings)
    {
        using var explainer = settings.Model.Explain(terminal);
        var images = ExplainedImages.Read(terminal, explainer, settings.Images, settings.Output);
        Attribution[] chosen = [.. settings.Methods.Select(make => make(settings.Layer))];
        if (settings.Layer is not null && !chosen.Any(method => method is LayerAttribution { Layer: not null }))
            throw new InvalidDataException(
                "--layer: none of the methods asked for weighs a layer of choice. Leave it out, or take grad-cam.");
        var sheet = explainer.SaveHeatMaps(images.Images, chosen, settings.Output.Path, settings.Class);
        terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        if (settings.Faithful)
            foreach (var image in images.Images)
                foreach (var method in chosen)
                {
                    var map = explainer.HeatMap(image, method, settings.Class);
                    var found = explainer.FaithfulnessOf(image, map);
                    terminal.Line($"{DisplayText.Visible(image.ToString())}: {method.GetType().Name} of {DisplayText.Visible(map.Class)}: "
                        + string.Create(CultureInfo.InvariantCulture,
                            $"deletion {found.DeletionArea:F3}, insertion {found.InsertionArea:F3}"));
                }
        return ExitCode.Of(images.Failed == 0);
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string[] Images { get; init; } = [];
        public Func<string?, Attribution>[] Methods { get; init; } = [methods[0].Make];
        public string? Class { get; init; }
        public string? Layer { get; init; }
        public bool Faithful { get; init; }
        public OutputPlace Output { get; init; } = null!;
    }
}
