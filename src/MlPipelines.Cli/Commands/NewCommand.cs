using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe new MODEL|RUN ClassName --output DIR.</summary>
static class NewCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = OptionKinds.Path("ClassName", "Name of the class that predicts, such as Flowers.");
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !string.IsNullOrWhiteSpace(text) && ProblemOf(text) is { } problem)
                result.AddError($"ClassName: {problem}");
        });
        return new SettingsCommand<Settings>("new",
            "Writes a C# project around a model, which builds and runs as it is: a class that predicts by any number of threads, the "
                + "pipeline that trained it, and a program.", new(), settings => Run(terminal, settings))
        {
            {
                OptionKinds.Path("MODEL", "A model file (.zip or .onnx), or the folder of a run, which also says how it was trained."),
                (settings, model) => settings with { Model = model }
            },
            { name, (settings, text) => settings with { Name = text } },
            { SharedOptions.NewFolder(), (settings, output) => settings with { Output = output! } },
            {
                new Option<bool>("--web") { Description = "The program serves the model over HTTP, as 'mlpipe serve' does." },
                (settings, web) => settings with { IsWeb = web }
            },
        };
    }

    static string? ProblemOf(string text)
    {
        try
        {
            ProgramName.Parse(text);
            return null;
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }

    static int Run(Terminal terminal, Settings settings)
    {
        ModelProgram.Write(terminal, settings.Model, settings.Name, settings.Output.Path, settings.IsWeb);
        return ExitCode.Success;
    }

    sealed record Settings
    {
        public string Model { get; init; } = "";
        public string Name { get; init; } = "";
        public OutputPlace Output { get; init; } = null!;
        public bool IsWeb { get; init; }
    }
}
