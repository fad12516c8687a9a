using System.CommandLine;
using System.Text;

namespace MlPipelines.Cli;

/// <summary>mlpipe predict MODEL FILES….</summary>
static class PredictCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = Options(terminal);
        ShardSettings.Add(command, settings => settings.Sharding, (settings, sharding) => settings with { Sharding = sharding });
        return command;
    }

    static SettingsCommand<Settings> Options(Terminal terminal) => new("predict",
        "Names the class of images; with exit code 1 when one could not be read.", new(), settings => Run(terminal, settings))
    {
        new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
        {
            OptionKinds.Paths("FILES", NamedPictures.Description), (settings, files) => settings with { Files = files }
        },
        {
            OptionKinds.Number("--top", "How many of the best classes are shown.", 1, 1),
            (settings, top) => settings with { Top = top }
        },
        {
            SharedOptions.Format(json: "One JSON object a line.", csv: "Comma-separated, one row an image."),
            (settings, format) => settings with { AskedFormat = format }
        },
        {
            OptionKinds.Output(OutputPlace.UsualOption, "Write the results there, whole or not at all; .csv or .json at its end says the "
                + "format.", "FILE"),
            (settings, output) => settings with { Output = output }
        },
        { SharedOptions.RejectBelow(), (settings, threshold) => settings with { RejectBelow = threshold } },
        { TestTimeAugmentationOption.Create(), (settings, versions) => settings with { WithVersions = versions } },
    };

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        if (settings.Sharding.Parts is { } folder)
        {
            var (rows, unknown) = ShardFolder.Merged(terminal, folder);
            return Finish(terminal, settings, rows, unknown);
        }
        if (settings.Sharding.Shard is not null)
        {
            var images = NamedPictures.List(terminal, settings.Files);
            return new ShardRun(terminal, settings.Sharding, settings.Output!, settings.Model).Run(ShardedImages.Of(images), null, "Score",
                places => Scored(fitted => PickedView.Of(images.View(fitted), places, images.Count)));
        }
        var model = Model(out var fittedOn);
        var pictures = NamedPictures.List(terminal, settings.Files);
        settings.Output?.CheckIsNone(pictures.Images.Paths);
        return Finish(terminal, settings, model.Transform(pictures.View(fittedOn)), pictures.Failures.Length);

        IDataView Scored(Func<DataViewSchema?, IDataView> view) => Model(out var fitted).Transform(view(fitted));

        ITransformer Model(out DataViewSchema? fitted)
        {
            var loaded = settings.Model.Load(terminal, ml, out fitted);
            return settings.WithVersions?.Invoke(loaded) ?? loaded;
        }
    }

    static int Finish(Terminal terminal, Settings settings, IDataView scored, int failed)
    {
        var ml = terminal.Context(seed: 0);
        if (settings.RejectBelow is { } threshold)
            scored = ml.MulticlassClassification.RejectBelow(threshold, nameof(ImageScores.Answer)).Fit(scored).Transform(scored);
        var count = scored.GetRowCount() ?? 0;
        if (settings.Output is { } output)
        {
            failed += terminal.Watch("scoring", count, bar => ToFile(output.Path, writer => Write(writer, bar)));
            terminal.Line($"written: {Path.GetFullPath(output.Path)}");
        }
        else
            failed += terminal.ShowsResults ? Write(terminal.Output, null)
                : terminal.Watch("scoring", count, bar => Write(terminal.Output, bar));
        return ExitCode.Of(failed == 0);

        int Write(TextWriter writer, IProgress<WorkProgress>? bar) => new Scoring(terminal, settings, bar).Write(ml, scored, writer);
    }

    static int ToFile(string path, Func<TextWriter, int> write)
    {
        var failed = 0;
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            failed = write(writer);
        });
        return failed;
    }

    static string[] ClassNamesOf(DataViewSchema schema) => KeyNames.OfSlots(schema.Find("Score")) is { } names
        ? [.. names]
        : throw new InvalidDataException(
            "The model's scores have no class names, so it is no classifier of this library. Train one with 'mlpipe train'.");

    /// <summary>Scored rows on their way to where results go.</summary>
    sealed class Scoring(Terminal terminal, Settings settings, IProgress<WorkProgress>? bar)
    {
        int written, failed;

        /// <returns>How many images could not be read.</returns>
        public int Write(MLContext ml, IDataView scored, TextWriter output)
        {
            var hasAnswers = settings.RejectBelow is not null;
            var writer = new PredictionWriter(output, ClassNamesOf(scored.Schema), settings.Top, hasAnswers);
            Action<ImageScores> write = settings.Format switch
            {
                OutputFormat.Json => writer.Json,
                OutputFormat.Csv => writer.Csv,
                _ => writer.Text,
            };
            if (settings.Format == OutputFormat.Csv)
                writer.CsvHead();
            foreach (var image in ml.Data.CreateEnumerable<ImageScores>(new ReadableRows(scored, Skipped), reuseRowObject: false,
                ignoreMissingColumns: !hasAnswers))
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                write(image);
                written++;
                Tell();
            }
            return failed;
        }

        void Skipped(SkippedRow row)
        {
            failed++;
            terminal.Error(row.ToString());
            Tell();
        }

        void Tell() => bar?.Report(new(written + failed, "scoring"));
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string[] Files { get; init; } = [];
        public int Top { get; init; }
        public float? RejectBelow { get; init; }
        public OutputFormat? AskedFormat { get; init; }
        public OutputPlace? Output { get; init; }
        public Func<ITransformer, ITransformer>? WithVersions { get; init; }
        public ShardSettings Sharding { get; init; } = new();

        /// <summary>The format asked for, or that which the file's name says.</summary>
        public OutputFormat Format => AskedFormat ?? Path.GetExtension(Output?.Path)?.ToLowerInvariant() switch
        {
            ".csv" => OutputFormat.Csv,
            ".json" or ".jsonl" => OutputFormat.Json,
            _ => OutputFormat.Text,
        };
    }
}
