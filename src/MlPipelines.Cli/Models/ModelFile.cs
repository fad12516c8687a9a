using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>The model that a command names, and what is said of it where others made it.</summary>
sealed record ModelFile
{
    public string Path { get; init; } = "";

    /// <summary>Where the names of its classes stand; null for those in the file.</summary>
    public string? Labels { get; init; }

    /// <summary>What it wants done with pixels; null for what is known of it.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Width and height of its images; null for those that it takes.</summary>
    public int? Size { get; init; }

    public Device Device { get; init; } = Device.Cpu;

    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Existing(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a model file (.zip or "
            + ".onnx) is needed. Check the path, or make one with 'mlpipe train'.");

    /// <summary>The model, its networks on the device, and the columns that it was fitted on (null if they were left out).</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no model; the message names it.</exception>
    public ITransformer Load(Terminal terminal, MLContext ml, out DataViewSchema? inputSchema)
    {
        if (IsOfOthers())
            return OfOthers(terminal, ml, out inputSchema);
        var model = ml.Model.LoadModel(Existing(Path), out inputSchema);
        var given = Labels is not null ? "--labels" : Preprocessing is not null ? "--preprocessing" : Size is not null ? "--size" : null;
        if (given is { } idle)
            throw new InvalidDataException($"{idle}: is about networks made elsewhere, {Path} is a model of this library, which knows that "
                + "itself. Leave it out.");
        return Device == Device.Cpu ? model
            : new TransformerChain<ITransformer>(
                [.. model.ScoringSteps().Select(step => step is ImageClassifier classifier ? classifier.On(Device) : step)]);
    }

    // A file that is no ONNX file at all is left to the loading of models, which says so.
    bool IsOfOthers()
    {
        if (!File.Exists(Path))
            return PretrainedModel.All.Any(model => model.IsNamed(Path));
        try
        {
            return !OnnxMetadata.Read(File.ReadAllBytes(Path)).ContainsKey(OnnxModelFile.PipelineKey);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    TransformerChain<ITransformer> OfOthers(Terminal terminal, MLContext ml, out DataViewSchema inputSchema)
    {
        var named = NamedNetwork.Read(Path, Preprocessing, PretrainedModel.All);
        named.CheckTakesImages();
        foreach (var warning in named.Network.Warnings)
            terminal.Error($"warning: {Path}: {warning}");
        named.WarnOfGuess(terminal);
        var (input, resizing) = (named.InputOf(Size), named.Resizing ?? ResizingText.Default);
        ImageClassifier classifier;
        try
        {
            classifier = ImageClassifier.FromNetwork(named.Network, Names(named, ImageClassifier.ClassesOf(named.Network, input)), "Image",
                input);
        }
        catch (Exception exception) when (exception is ArgumentException or Graphs.GraphException)
        {
            throw new InvalidDataException($"{Path}: {ErrorMessage.Of(exception)}", exception);
        }
        var files = new SourceView(0, [SourceColumn.Text(RowSelection.PathColumn, _ => "")]);
        inputSchema = files.Schema;
        var chain = ml.Transforms.LoadImages("Image", RowSelection.PathColumn, input.Width, input.Height, resizing,
            keepAlpha: named.TakesAlpha).Fit(files)
            .Append(classifier with { Resize = resizing, Device = Device });
        return new([.. chain, ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(chain.Transform(files))]);
    }

    IReadOnlyList<string> Names(NamedNetwork named, int classes) => Labels is not null ? ClassNames.Read(Labels)
        : ClassNames.OfMetadata(OnnxMetadata.Read(File.ReadAllBytes(named.Path)), classes)
        ?? throw new InvalidDataException($"{Path}: was made elsewhere and does not name its {classes} classes. Name them with --labels "
            + "FILE, one a line in the order of its scores; or train a head on it: 'mlpipe train FOLDER --network'.");
}
