using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>What a training would do, told without doing it.</summary>
static class DryRun
{
    /// <param name="terminal">Where it is told.</param>
    /// <param name="pipeline">What would run.</param>
    /// <param name="data">The images.</param>
    /// <param name="folder">Where it would write.</param>
    public static int Tell(Terminal terminal, TrainingPipeline pipeline, ImageDataCatalog.TrainValidationTestData data, string folder)
    {
        var (learnt, epochs) = (data.TrainSet.CountRows(), Counted.Of(pipeline.Settings.Epochs, "epoch"));
        terminal.Line(pipeline.StepsOver(learnt) is var (steps, batch)
            ? Text($"would learn: {pipeline.NetworkName} in at most {steps:N0} steps of {batch} images, {epochs}")
            : Text($"would learn: {pipeline.Settings.Head} head on {pipeline.NetworkName}, at once"));
        if (pipeline.FeatureLength is { } length)
        {
            var mebibytes = length * sizeof(float) * pipeline.Length(data).Features / (double)(1 << 20);
            terminal.Line(Text($"would hold: features of {length:N0} numbers an image, {mebibytes:N1} MiB for all"));
        }
        terminal.Line($"would write: {folder}");
        return ExitCode.Success;
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
