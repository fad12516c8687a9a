using System.CommandLine;
using System.Text.Json.Nodes;
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
        var command = new Command("predict", "Names the class of images; with exit code 1 when one could not be read.") { model, files, top, json, csv, versions, device };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
                result.AddError("--json, --csv: got both, needs at most one of them.");
        });
        command.SetAction(parsed =>
        {
            var ml = terminal.Context(seed: 0);
            var trained = TestTimeOption.Apply(ModelPath.Load(ml, parsed.GetValue(model)!, Device.Parse(parsed.GetValue(device)!), out var fittedOn), parsed.GetValue(versions));
            var scored = trained.Transform(View(parsed.GetValue(files)!, fittedOn));
            var classes = ClassNames(scored.Schema);
            Action<Guess> write = parsed.GetValue(json) ? Json : parsed.GetValue(csv) ? Csv : Plain;
            if (parsed.GetValue(csv))
                terminal.Output.Write(Enumerable.Range(1, Best(classes.Length)).Aggregate(new CsvWriter().Text("path"), (row, place) => row.Text($"class {place}").Text($"score {place}")).EndRow());
            var failed = 0;
            foreach (var guess in ml.Data.CreateEnumerable<Guess>(new ReadableRows(scored, Skipped), reuseRowObject: false))
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                write(guess);
            }
            return failed == 0 ? CommandLine.Success : CommandLine.Failure;

            int Best(int most) => Math.Min(parsed.GetValue(top), most);
            IEnumerable<(string Name, float Score)> Ranked(Guess guess) => classes.Zip(guess.Score).OrderByDescending(pair => pair.Second).Take(Best(classes.Length));
            void Plain(Guess guess) => terminal.Output.WriteLine($"{DisplayText.Visible(guess.ImagePath)}  {string.Join("  ", Ranked(guess).Select(pair => $"{DisplayText.Visible(pair.Name)} {pair.Score:0.0000}"))}");
            void Csv(Guess guess) => terminal.Output.Write(Ranked(guess).Aggregate(new CsvWriter().Text(guess.ImagePath), (row, pair) => row.Text(pair.Name).Number(pair.Score)).EndRow());
            void Json(Guess guess) => terminal.Output.WriteLine(new JsonObject
            {
                ["path"] = guess.ImagePath,
                ["predicted"] = Ranked(guess).First().Name,
                ["scores"] = new JsonArray([.. Ranked(guess).Select(pair => new JsonObject { ["class"] = pair.Name, ["score"] = float.IsFinite(pair.Score) ? pair.Score : null })]),
            }.ToJsonString());
            void Skipped(SkippedRow row)
            {
                failed++;
                terminal.Error(row.ToString());
            }
        });
        return command;
    }

    /// <summary>The files, and empty texts in whatever other columns of text the model was fitted on, such as that of the labels, which its steps ask for.</summary>
    static SourceView View(string[] files, DataViewSchema? fittedOn) => new(files.Length,
    [
        SourceColumn.Text(RowSelection.PathColumn, row => files[row]),
        .. (fittedOn ?? Enumerable.Empty<DataViewSchema.Column>()).Where(column => column is { IsHidden: false, Type: TextDataViewType } && column.Name != RowSelection.PathColumn)
            .Select(column => SourceColumn.Text(column.Name, _ => "")),
    ]);

    static string[] ClassNames(DataViewSchema schema) => KeyNames.OfSlots(schema.Find("Score")) is { } names
        ? [.. names]
        : throw new InvalidDataException("The model's scores have no class names, so it is no classifier of this library. Train one with 'mlpipe train'.");

    sealed class Guess
    {
        public string ImagePath { get; set; } = "";
        public float[] Score { get; set; } = [];
    }
}
