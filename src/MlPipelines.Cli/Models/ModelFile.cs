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

    /// <summary>Which of its values gives the scores; null for its only output.</summary>
    public string? Output { get; init; }

    public Device Device { get; init; } = Device.Cpu;

    /// <summary>The file that it lies in, where it is asked for by a name of the catalogue too.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public string FilePath => File.Exists(Path) || PretrainedModel.All.FirstOrDefault(model => model.IsNamed(Path)) is not { } known
        ? Existing(Path) : known.File();

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
        {
            var classifier = ReadyMadeClassifier.Read(terminal, this);
            classifier.Named.WarnOfGuess(terminal);
            inputSchema = ReadyMadeClassifier.Schema;
            return classifier.Steps(ml);
        }
        var model = ml.Model.LoadModel(Existing(Path), out inputSchema);
        var given = Labels is not null ? "--labels" : Preprocessing is not null ? "--preprocessing" : Size is not null ? "--size"
            : Output is not null ? "--network-output" : null;
        if (given is { } idle)
            throw new InvalidDataException($"{idle}: is about networks made elsewhere, {Path} is a model of this library, which knows that "
                + "itself. Leave it out.");
        return Device == Device.Cpu ? model
            : new TransformerChain<ITransformer>(
                [.. model.ScoringSteps().Select(step => step is ImageClassifier classifier ? classifier.On(Device) : step)]);
    }

    /// <summary>The model, to look into; a network made elsewhere may end in features, or leave its classes without names.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no model; the message names it.</exception>
    public NetworkExplainer Explain(Terminal terminal)
    {
        var ml = terminal.Context(seed: 0);
        return IsOfOthers() ? ReadyMadeClassifier.Explain(terminal, this) : ml.Model.Explain(Load(terminal, ml, out _));
    }

    /// <summary>The model to be judged on images, of which it has to know a class, and by which a preprocessing that is not known is
    /// chosen. Its file is read at once.</summary>
    /// <inheritdoc cref="Load"/>
    public Func<LabelledImages, ITransformer> LoadToJudge(Terminal terminal, MLContext ml)
    {
        if (IsOfOthers())
        {
            var classifier = ReadyMadeClassifier.Read(terminal, this);
            return images => Knowing(images, classifier.Prepared(terminal, ml, images).Steps(ml));
        }
        var model = Load(terminal, ml, out _);
        return images => Knowing(images, model);
    }

    ITransformer Knowing(LabelledImages images, ITransformer model)
    {
        if (KnownClasses.Of(model.GetOutputSchema(images.Schema)) is { } known)
            KnownClasses.CheckCommon(images, known, Path);
        return model;
    }

    /// <summary>The model to judge shares of images by, each share for itself; of all of them it has to know a class.</summary>
    /// <inheritdoc cref="Load"/>
    public ITransformer LoadForShards(Terminal terminal, MLContext ml, LabelledImages images)
    {
        if (!IsOfOthers())
            return Knowing(images, Load(terminal, ml, out _));
        var classifier = ReadyMadeClassifier.Read(terminal, this);
        return !classifier.Named.IsGuessed ? Knowing(images, classifier.Steps(ml))
            : throw new InvalidDataException($"{Path}: what it wants done with pixels is not known, and would have to be tried on all "
                + "images. Say it with --preprocessing.");
    }

    /// <summary>The model up to its features, from paths to a column of numbers.</summary>
    /// <param name="terminal">Where warnings go.</param>
    /// <param name="ml">The context.</param>
    /// <param name="layer">The layer whose numbers are taken; null for those that the classifier starts from.</param>
    /// <param name="output">Column of the numbers.</param>
    /// <param name="inputSchema">The columns that it was fitted on; null if they were left out.</param>
    /// <exception cref="InvalidDataException">The file is damaged or no model; the message names it.</exception>
    public ITransformer Featurizer(Terminal terminal, MLContext ml, string? layer, string output, out DataViewSchema? inputSchema)
    {
        if (IsOfOthers())
        {
            inputSchema = ReadyMadeClassifier.Schema;
            return ReadyMadeClassifier.Featurizer(terminal, ml, this, (layer, output));
        }
        var model = Load(terminal, ml, out inputSchema);
        using var explainer = ml.Model.Explain(model);
        var steps = model.ScoringSteps().ToArray();
        var classifier = steps.OfType<ImageClassifier>().Last();
        return new TransformerChain<ITransformer>([.. steps[..Array.LastIndexOf(steps, classifier)],
            explainer.Featurizer(layer, classifier.FeatureColumn, output)]);
    }

    /// <summary>Whether it is a network made elsewhere; a file that is no ONNX file at all is left to the loading of models, which says
    /// so.</summary>
    public bool IsOfOthers()
    {
        if (!File.Exists(Path))
            return PretrainedModel.All.Any(model => model.IsNamed(Path));
        try
        {
            using var file = File.OpenRead(Path);
            return !OnnxMetadata.Read(file).ContainsKey(OnnxModelFile.PipelineKey);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
