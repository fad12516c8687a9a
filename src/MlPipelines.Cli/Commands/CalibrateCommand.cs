using System.CommandLine;
using System.Globalization;

namespace MlPipelines.Cli;

/// <summary>mlpipe calibrate MODEL FOLDER.</summary>
static class CalibrateCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("calibrate",
            "Makes a model's scores honest: finds the temperature (Guo and others 2017) on labelled images that it has not learnt from, "
                + "and writes the model with it. The classes predicted stay.", new(), settings => Run(terminal, settings))
        {
            new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
            { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
            { NewModel(), (settings, output) => settings with { Output = output! } },
        };
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return command;
    }

    static Option<OutputPlace?> NewModel()
    {
        var option = OptionKinds.Output(OutputPlace.UsualOption, "The model that is written, .onnx or .zip; one of that name is replaced.",
            "FILE");
        option.Required = true;
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var file, ..] && !IsZip(file.Value) && !HasExtension(file.Value, ".onnx"))
                result.AddError($"{OutputPlace.UsualOption}: got '{file.Value}', needs a name that ends in .onnx or .zip.");
        });
        return option;
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        TableOptions.Check(settings.Table, settings.Folder);
        var load = settings.Model.LoadToJudge(terminal, ml);
        var images = TrainingImages.ToJudgeBy(ml.Data.LoadFromImages(settings.Folder, settings.Table));
        settings.Output.CheckOutside(images.Path);
        var model = load(images);
        var catalog = ml.MulticlassClassification;
        // Scored once: the same rows are fitted on, and looked at before and after.
        var scored = ml.Data.Cache(new ReadableRows(model.Transform(images), row => terminal.Error(row.ToString())),
            "Label", "Score", "PredictedLabel");
        var (before, scaler) = terminal.Watch("scoring", images.RowCount, bar =>
            (catalog.Report(scored, progress: bar.Counting("scoring"), cancellation: terminal.Cancellation),
                catalog.TemperatureScaling().Fit(scored)));
        EvaluationSummary.WarnOfLearnt(terminal, catalog.CountLearnt(model, images), settings.Model.Path);
        // The temperature is part of the network in both kinds of file, so that they give the same scores.
        var steps = OnnxModelFile.BehindNetwork(ml.Data.Host(), [.. new TransformerChain<ITransformer>(model, scaler).ScoringSteps()]);
        Save(ml, new TransformerChain<ITransformer>([.. steps]), images.Schema, settings.Output.Path);
        var after = catalog.Report(scaler.Transform(scored));
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"temperature {scaler.Temperature:0.000}, found on {before.RowCount} "
            + $"images; there log-loss {before.LogLoss:0.000} became {after.LogLoss:0.000}, expected calibration error "
            + $"{before.ExpectedCalibrationError:0.000} became {after.ExpectedCalibrationError:0.000}"));
        terminal.Line($"written: {Path.GetFullPath(settings.Output.Path)}");
        return ExitCode.Success;
    }

    static void Save(MLContext ml, ITransformer model, DataViewSchema input, string path)
    {
        if (IsZip(path))
            AtomicFile.Write(path, stream => ml.Model.Save(model, input, stream));
        else
            ml.Model.SaveAsOnnx(model, path, input);
    }

    static bool IsZip(string path) => HasExtension(path, ".zip");

    static bool HasExtension(string path, string extension) =>
        Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string Folder { get; init; } = "";
        public CsvOptions Table { get; init; } = new();
        public OutputPlace Output { get; init; } = null!;
    }
}
