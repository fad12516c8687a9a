using System.Collections.Immutable;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines.Cli;

/// <summary>A network that the command line names, by its file or by a name of the catalogue.</summary>
/// <param name="Path">The file.</param>
/// <param name="Model">What the catalogue knows of it; null for a file that it does not know.</param>
/// <param name="Network">The network with its preprocessing: what is asked for, or else known,
/// or else what most published networks want.</param>
/// <param name="Hint">What its maker lets one conclude about its preprocessing; null where that is said or known, or nothing is
/// concluded.</param>
/// <param name="IsGuessed">Whether its preprocessing is neither said nor known.</param>
/// <param name="Texts">The texts that this library left in the file; none where others wrote it.</param>
sealed record NamedNetwork(string Path, PretrainedModel? Model, GraphNetwork Network, PreprocessingHint? Hint, bool IsGuessed,
    IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>How the images that it was trained with were brought to its size; null where that is not known.</summary>
    public ResizingKind? Resizing => LearntResizing ?? Model?.Resize;

    /// <summary>How this library brought images to its size, when it was trained; null for networks of others.</summary>
    public ResizingKind? LearntResizing =>
        Texts.TryGetValue(ImageClassifier.ResizeKey, out var text) && Enum.TryParse(text, out ResizingKind kind) ? kind : null;

    /// <param name="text">A file, or a name.</param>
    /// <param name="asked">The preprocessing that the user names; null for none.</param>
    /// <param name="models">The catalogue.</param>
    /// <param name="part">What of it is used; null for all.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or it was not downloaded yet.</exception>
    /// <exception cref="InvalidDataException">It is no network for images, or has no such layer.</exception>
    public static NamedNetwork Read(string text, Preprocessing? asked, IReadOnlyList<PretrainedModel> models, NetworkPart? part = null)
    {
        if (text.Equals(PackagedNetwork.ShortName, StringComparison.OrdinalIgnoreCase) && PackagedNetwork.Find() is { } packaged)
            return Of(packaged) with { Network = Changed(packaged.Network, asked, part) };
        var (path, model) = Find(text, models);
        var network = Networks.Network.FromOnnx(path, output: part?.Output);
        network = Cut(path, network, part);
        var texts = model is null ? Ours(path) : ImmutableDictionary<string, string>.Empty;
        if (texts.Count > 0 && asked is not null && asked != Preprocessing.None)
            throw new InvalidDataException($"{path}: is a model of this library, which prepares pixels itself "
                + $"({texts.GetValueOrDefault(ImageClassifier.PreprocessingKey, "among its layers")}), so that --preprocessing would come "
                + "on top. Leave it out.");
        var known = asked ?? (texts.Count > 0 ? Preprocessing.None : model?.Preprocessing);
        var hint = known is null ? PreprocessingHint.Of(File.ReadAllBytes(path), network.Channels) : null;
        return new(path, model,
            network.With(known ?? hint?.Preprocessing
                ?? (network.Channels == 3 ? Preprocessing.ImageNetTorch : Preprocessing.ZeroToOne)), hint,
            known is null && hint is not { IsStated: true }, texts);
    }

    static GraphNetwork Changed(GraphNetwork network, Preprocessing? asked, NetworkPart? part) =>
        Cut(PackagedNetwork.ShortName, asked is null ? network : network.With(asked), part);

    static GraphNetwork Cut(string name, GraphNetwork network, NetworkPart? part) => part?.Cut is not { } layer ? network
        : ErrorMessage.Naming($"{name}, --cut", () => (GraphNetwork)network.CutAt(layer));

    /// <summary>The images that it gets.</summary>
    /// <param name="size">The width and height asked for; null for those that it takes.</param>
    /// <exception cref="InvalidDataException">It takes any size, and none is asked for.</exception>
    public Input InputOf(int? size)
    {
        var takes = Network.Takes ?? Model?.Takes;
        return (size, takes) switch
        {
            ({ } side, _) => new(side, side, Network.Channels),
            (null, { } known) => known,
            _ => throw new InvalidDataException(
                $"{Path}: takes images of any size, needs one. Say it with --size; networks for ImageNet are used to 224."),
        };
    }

    /// <summary>The same with the preset that is written so, where its own is not known; unchanged where that is no preset, or
    /// null.</summary>
    public NamedNetwork PreparedAs(string? preprocessing) => IsGuessed && preprocessing is not null
        && Preprocessing.PresetsFor(Math.Min(3, Network.Channels)).FirstOrDefault(preset =>
            Network.With(preset).PreprocessingText == preprocessing) is { } known
                ? this with { Network = Network.With(known), IsGuessed = false } : this;

    /// <summary>Says what is taken where its preprocessing is not known.</summary>
    public void WarnOfGuess(Terminal terminal)
    {
        if (IsGuessed)
            terminal.Error($"warning: {Path}: what it wants done with pixels is not known, so {PreprocessingInWords} is taken"
                + $"{(Hint is { } hint ? $", {hint.Reason}" : "")}. "
                + $"If that is wrong, say it with --preprocessing: {string.Join(", ", PreprocessingText.Names)}; "
                + "'mlpipe evaluate' tries them all on labelled images.");
    }

    /// <summary>The network that a package brings along.</summary>
    public static NamedNetwork Of(PackagedNetwork packaged) =>
        new(packaged.Path, null, packaged.Network, null, IsGuessed: false, ImmutableDictionary<string, string>.Empty)
        {
            Name = packaged.Name,
            Asked = PackagedNetwork.ShortName,
        };

    /// <summary>What --network takes for it.</summary>
    public string Asked { get => field ?? Model?.Name ?? System.IO.Path.GetFullPath(Path); private init; }

    /// <summary>What messages call it.</summary>
    public string Name { get; private init; } = Path;

    /// <summary>Whether it was made for grey images.</summary>
    public bool IsGrey => Network.Channels == 1;

    /// <summary>Whether it was made for images with their alpha.</summary>
    public bool TakesAlpha => Network.Channels == 4;

    /// <exception cref="InvalidDataException">It takes other channels than files of images have.</exception>
    public void CheckTakesImages()
    {
        if (Network.Channels is not (1 or 3 or 4))
            throw new InvalidDataException($"{Path}: takes images of {Network.Channels} channels, but files of images have 1 (grey), "
                + "3 (red, green and blue) or 4 (with alpha). Take a network for those, or use this one by the library with vectors "
                + "[channels,height,width].");
    }

    /// <summary>What is done with pixels, in words.</summary>
    public string PreprocessingInWords => Texts.Count > 0 && Network.Preprocessing == Preprocessing.None
        ? $"{Texts.GetValueOrDefault(ImageClassifier.PreprocessingKey, "among its layers")}; in the file, which takes pixels from 0 to 255"
        : PreprocessingText.Of(Network.Preprocessing);

    static (string Path, PretrainedModel? Model) Find(string text, IReadOnlyList<PretrainedModel> models)
    {
        if (File.Exists(text))
            return (text, models.FirstOrDefault(model => model.IsIn(text)));
        var named = models.FirstOrDefault(model => model.IsNamed(text))
            ?? throw new FileNotFoundException(
                $"{text}: {(Directory.Exists(text) ? "is a folder" : "is neither a file nor the name of a known network")}, an .onnx file "
                    + $"or a name is needed. Check the path, or take one of {string.Join(", ", models.Select(model => model.Name))}.");
        return (named.File(), named);
    }

    static ImmutableDictionary<string, string> Ours(string path)
    {
        using var file = File.OpenRead(path);
        return OnnxMetadata.Read(file).Where(text => text.Key.StartsWith("mlpipelines.", StringComparison.Ordinal))
            .ToImmutableDictionary();
    }
}
