using System.CommandLine;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset: looks at, mends and fetches data sets.</summary>
static class DatasetCommand
{
    public static Command Create(Terminal terminal) => new("dataset",
        "Looks at a labelled folder, and makes new ones; nothing in the folder given is changed.")
    {
        DatasetGetCommand.Create(terminal),
        DatasetSheetCommand.Create(terminal),
        DatasetStatsCommand.Create(terminal),
        DatasetBalanceCommand.Create(terminal),
        DatasetSplitCommand.Create(terminal),
        DatasetMiniCommand.Create(terminal),
        DatasetCheckCommand.Create(terminal),
        DatasetLabelsCommand.Create(terminal),
    };
}
