using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe explain map MODEL FOLDER.</summary>
static class ExplainMapCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("map",
        "Draws where images lie to each other for a model, coloured by class; what it takes for another class has a ring.", new(),
        settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
        {
            OptionKinds.Choice<Layout>("--layout",
                "How vectors become points: tsne, the usual one, keeps neighbours together; pca takes the "
                + "directions of the greatest spread.", "tsne|pca"),
            (settings, layout) => settings with { Layout = layout ?? Layout.Tsne }
        },
        {
            OptionKinds.Text("--layer", "The layer whose numbers are compared: a name of 'explain layers'; what the classifier starts from "
                + "without it.", "NAME").NotBlank(),
            (settings, layer) => settings with { Layer = layer }
        },
        {
            OptionKinds.Output(OutputPlace.UsualOption,
                "The picture, .png or .svg, or a page that shows the images, .html; one of that name "
                + "is replaced.", "FILE", "map.png"),
            (settings, output) => settings with { Output = output! }
        },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        using var explainer = settings.Model.Explain(terminal);
        var data = TrainingImages.ToJudgeBy(terminal.Context(seed: 0).Data.LoadFromImages(settings.Folder));
        settings.Output.CheckOutside(data.Path);
        MappedImage[] images =
            [.. data.Rows(RowSelection.PathColumn, "Label").Select(row => Mapped(terminal, explainer, row)).OfType<MappedImage>()];
        var chart = explainer.SaveMap(images, settings.Output.Path,
            settings.Layout == Layout.Pca ? Embedding.OfPrincipalComponents : null, settings.Layer);
        terminal.Line($"written: {Path.GetFullPath(settings.Output.Path)} ({Counted.Of(chart.Points.Count, "image")})");
        return ExitCode.Success;
    }

    static MappedImage? Mapped(Terminal terminal, NetworkExplainer explainer, RowValues row)
    {
        var path = row.Get<string>(RowSelection.PathColumn);
        return ExplainedImages.Readable(terminal, explainer, path) is { } image ? new(path, image, row.Get<string>("Label")) : null;
    }

    enum Layout { Tsne, Pca }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string Folder { get; init; } = "";
        public Layout Layout { get; init; }
        public string? Layer { get; init; }
        public OutputPlace Output { get; init; } = null!;
    }
}
