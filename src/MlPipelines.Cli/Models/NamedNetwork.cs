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
    /// <summary>How images are brought to its size.</summary>
    public ResizingKind Resizing => Model?.Resize ?? ResizingKind.IsoCrop;

    /// <param name="text">A file, or a name.</param>
    /// <param name="asked">The preprocessing that the user names; null for none.</param>
    /// <param name="models">The catalogue.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or it was not downloaded yet.</exception>
    /// <exception cref="InvalidDataException">It is no network for images.</exception>
    public static NamedNetwork Read(string text, Preprocessing? asked, IReadOnlyList<PretrainedModel> models)
    {
        var (path, model) = Find(text, models);
        var network = Networks.Network.FromOnnx(path);
        var texts = model is null ? Ours(path) : ImmutableDictionary<string, string>.Empty;
        if (texts.Count > 0 && asked is not null && asked != Preprocessing.None)
            throw new InvalidDataException($"{path}: is a model of this library, which prepares pixels itself "
                + $"({texts.GetValueOrDefault(ImageClassifier.PreprocessingKey, "among its layers")}), so that --preprocessing would come "
                + "on top. Leave it out.");
        var known = asked ?? (texts.Count > 0 ? Preprocessing.None : model?.Preprocessing);
        var hint = known is null ? PreprocessingHint.Of(File.ReadAllBytes(path), network.Takes?.Channels ?? 3) : null;
        return new(path, model,
            network.With(known ?? hint?.Preprocessing
                ?? (network.Takes?.Channels == 1 ? Preprocessing.ZeroToOne : Preprocessing.ImageNetTorch)), hint,
            known is null && hint is not { IsStated: true }, texts);
    }

    /// <summary>The images that it gets.</summary>
    /// <param name="size">The width and height asked for; null for those that it takes.</param>
    /// <exception cref="InvalidDataException">It takes any size, and none is asked for.</exception>
    public Input InputOf(int? size)
    {
        var takes = Network.Takes ?? Model?.Takes;
        return (size, takes) switch
        {
            ({ } side, _) => new(side, side, takes?.Channels ?? 3),
            (null, { } known) => known,
            _ => throw new InvalidDataException(
                $"{Path}: takes images of any size, needs one. Say it with --size; networks for ImageNet are used to 224."),
        };
    }

    /// <summary>Says what is taken where its preprocessing is not known.</summary>
    public void WarnOfGuess(Terminal terminal)
    {
        if (IsGuessed)
            terminal.Error($"warning: {Path}: what it wants done with pixels is not known, so {PreprocessingInWords} is taken"
                + $"{(Hint is { } hint ? $", {hint.Reason}" : "")}. "
                + $"If that is wrong, say it with --preprocessing: {string.Join(", ", PreprocessingText.Names)}.");
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

    static ImmutableDictionary<string, string> Ours(string path) =>
        OnnxMetadata.Read(File.ReadAllBytes(path)).Where(text => text.Key.StartsWith("mlpipelines.", StringComparison.Ordinal))
        .ToImmutableDictionary();
}
