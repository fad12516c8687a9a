using System.Globalization;
using System.Text.Json.Nodes;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>What a pipeline.json says, as C# that trains to the same bits.</summary>
/// <param name="name">Name of the class.</param>
/// <param name="file">The pipeline.json.</param>
/// <param name="place">What messages call it.</param>
sealed class TrainingCode(string name, JsonObject file, string place)
{
    /// <summary>Whether it needs the packaged network.</summary>
    public bool UsesPackaged => Text("network") == PackagedNetwork.ShortName;

    bool IsFromScratch => Text("network") == nameof(Architectures.SmallCnn);

    bool LearnsAtOnce => HeadKind is { } kind && !kind.HasEpochs();

    HeadKind? HeadKind => file["head"] is JsonObject head ? HeadKinds.Named($"{head["kind"]}") : null;

    bool IsFineTuned => Text("fineTune") is not null;

    bool HasGroups => Text("groupBy") is not null;

    string[] Changes => file["augmentations"] is JsonArray changes ? [.. changes.Select(change => change!.ToString())] : [];

    /// <summary>The file NAME.training.cs.</summary>
    /// <exception cref="InvalidDataException">The run cannot be written as a program; the message says why.</exception>
    /// <exception cref="IOException">Its network is not there.</exception>
    public string Render()
    {
        if (Text("from") is { } from)
            throw new InvalidDataException($"{place}: the model went on from {from}, which is no pipeline of its own. Name the model's "
                + "file instead of the run, for a program that predicts alone.");
        return $$"""
            // The pipeline that made {{name}}.onnx. Equal images give the same model, bit for bit, on one machine.
            using Microsoft.ML;
            using MlPipelines;
            using MlPipelines.Networks;

            public static partial class {{name}}
            {
                /// <summary>The images that the model has learnt from.</summary>
                public const string TrainingImages = {{CodeText.Quoted(Text("folder")!)}};

                /// <summary>Trains the pipeline anew, saves the model, and judges it by images that it has not learnt from.</summary>
                /// <param name="modelPath">Where the model goes, a file .onnx.</param>
                /// <param name="folder">The images; those that the model has learnt from, if it is left out.</param>
                public static ClassificationReport Train(string modelPath, string folder = TrainingImages)
                {
                    var ml = new MLContext(seed: {{Text("seed")}});
                    var all = ml.Data.LoadFromImages(folder{{Table}}){{Groups}};
                    var images = all.Parts.GetValueOrDefault("train") ?? all;
            {{Indented(8, Division())}}
                    var classes = images.Classes.Length;
                    var load = ml.Transforms.LoadImages("Image", "ImagePath", {{Sizes}}, {{Resizing}}{{Colours}});
                    var pipeline = load
            {{Indented(12, Steps())}}
                    using var model = pipeline.Fit(train);
                    ml.Model.SaveAsOnnx(model, modelPath, images.Schema);
                    return ml.MulticlassClassification.Report(model.Transform(test));
                }
            }

            """;
    }

    string? Text(string key) => file[key] is JsonValue value ? value.ToString() : null;

    string Sizes => $"{Text("width")}, {Text("height")}";

    string Resizing => $"{nameof(ResizingKind)}.{ResizingText.Parse(Text("resizing")!)}";

    // A pattern for a table's paths has its parentheses, a column's name has none, as TableOptions.Load tells them apart.
    bool IsGroupedByColumn => Text("groupBy") is { } groups && !groups.Contains('(', StringComparison.Ordinal)
        && ImageSource.IsTable(Text("folder")!);

    string Groups => HasGroups && !IsGroupedByColumn ? $".GroupedBy({CodeText.Quoted(Text("groupBy")!)})" : "";

    string Table
    {
        get
        {
            string[] columns =
            [
                .. new[] { ("PathColumn", "pathColumn"), ("LabelColumn", "labelColumn"), ("SplitColumn", "splitColumn") }
                    .Where(column => Text(column.Item2) is not null)
                    .Select(column => $"{column.Item1} = {CodeText.Quoted(Text(column.Item2)!)}"),
                .. IsGroupedByColumn ? [$"GroupColumn = {CodeText.Quoted(Text("groupBy")!)}"] : Array.Empty<string>(),
                .. Text("noHeader") == "true" ? ["HasHeader = false"] : Array.Empty<string>(),
            ];
            return columns.Length == 0 ? "" : $", new() {{ {string.Join(", ", columns)} }}";
        }
    }

    // The trainer takes an eighth of what is left to watch: a tenth of all, and the very images that 'mlpipe train' watches. It knows no
    // groups.
    IEnumerable<string> Division()
    {
        if (Given("validation") is { } watched && !LearnsAtOnce)
            yield return $"var watched = {watched};";
        if (IsDividedByGroups && Given("test") is null && Share is null)
        {
            yield return "var split = ml.Data.TrainValidationTestSplit(images, validationFraction: 0.1, testFraction: 0.2,";
            yield return "    samplingKeyColumnName: \"Group\", stratificationColumn: \"Label\");";
            yield return "var (train, watched, test) = split;";
            yield break;
        }
        var rest = IsDividedByGroups ? "rest" : "train";
        if (Given("test") is { } tested)
        {
            yield return $"IDataView {rest} = images;";
            yield return $"IDataView test = {tested};";
        }
        else
        {
            yield return $"var split = {Split("images", "0.2")};";
            yield return $"var ({rest}, test) = (split.TrainSet, split.TestSet);";
        }
        if (!IsDividedByGroups)
            yield break;
        yield return $"var parts = {Split(rest, Share ?? "0.1")};";
        yield return "var (train, watched) = (parts.TrainSet, parts.TestSet);";
    }

    string Split(string rows, string fraction) => $"ml.Data.TrainTestSplit({rows}, testFraction: {fraction}"
        + $"{(HasGroups ? ", samplingKeyColumnName: \"Group\"" : "")}, stratificationColumn: \"Label\")";

    /// <summary>Share of what is not tested with that is watched; null for a tenth of all.</summary>
    string? Share => Text("validationShare");

    bool IsDividedByGroups => HasGroups && !LearnsAtOnce && Given("validation") is null;

    bool IsWatchedSet => !LearnsAtOnce && (Given("validation") is not null || IsDividedByGroups);

    string? Given(string part)
    {
        if (file[part] is not JsonObject given)
            return null;
        var source = given["folder"] is { } folder ? $"ml.Data.LoadFromImages({CodeText.Quoted(folder.ToString())}{Table})" : "all";
        return given["part"] is { } own ? $"{source}.Parts[{CodeText.Quoted(own.ToString())}]" : source;
    }

    string Colours => IsFromScratch || UsesPackaged ? "" : Named() switch
    {
        { IsGrey: true } => ", grayscale: true",
        { TakesAlpha: true } => ", keepAlpha: true",
        _ => "",
    };

    NamedNetwork Named() =>
        NamedNetwork.Read(Text("network")!, null, PretrainedModel.All, new(Text("networkOutput"), Text("cut")));

    IEnumerable<string> Steps()
    {
        if (Changes.Length > 0)
        {
            yield return ".Append(ml.Transforms.AugmentImages(\"Image\", AugmentationText.Parse(";
            yield return $"    {CodeText.Quoted(string.Join(", ", Changes))})))";
        }
        yield return ".Append(ml.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options";
        yield return "{";
        foreach (var option in Options())
            yield return $"    {option},";
        yield return "}))";
        yield return ".Append(ml.Transforms.Conversion.MapKeyToValue(\"PredictedLabel\"));";
    }

    IEnumerable<string> Options()
    {
        yield return "FeatureColumnName = \"Image\"";
        yield return $"Network = {Network()}";
        if (HeadKind is { } kind)
            yield return $"Head = {HeadOf(kind)}";
        if (HeadKind is not null && Changes.Length > 0 && Text("variants") is { } variants)
            yield return $"FeatureVariants = {variants}";
        yield return $"Resizing = {Resizing}";
        if (Text("labelSmoothing") is { } smoothing && smoothing != "0")
            yield return $"LabelSmoothing = {Number(smoothing)}";
        if (Text("weights") is { } weights && weights != nameof(ClassWeighting.None))
            yield return $"ClassWeighting = ClassWeighting.{weights}";
        if (Text("sampling") == nameof(BatchSampling.ClassBalanced))
            yield return "Sampling = BatchSampling.ClassBalanced";
        if (LearnsAtOnce)
            yield break;
        yield return $"Epoch = {Text("fineTune") ?? Text("epochs")}";
        yield return $"BatchSize = {Text("batch")}";
        yield return $"LearningRate = {Number(Text("learningRate")!)}";
        yield return IsFineTuned ? "FineTuning = new()" : "LearningRateScheduler = new OneCycle()";
        if (IsWatchedSet)
            yield return "ValidationSet = load.Fit(watched).Transform(watched)";
        else if (Share is not null || Given("test") is null)
            yield return $"ValidationSetFraction = {Number(Share ?? "0.125")}";
    }

    string Network()
    {
        if (IsFromScratch)
            return "Architectures.SmallCnn(classes)";
        var network = Text("network")!;
        var preset = Text("preprocessing") is { } kind && PreprocessingText.Names.Contains(kind)
            ? $"Preprocessing.{PreprocessingText.Parse(kind)!.Preset}" : null;
        var read = UsesPackaged ? "ResNet18.Load()"
            : PretrainedModel.All.Any(model => model.IsNamed(network))
                ? $"PretrainedModel.Find({CodeText.Quoted(network)}).Load({(preset is null ? "" : $"preprocessing: {preset}")})"
            : $"Network.FromOnnx({CodeText.Quoted(network)}, {preset ?? Unnamed()}"
                + $"{(Text("networkOutput") is { } output ? $", output: {CodeText.Quoted(output)}" : "")})";
        var cut = Text("cut") is { } layer ? $"{read}.CutAt({CodeText.Quoted(layer)})" : read;
        if (HeadKind is not null)
            return cut;
        return $"{cut}.Unfreeze().WithClassifier(new Dense(classes))"
            + $"{(Text("freeze") is { } text && new FrozenPart(text).Layer is { } upTo ? $".Freeze({CodeText.Quoted(upTo)})" : "")}";
    }

    // A model of this library prepares pixels itself; what its maker states in words has no name to write.
    string Unnamed() => Named() is { Texts.Count: > 0 } ? "Preprocessing.None"
        : throw new InvalidDataException($"{place}: what its network wants done with pixels, {Text("preprocessing")}, is no preset. Name "
            + "the model's file instead of the run, for a program that predicts alone.");

    string HeadOf(HeadKind kind) => !JsonNode.DeepEquals(PipelineFile.Members(kind.Create()), file["head"])
        ? throw new InvalidDataException($"{place}: its head is {file["head"]!.ToJsonString()}, which this version does not make. Was "
            + "it written by another version?")
        : kind switch
        {
            Cli.HeadKind.Linear => "new LinearHead()",
            Cli.HeadKind.Perceptron => "new MultilayerPerceptron(0.5f, 256)",
            Cli.HeadKind.Neighbours => "new NearestNeighbours()",
            Cli.HeadKind.Mean => "new NearestClassMean()",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    static string Number(string text) => CodeText.Single(float.Parse(text, CultureInfo.InvariantCulture));

    static string Indented(int spaces, IEnumerable<string> lines) =>
        string.Join('\n', lines.Select(line => new string(' ', spaces) + line));
}
