using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe models: networks that others have trained.</summary>
static class ModelsCommand
{
    public static Command Create(Terminal terminal) => Create(terminal, PretrainedModel.All);

    internal static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models) => new("models",
        "Networks that others have trained, for train --network. Nothing is downloaded but by get.")
    {
        ModelsListCommand.Create(terminal, models),
        ModelsGetCommand.Create(terminal, models),
        ModelsInspectCommand.Create(terminal, models),
        ModelsSummaryCommand.Create(terminal, models),
        ModelsDrawCommand.Create(terminal, models),
    };
}
