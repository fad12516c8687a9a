using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe models inspect NAME-or-FILE.</summary>
static class ModelsInspectCommand
{
    public static Command Create(Terminal terminal, IReadOnlyList<PretrainedModel> models)
    {
        var network = CommandOptions.Path<string>("NETWORK", "An .onnx file, or the name of a known network that was fetched.");
        var command = new Command("inspect", "The layers of a network with their parameters, what it takes, and where its classifier begins.") { network };
        command.SetAction(parsed =>
        {
            var named = NamedNetwork.Read(parsed.GetValue(network)!, asked: null, models);
            var inspection = named.Network.Inspect();
            foreach (var line in inspection.ToString().TrimEnd('\n').Split('\n'))
                terminal.Line(DisplayText.Visible(line));
            var (total, frozen) = (inspection.Layers.Sum(layer => layer.Parameters), inspection.Layers.Where(layer => layer.Frozen).Sum(layer => layer.Parameters));
            terminal.Line($"parameters: {total.ToString("N0", CultureInfo.InvariantCulture)}{(frozen > 0 ? $", of which training leaves alone {frozen.ToString("N0", CultureInfo.InvariantCulture)} (*)" : "")}");
            terminal.Line(named.Network.Takes is { } takes ? $"input: {takes.Width}×{takes.Height} pixels, {takes.Channels} channels" : "input: images of any size");
            terminal.Line($"preprocessing: {(named.IsGuessed ? $"not known; train takes {named.PreprocessingText} unless --preprocessing says another" : named.PreprocessingText)}");
            if (named.Model is { } model)
                terminal.Line($"{model.Title}: {model.Classes} classes{(model.Top1Accuracy is { } accuracy ? $", top-1 {accuracy.ToString("0.0%", CultureInfo.InvariantCulture)}" : "")}, licence {model.Licence}");
        });
        return command;
    }
}
