using System.CommandLine;
using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>mlpipe predict MODEL FILES….</summary>
static class PredictCommand
{
    public static Command Create(Terminal terminal) => new SettingsCommand<Settings>("predict",
        "Names the class of images; with exit code 1 when one could not be read.", new(), settings => Run(terminal, settings))
    {
        {
            OptionKinds.Path("MODEL", "A model file (.zip or .onnx) that train, Model.Save or SaveAsOnnx wrote."),
            (settings, model) => settings with { Model = model }
        },
        { OptionKinds.Paths("FILES", "Images."), (settings, files) => settings with { Files = files } },
        {
            OptionKinds.Number("--top", "How many of the best classes are shown.", 1, 1),
            (settings, top) => settings with { Top = top }
        },
        {
            SharedOptions.Format(json: "One JSON object a line.", csv: "Comma-separated, one row an image."),
            (settings, format) => settings with { Format = format }
        },
        { TestTimeAugmentationOption.Create(), (settings, versions) => settings with { WithVersions = versions } },
        { SharedOptions.Device(), (settings, device) => settings with { Device = device } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        var model = ModelFile.Load(ml, settings.Model, settings.Device, out var fittedOn);
        var scored = (settings.WithVersions?.Invoke(model) ?? model).Transform(View(settings.Files, fittedOn));
        var writer = new PredictionWriter(terminal, ClassNames(scored.Schema), settings.Top);
        Action<ImageScores> write = settings.Format switch
        {
            OutputFormat.Json => writer.Json,
            OutputFormat.Csv => writer.Csv,
            _ => writer.Text,
        };
        if (settings.Format == OutputFormat.Csv)
            writer.CsvHead();
        var failed = 0;
        foreach (var image in ml.Data.CreateEnumerable<ImageScores>(new ReadableRows(scored, Skipped), reuseRowObject: false))
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            write(image);
        }
        return ExitCode.Of(failed == 0);

        void Skipped(SkippedRow row)
        {
            failed++;
            terminal.Error(row.ToString());
        }
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

    sealed record Settings
    {
        public string Model { get; init; } = "";
        public string[] Files { get; init; } = [];
        public int Top { get; init; }
        public OutputFormat Format { get; init; }
        public Func<ITransformer, ITransformer>? WithVersions { get; init; }
        public Device Device { get; init; } = Device.Cpu;
    }
}
