using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe explain filters MODEL.</summary>
static class ExplainFiltersCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("filters",
        "Draws the filters of a convolution, in colour where it sees the image itself.", new(), settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        {
            OptionKinds.Text("--before", "Another model file of the same layers, drawn at the left: such as the network before it learnt.",
                "MODEL").NotBlank(),
            (settings, before) => settings with { Before = before }
        },
        {
            OptionKinds.Text("--layer", "The convolution: a name of 'explain layers'; the first one without it.", "NAME").NotBlank(),
            (settings, layer) => settings with { Layer = layer }
        },
        {
            OptionKinds.OptionalNumber("--maps", "How many filters are drawn, from the first on; all without it.", 1),
            (settings, count) => settings with { Count = count }
        },
        { SharedOptions.PictureFile("filters.png"), (settings, output) => settings with { Output = output! } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        using var explainer = settings.Model.Explain(terminal);
        using var before = settings.Before is { } path ? (settings.Model with { Path = path }).Explain(terminal) : null;
        (string, NetworkExplainer)[] shown = before is null ? [(Path.GetFileName(settings.Model.Path), explainer)]
            : [(Path.GetFileName(settings.Before!), before), (Path.GetFileName(settings.Model.Path), explainer)];
        var sheet = shown.SaveFilters(settings.Output.Path, settings.Layer, new() { Count = settings.Count, ScalesEach = true });
        terminal.Line($"written: {Path.GetFullPath(sheet.Path)} ({sheet.Width}×{sheet.Height})");
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string? Before { get; init; }
        public string? Layer { get; init; }
        public int? Count { get; init; }
        public OutputPlace Output { get; init; } = null!;
    }
}
