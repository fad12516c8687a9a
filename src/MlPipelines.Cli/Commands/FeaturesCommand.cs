using System.CommandLine;
using System.Text;

namespace MlPipelines.Cli;

/// <summary>mlpipe features MODEL FILES….</summary>
static class FeaturesCommand
{
    const string Column = "Features";

    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("features",
            "Writes what a model sees in images as numbers: its features before the classifier, or what a layer gives; with exit code 1 "
                + "when one could not be read.", new(), settings => Run(terminal, settings))
        {
            new ModelOptions<Settings>(settings => settings.Model, (settings, model) => settings with { Model = model }),
            { OptionKinds.Paths("FILES", NamedPictures.Description), (settings, files) => settings with { Files = files } },
            {
                OptionKinds.Text("--layer", "The layer whose numbers are written, all of them: a name of 'explain layers'; without it what "
                    + "the classifier starts from, of maps the means.", "NAME").NotBlank(),
                (settings, layer) => settings with { Layer = layer }
            },
            {
                OptionKinds.Output(OutputPlace.UsualOption, "Write the numbers there, whole or not at all: .csv with the columns path, f0, "
                    + "f1, …; .npy as NumPy reads them, with the paths beside it in .paths.csv. Without it, CSV goes to standard output.",
                    "FILE"), (settings, output) => settings with { Output = output }
            },
        };
        ShardSettings.Add(command, settings => settings.Sharding, (settings, sharding) => settings with { Sharding = sharding });
        return command;
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(seed: 0);
        if (settings.Sharding.Parts is { } folder)
        {
            var (rows, unknown) = ShardFolder.Merged(terminal, folder);
            return Finish(terminal, settings, rows, unknown);
        }
        var pictures = NamedPictures.List(terminal, settings.Files);
        settings.Output?.CheckIsNone(pictures.Images.Paths);
        if (settings.Sharding.Shard is not null)
            return new ShardRun(terminal, settings.Sharding, settings.Output!, settings.Model).Run(ShardedImages.Of(pictures), null, Column,
                places => Computed(fitted => PickedView.Of(pictures.View(fitted), places, pictures.Count)));
        return Finish(terminal, settings, Computed(pictures.View), pictures.Failures.Length);

        IDataView Computed(Func<DataViewSchema?, IDataView> view) =>
            settings.Model.Featurizer(terminal, ml, settings.Layer, Column, out var fittedOn).Transform(view(fittedOn));
    }

    static int Finish(Terminal terminal, Settings settings, IDataView computed, int failed)
    {
        var (count, width) = (computed.GetRowCount() ?? 0, ((VectorDataViewType)computed.Schema[Column].Type).Size);
        if (settings.Output is not { Path: var path })
            return terminal.ShowsResults ? Written(null) : terminal.Watch("features", count, Written);
        var isNumbers = FeatureWriter.IsNumbers(path);
        terminal.Watch("features", count, bar =>
        {
            AtomicFile.Write(path, file =>
            {
                if (isNumbers)
                    AtomicFile.Write(FeatureWriter.PathsOf(path),
                        paths => Writing(paths, writer => FeatureWriter.Block(file, writer, width, Rows(bar))));
                else
                    Writing(file, writer => FeatureWriter.Csv(writer, width, Rows(bar)));
            });
            return true;
        });
        terminal.Line($"written: {Path.GetFullPath(path)}");
        return ExitCode.Of(failed == 0);

        int Written(IProgress<WorkProgress>? bar)
        {
            FeatureWriter.Csv(terminal.Output, width, Rows(bar));
            return ExitCode.Of(failed == 0);
        }

        IEnumerable<(string Path, float[] Numbers)> Rows(IProgress<WorkProgress>? bar)
        {
            var done = 0;
            var reading = new RowReading { Skipped = Skipped };
            foreach (var row in computed.Read([Column], row => (row.Get<string>(RowSelection.PathColumn), row.Get<float[]>(Column)),
                reading, terminal.Cancellation))
            {
                yield return row;
                bar?.Report(new(++done, "features"));
            }
        }

        void Skipped(SkippedRow row)
        {
            failed++;
            terminal.Error(row.ToString());
        }
    }

    static void Writing(Stream stream, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        write(writer);
    }

    sealed record Settings
    {
        public ModelFile Model { get; init; } = new();
        public string[] Files { get; init; } = [];
        public string? Layer { get; init; }
        public OutputPlace? Output { get; init; }
        public ShardSettings Sharding { get; init; } = new();
    }
}
