using System.CommandLine;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>mlpipe predict MODEL FILES….</summary>
static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = CommandOptions.Path<string>("MODEL", "A model file (.zip or .onnx) that train, Model.Save or SaveAsOnnx wrote.");
        var files = CommandOptions.Path<string[]>("FILES", "Images.");
        files.Arity = ArgumentArity.OneOrMore;
        var top = CommandOptions.Number("--top", "How many of the best classes are shown.", 1, 1);
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var csv = new Option<bool>("--csv") { Description = "Comma-separated, one row an image." };
        var versions = TestTimeOption.Create();
        var device = CommandOptions.Device();
        var command = new Command("predict", "Names the class of images; with exit code 1 when one could not be read.")
        {
            model,
            files,
            top,
            json,
            csv,
            versions,
            device,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
                result.AddError("--json, --csv: got both, needs at most one of them.");
        });
        command.SetAction(parsed =>
        {
            var ml = terminal.Context(seed: 0);
            var trained = TestTimeOption.Apply(ModelPath.Load(ml, parsed.GetValue(model)!, Device.Parse(parsed.GetValue(device)!),
                out var fittedOn), parsed.GetValue(versions));
            var scored = trained.Transform(View(parsed.GetValue(files)!, fittedOn));
            var guesses = new GuessWriter(terminal, ClassNames(scored.Schema), parsed.GetValue(top));
            Action<Guess> write = parsed.GetValue(json) ? guesses.Json : parsed.GetValue(csv) ? guesses.Csv : guesses.Plain;
            if (parsed.GetValue(csv))
                guesses.CsvHead();
            var failed = 0;
            foreach (var guess in ml.Data.CreateEnumerable<Guess>(new ReadableRows(scored, Skipped), reuseRowObject: false))
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                write(guess);
            }
            return failed == 0 ? CommandLine.Success : CommandLine.Failure;

            void Skipped(SkippedRow row)
            {
                failed++;
                terminal.Error(row.ToString());
            }
        });
        return command;
    }

    /// <summary>The files, and empty texts in whatever other columns of text the model was fitted on, such as that of the labels,
    /// which its steps ask for.</summary>
    static SourceView View(string[] files, DataViewSchema? fittedOn) => new(files.Length,
    [
        SourceColumn.Text(RowSelection.PathColumn, row => files[row]),
        .. (fittedOn ?? Enumerable.Empty<DataViewSchema.Column>())
        .Where(column => column is { IsHidden: false, Type: TextDataViewType } && column.Name != RowSelection.PathColumn)
            .Select(column => SourceColumn.Text(column.Name, _ => "")),
    ]);

    static string[] ClassNames(DataViewSchema schema) => KeyNames.OfSlots(schema.Find("Score")) is { } names
        ? [.. names]
        : throw new InvalidDataException(
            "The model's scores have no class names, so it is no classifier of this library. Train one with 'mlpipe train'.");
}
