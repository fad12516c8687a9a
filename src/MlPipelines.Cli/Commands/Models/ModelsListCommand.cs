using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe models list.</summary>
static class ModelsListCommand
{
    public static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models)
    {
        var command = new Command("list",
            "The networks known by name: size of the file, accuracy on ImageNet, licence, what they want done with pixels, and whether "
                + "they are here.");
        command.SetAction(_ =>
        {
            TextTable.Write(terminal, models.Select(model => new[]
            {
                model.Name, $"{model.Published.Bytes / 1e6:0} MB",
                model.Top1Accuracy is { } accuracy ? accuracy.ToString("0.0%", CultureInfo.InvariantCulture) : "-",
                model.Licence, PreprocessingText.Of(model.Preprocessing), model.InstalledIn() is null ? "" : "here",
            }).Prepend(["name", "file", "top-1", "licence", "preprocessing", ""]), 1, 2);
            if (PackagedNetwork.Find() is { } packaged)
                terminal.Line(
                    $"{PackagedNetwork.ShortName}: {packaged.Name}, which comes with mlpipe and is taken where no network is named");
            terminal.Line($"'mlpipe models get NAME' fetches one into {PretrainedModel.DefaultFolder}");
        });
        return command;
    }
}
