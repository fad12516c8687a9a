using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe explain: what is inside a network, and why it decides as it does.</summary>
static class ExplainCommand
{
    public static Command Create(Terminal terminal) => new("explain",
        "Looks into a model: its layers, its filters, where it looks, what it keeps, what drives it, and where images lie for it.")
    {
        ExplainLayersCommand.Create(terminal),
        ExplainHeatMapsCommand.Create(terminal),
        ExplainFiltersCommand.Create(terminal),
        ExplainInvertCommand.Create(terminal),
        ExplainMaximizeCommand.Create(terminal),
        ExplainMapCommand.Create(terminal),
    };
}
