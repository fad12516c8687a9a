using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Transforms;

namespace MlPipelines.Cli;

/// <summary>mlpipe dataset labels FOLDER.</summary>
static class DatasetLabelsCommand
{
    const int MostListed = 20;

    public static Command Create(Terminal terminal)
    {
        var command = new SettingsCommand<Settings>("labels",
            "Finds images whose label is likely wrong, by confident learning (Northcutt and others 2021): a classifier on a network's "
                + "features judges each part of the images after it has learnt from the others. Changes nothing in FOLDER.", new(),
            settings => Run(terminal, settings))
        {
            { SharedOptions.LabelledImages(), (settings, folder) => settings with { Folder = folder } },
            {
                OptionKinds.Text("--network", "The network that has learnt to see: an .onnx file, or a name that 'mlpipe models list' "
                    + "shows; ResNet-18, which comes along, without it.", "NETWORK"),
                (settings, network) => network is null ? settings : settings with { Network = network }
            },
            {
                OptionKinds.OptionalNumber("--size", "Width and height of images for a network that takes any.", 8, 4096),
                (settings, size) => settings with { Size = size }
            },
            {
                OptionKinds.Number("--folds", "Parts that the images are divided into.", 5, 2, 100),
                (settings, folds) => settings with { Folds = folds }
            },
            {
                OptionKinds.Output(OutputPlace.UsualOption, "Copy the images there, named {label}_to_{likely}_{file name}, with "
                    + "label_errors.csv."), (settings, output) => settings with { Output = output }
            },
            { SharedOptions.Seed("Equal seeds divide the images in the same way."), (settings, seed) => settings with { Seed = seed } },
        };
        TableOptions.Add(command, settings => settings.Table, (settings, table) => settings with { Table = table });
        return command;
    }

    static int Run(Terminal terminal, Settings settings)
    {
        var ml = terminal.Context(settings.Seed);
        TableOptions.Check(settings.Table, settings.Folder);
        var named = NamedNetwork.Read(settings.Network, asked: null, PretrainedModel.All);
        named.WarnOfGuess(terminal);
        var images = ml.Data.LoadFromImages(settings.Folder, settings.Table);
        settings.Output?.CheckOutside(images.Path);
        CheckFolds(images, settings.Folds);
        var catalog = ml.MulticlassClassification;
        var (errors, report) = terminal.Watch("features", images.RowCount, bar =>
        {
            var features = Features(ml, images, named, settings.Size, bar.Counting("features"), terminal);
            var folds = catalog.CrossValidateByClass(features, Classifier(ml), settings.Folds, stratificationColumn: "Label");
            return (catalog.FindLabelErrors(folds), folds.Pooled);
        });
        // Of a weak classifier's doubts most are difficult images.
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{errors.Length} of {report.RowCount} labels are doubted by a "
            + $"classifier that names {report.MicroAccuracy:0.0%} of them by what it learns from the others")
            + (errors.Length == 0 ? "" : "; the most doubtful first:"));
        foreach (var error in errors.Take(MostListed))
            terminal.Line($"{DisplayText.Visible(error.Path!)}: {DisplayText.Visible(error.Label)}, rather "
                + $"{DisplayText.Visible(error.Likely)} ({error.LabelScore:0.00} : {error.LikelyScore:0.00})");
        if (settings.Output is { } output)
        {
            catalog.SaveLabelErrors(errors, output.Path);
            terminal.Line($"written: {Path.GetFullPath(output.Path)}");
        }
        return ExitCode.Success;
    }

    static void CheckFolds(LabelledImages images, int folds)
    {
        if (images.Classes is [var only])
            throw new InvalidDataException($"{images.Path}: has the single class '{only}', at least two are needed to doubt a label.");
        if (images.Counts.Values.Max() is var most && most < folds)
            throw new InvalidDataException($"{images.Path}: has at most {Counted.Of(most, "image")} of a class, fewer than --folds "
                + $"{folds}. Add images, or take fewer folds.");
    }

    // Once for each image, whatever the number of folds.
    static IDataView Features(MLContext ml, LabelledImages images, NamedNetwork named, int? size, IProgress<long> progress,
        Terminal terminal)
    {
        var input = named.InputOf(size);
        var steps = ml.Transforms.LoadImages("Image", RowSelection.PathColumn, input.Width, input.Height,
                named.Resizing ?? ResizingText.Default, keepAlpha: named.TakesAlpha)
            .Append(ml.Transforms.FeaturizeImages("Features", "Image", named.Network.CutAtFeatures(), input));
        var done = 0L;
        var rows = steps.Fit(images).Transform(images).Read([RowSelection.PathColumn, "Label", "Features"], row =>
            new FeaturizedImage
            {
                ImagePath = row.Get<string>(RowSelection.PathColumn),
                Label = row.Get<string>("Label"),
                Features = row.Get<float[]>("Features"),
            }, new() { Skipped = row => terminal.Error(row.ToString()) }, terminal.Cancellation);
        FeaturizedImage[] read = [.. rows.Select(row =>
        {
            progress.Report(++done);
            return row;
        })];
        if (read.Length == 0)
            throw new InvalidDataException($"{images.Path}: none of its images can be read.");
        var schema = SchemaDefinition.Create(typeof(FeaturizedImage));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, read[0].Features.Length);
        return ml.Data.LoadFromEnumerable(read, schema);
    }

    static EstimatorChain<KeyToValueMappingTransformer> Classifier(MLContext ml) =>
        ml.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
        .Append(ml.Transforms.NormalizeMeanVariance("Features"))
        .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("LabelKey", "Features"))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    sealed class FeaturizedImage
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
        public float[] Features { get; set; } = [];
    }

    sealed record Settings
    {
        public string Folder { get; init; } = "";
        public string Network { get; init; } = PackagedNetwork.ShortName;
        public int? Size { get; init; }
        public int Folds { get; init; }
        public OutputPlace? Output { get; init; }
        public int Seed { get; init; }
        public CsvOptions Table { get; init; } = new();
    }
}
