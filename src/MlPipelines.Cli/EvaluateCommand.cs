using System.CommandLine;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>mlpipe evaluate MODEL FOLDER.</summary>
static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = CommandOptions.Path<string>("MODEL", "A model file (.onnx) that train or Model.Save wrote.");
        var folder = CommandOptions.Path<string>("FOLDER",
            "Images, one sub-folder a class; or a zip, tar or tar.gz of such a folder; or a .csv or .tsv with the columns path and label.");
        var output =
            CommandOptions.Folder("--output", "Write metrics.json, predictions.csv, confusion_matrix.csv|svg|png and miss/ there.");
        var miss = CommandOptions.Folder("--miss", "Copy the images predicted wrongly there, named {true}_to_{predicted}_{file name}.");
        var top = CommandOptions.Number("--top", "Also count an image as right when its class is among the N best scores.", 0, 0);
        var versions = TestTimeOption.Create();
        var device = CommandOptions.Device();
        var strict = CommandOptions.Strict();
        var command = new Command("evaluate", "Tries a model on a labelled folder: accuracy, confusion matrix, mistakes.")
        {
            model,
            folder,
            output,
            miss,
            top,
            versions,
            device,
            strict,
        };
        command.SetAction(parsed =>
        {
            var ml = terminal.Context(seed: 0);
            var trained = TestTimeOption.Apply(ModelPath.Load(ml, parsed.GetValue(model)!, Device.Parse(parsed.GetValue(device)!)),
                parsed.GetValue(versions));
            var images = ml.Data.LoadFromImages(parsed.GetValue(folder)!);
            Strictness.Check(images, parsed.GetValue(strict));
            OutputPlace.Check(images.Path, parsed.GetValue(output), "--output");
            OutputPlace.Check(images.Path, parsed.GetValue(miss), "--miss");
            var scored = trained.Transform(images);
            var metrics = terminal.Watch("scoring", images.RowCount, bar =>
            {
                var progress = new ScoringProgress(bar);
                IDataView rows = parsed.GetValue(miss) is { } target
                    ? ml.MulticlassClassification.SortMistakes(scored, target, progress: progress, cancellation: terminal.Cancellation)
                    : scored;
                return parsed.GetValue(output) is { } run
                    ? RunFolder.Open(run)
                        .WriteEvaluation(ml.MulticlassClassification, rows, parsed.GetValue(top), progress, terminal.Cancellation).Metrics
                    : ml.MulticlassClassification.Report(rows, topKPredictionCount: parsed.GetValue(top), progress: progress,
                        cancellation: terminal.Cancellation);
            });
            Summary.Write(terminal, metrics);
            foreach (var written in new[] { parsed.GetValue(output), parsed.GetValue(miss) }.OfType<string>())
                terminal.Line($"written: {Path.GetFullPath(written)}");
            return Strictness.ExitCode(metrics, parsed.GetValue(strict));
        });
        return command;
    }
}
