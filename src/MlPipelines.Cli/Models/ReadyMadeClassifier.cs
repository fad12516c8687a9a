using System.Collections.Immutable;
using MlPipelines.Execution;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>A classifier that others made, with what it takes and what its classes are called.</summary>
/// <param name="Named">The network.</param>
/// <param name="Labels">Names of its classes, in the order of its scores.</param>
/// <param name="Input">The images that it gets.</param>
/// <param name="Device">Where it runs.</param>
sealed record ReadyMadeClassifier(NamedNetwork Named, ImmutableArray<string> Labels, Input Input, Device Device)
{
    /// <summary>The most images that presets of preprocessing are tried on.</summary>
    const int MostCompared = 240;

    /// <summary>What its steps were made for: paths.</summary>
    public static DataViewSchema Schema => NoFiles().Schema;

    ResizingKind Resizing => Named.Resizing ?? ResizingText.Default;

    /// <summary>Reads one, and says what is done differently from the file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, gives no scores of classes, or does not name them.</exception>
    public static ReadyMadeClassifier Read(Terminal terminal, ModelFile file)
    {
        var named = NetworkOf(terminal, file);
        var input = named.InputOf(file.Size);
        return ErrorMessage.Naming(file.Path, () =>
            new ReadyMadeClassifier(named, Names(named, file.Labels, ImageClassifier.ClassesOf(named.Network, input)), input, file.Device));
    }

    /// <summary>A network made elsewhere, to look into: it may end in features, or leave its classes without names.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or there are more or fewer names than classes.</exception>
    public static NetworkExplainer Explain(Terminal terminal, ModelFile file) => Explain(terminal, file, out _, out _);

    /// <summary>The steps from paths to what such a network sees.</summary>
    /// <param name="terminal">Where warnings go.</param>
    /// <param name="ml">The context.</param>
    /// <param name="file">The network.</param>
    /// <param name="features">The layer, null for what a classifier starts from, and the column of its numbers.</param>
    /// <inheritdoc cref="Explain(Terminal, ModelFile)"/>
    public static ITransformer Featurizer(Terminal terminal, MLContext ml, ModelFile file, (string? Layer, string Column) features)
    {
        using var explainer = Explain(terminal, file, out var named, out var input);
        var step = ErrorMessage.Naming(file.Path, () => explainer.Featurizer(features.Layer, "Image", features.Column));
        return new TransformerChain<ITransformer>([Loading(ml, named, input).Fit(NoFiles()), step]);
    }

    static NetworkExplainer Explain(Terminal terminal, ModelFile file, out NamedNetwork named, out Input input)
    {
        var network = NetworkOf(terminal, file);
        network.WarnOfGuess(terminal);
        var image = network.InputOf(file.Size);
        (named, input) = (network, image);
        return ErrorMessage.Naming(file.Path, () =>
        {
            var classes = network.Network.Inspect().HasClassifier ? ImageClassifier.ClassesOf(network.Network, image) : 0;
            return new NetworkExplainer(network.Network, classes == 0 ? null : KnownNames(network, file.Labels, classes), image,
                network.Resizing ?? ResizingText.Default, file.Device);
        });
    }

    /// <summary>Its steps: from paths to the names of the most probable classes.</summary>
    /// <exception cref="InvalidDataException">There are more or fewer names than classes.</exception>
    public TransformerChain<ITransformer> Steps(MLContext ml)
    {
        var classifier = ErrorMessage.Naming(Named.Path, () => ImageClassifier.FromNetwork(Named.Network, Labels, "Image", Input));
        var files = NoFiles();
        var chain = Loading(ml, Named, Input).Fit(files)
            .Append(classifier with { Resize = Resizing, Device = Device });
        return new([.. chain, ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(chain.Transform(files))]);
    }

    /// <summary>The same with the preprocessing by which it is right most often on these images, where it is not known. It says what is
    /// done.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="ml">The context.</param>
    /// <param name="images">Images with their classes.</param>
    public ReadyMadeClassifier Prepared(Terminal terminal, MLContext ml, LabelledImages images)
    {
        if (!Named.IsGuessed || !images.Classes.Intersect(Labels.Select(NormalForm.Of)).Any())
            return this;
        var compared = Compared(ml, images, terminal.Cancellation);
        var best = compared.Best(Named.Network.Preprocessing);
        terminal.Line($"{Named.Path}: what it wants done with pixels is not known; right of {compared.Images} of these images: "
            + $"{PreprocessingText.Of(compared)}. {PreprocessingText.Of(best)} is taken; --preprocessing takes another.");
        return this with { Named = Named with { Network = Named.Network.With(best), IsGuessed = false } };
    }

    PreprocessingComparison Compared(MLContext ml, LabelledImages images, CancellationToken cancellation)
    {
        var sample = ClassSample.Of(images, "Label", MostCompared, [.. Labels.Select(NormalForm.Of)]);
        ImmutableArray<bool>? RightBy(Preprocessing preset)
        {
            try
            {
                var rows = EvaluationVerbs.Rows(ml.MulticlassClassification, With(preset).Steps(ml).Transform(sample), columns: null,
                    cancellation: cancellation).Rows;
                return [.. rows.Select(row => row.Label == row.Predicted)];
            }
            catch (NotFiniteNumberException)
            {
                // Pixels of a range that it was not made for.
                return null;
            }
        }
        var tried = Preprocessing.PresetsFor(Math.Min(Input.Channels, Named.Network.Channels))
            .Select(preset => (Preset: preset, Right: RightBy(preset))).ToArray();
        ImmutableArray<bool> none = [.. new bool[tried.Max(one => one.Right?.Length ?? 0)]];
        return new([.. tried.Select(one => new PreprocessingAccuracy(one.Preset, one.Right ?? none))
            .OrderByDescending(one => one.Accuracy)]);
    }

    ReadyMadeClassifier With(Preprocessing preprocessing) =>
        this with { Named = Named with { Network = Named.Network.With(preprocessing) } };

    static StepEstimator<ImageLoader> Loading(MLContext ml, NamedNetwork named, Input input) => ml.Transforms.LoadImages("Image",
        RowSelection.PathColumn, input.Width, input.Height, named.Resizing ?? ResizingText.Default, keepAlpha: named.TakesAlpha);

    static SourceView NoFiles() => new(0, [SourceColumn.Text(RowSelection.PathColumn, _ => "")]);

    static NamedNetwork NetworkOf(Terminal terminal, ModelFile file)
    {
        var named = NamedNetwork.Read(file.Path, file.Preprocessing, PretrainedModel.All, new(file.Output, Cut: null));
        named.CheckTakesImages();
        foreach (var warning in named.Network.Warnings)
            terminal.Error($"warning: {warning}");
        return named;
    }

    static ImmutableArray<string>? KnownNames(NamedNetwork named, string? labels, int classes) =>
        labels is not null ? ClassNames.Read(labels) : ClassNames.OfFile(File.ReadAllBytes(named.Path), classes);

    static ImmutableArray<string> Names(NamedNetwork named, string? labels, int classes) => KnownNames(named, labels, classes)
        ?? throw new InvalidDataException($"{named.Path}: was made elsewhere and "
            + (ClassNames.CountIn(File.ReadAllBytes(named.Path)) is var (place, count)
                ? $"names {count} classes in its {place}, but scores {classes}" : $"does not name its {classes} classes")
            + ". Name them with --labels FILE, one a line in the order of its scores; or train a head on it: "
            + "'mlpipe train FOLDER --network'.");
}
