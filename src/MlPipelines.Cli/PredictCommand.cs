using System.CommandLine;
using System.Text.Json.Nodes;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>mlpipe predict MODEL FILES….</summary>
static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = CommandOptions.Path<string>("MODEL", "A model file (.onnx) that train or Model.Save wrote.");
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
            var trained = TestTimeOption.Apply(ModelPath.Load(ml, parsed.GetValue(model)!, Device.Parse(parsed.GetValue(device)!)), parsed.GetValue(versions));
            using var engine = ml.Model.CreatePredictor<ImageFile, Guess>(trained);
            var classes = ClassNames(engine.OutputSchema);
            Action<Guess> write = parsed.GetValue(json) ? Json : parsed.GetValue(csv) ? Csv : Plain;
            if (parsed.GetValue(csv))
                terminal.Output.Write(Enumerable.Range(1, Best(classes.Length)).Aggregate(new CsvWriter().Text("path"), (row, place) => row.Text($"class {place}").Text($"score {place}")).EndRow());
            var failed = 0;
            foreach (var guess in engine.PredictBatch(parsed.GetValue(files)!.Select(file => new ImageFile { ImagePath = file }), Skipped))
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

    static string[] ClassNames(DataViewSchema schema) => KeyNames.OfSlots(schema.Find("Score")) is { } names
        ? [.. names]
        : throw new InvalidDataException("The model's scores have no class names, so it is no classifier of this library. Train one with 'mlpipe train'.");

    sealed class ImageFile
    {
        public string ImagePath { get; set; } = "";
    }

    sealed class Guess
    {
        public string ImagePath { get; set; } = "";
        public float[] Score { get; set; } = [];
    }
}
