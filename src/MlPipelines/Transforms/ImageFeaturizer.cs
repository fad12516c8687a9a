using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>Gives the features that a network sees in each image, as a vector that any trainer of ML.NET takes.</summary>
/// <param name="Onnx">The network up to its features: one input [N, C, H, W], pixels 0–255; one output of a known size.</param>
/// <param name="OutputColumn">Column of the features.</param>
/// <param name="InputColumn">Column of images, of image files' bytes or paths, or of vectors [C, H, W].</param>
/// <param name="Resize">How an image of another size is brought to the network's.</param>
/// <param name="BatchSize">The most images in one run of the network.</param>
/// <remarks>
/// Rows are decoded by several threads and run in batches ahead of whoever asks. The features of a view are kept once all have gone by (1
/// GiB at most), so that a trainer may pass as often as it likes.
/// An image that cannot be read has NaN features; a warning names it.
/// </remarks>
public sealed record ImageFeaturizer(ReadOnlyMemory<byte> Onnx, string OutputColumn, string InputColumn,
    ResizingKind Resize = ResizingKind.IsoCrop, int BatchSize = 32) : BatchStep, IOfFile, IDisposable
{
    const string NetworkStream = "network";
    const long MostRemembered = 1L << 30;

    NetworkOnDemand? network;

    /// <inheritdoc cref="ImageFeaturizer"/>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Onnx { get; private init; } = Onnx;

    /// <inheritdoc cref="ImageFeaturizer"/>
    public string OutputColumn { get; } = Check.Named(OutputColumn);

    /// <inheritdoc cref="ImageFeaturizer"/>
    public int BatchSize { get; } = Check.AtLeast(BatchSize, 1);

    /// <summary>Where the network runs; null for where the context says.</summary>
    [JsonIgnore]
    internal Device? Device { get; init; }

    /// <summary>The most bytes of features that are kept for those who pass again; 0 keeps none.</summary>
    [JsonIgnore]
    internal long Kept { get; init; } = MostRemembered;

    internal override ImmutableDictionary<string, ReadOnlyMemory<byte>> Streams => base.Streams.Add(NetworkStream, Onnx);

    string? IOfFile.File { get; set; }

    ImageNetwork Network =>
        LazyInitializer.EnsureInitialized(ref network,
            () => new(() => new(Onnx, null, Resize, Device ?? Host?.Device(), ((IOfFile)this).File ?? nameof(ImageFeaturizer)))).Open();

    /// <summary>Frees the network's memory, if it was used.</summary>
    public void Dispose() => network?.Dispose();

    /// <inheritdoc/>
    public bool Equals(ImageFeaturizer? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override Step WithStreams(ImmutableDictionary<string, ReadOnlyMemory<byte>> streams) =>
        streams.TryGetValue(NetworkStream, out var onnx) ? this with { Onnx = onnx, network = null }
        : throw new InvalidDataException("its network is missing. Fetch the file again.");

    private protected override BatchMapping Mapping(DataViewSchema input)
    {
        Network.Input.CheckAxes(NetworkInput.FeatureColumn(input, InputColumn));
        return new([InputColumn], BatchSize, row => Network.Input.Content(row[InputColumn], $"column '{InputColumn}', row {row.Id}"),
            rows => Network.Run(rows),
            [BatchColumn.Vector(OutputColumn, Network.Sizes)], Kept);
    }
}

/// <summary>Features of images for ML.NET's trainers.</summary>
public static class ImageFeaturizerCatalog
{
    /// <summary>Gives the features that a network sees in each image, as a vector for any trainer of ML.NET: LbfgsMaximumEntropy,
    /// SdcaMaximumEntropy, LightGbm.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the features.</param>
    /// <param name="inputColumnName">Column of images, of image files' bytes or paths, or of vectors [C, H, W].</param>
    /// <param name="network">A network that has learnt, such as <see cref="Network.FromOnnx"/> reads it;
    /// it is cut where its classifier begins.</param>
    /// <param name="input">The images that the network gets; null for those that it takes.</param>
    /// <param name="resizing">How an image of another size is brought to the network's.</param>
    /// <exception cref="ArgumentException">The network takes any size, and none is given.</exception>
    public static StepEstimator<ImageFeaturizer> FeaturizeImages(this TransformsCatalog catalog, string outputColumnName,
        string inputColumnName, Network network, Input? input = null, ResizingKind resizing = ResizingKind.IsoCrop)
    {
        ArgumentNullException.ThrowIfNull(network);
        input ??= network.Takes
            ?? throw new ArgumentException("FeaturizeImages: the network takes images of any size, needs one. Give an input, such as "
                + "new Input(224, 224, 3).", nameof(network));
        var host = catalog.Host();
        var features = network.CutAtFeatures().Build(input.Height, input.Width, input.Channels).Initialize(host.Seed());
        return new(host, new(OnnxFile.Write(features), outputColumnName, Check.Named(inputColumnName), resizing));
    }
}
