using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>Gives for each image how much each of its places speaks for a class, as numbers from 0 to 1, [height,width] of the images that
/// the network gets.</summary>
/// <param name="Onnx">The network: one input [N, C, H, W], pixels 0–255; one output [N, classes], probabilities.</param>
/// <param name="Labels">Names of the classes, in the order of the output.</param>
/// <param name="OutputColumn">Column of the maps.</param>
/// <param name="InputColumn">Column of images, of image files' bytes or paths, or of vectors [C, H, W].</param>
/// <remarks>An image that cannot be read has a map of NaN; a warning names it.</remarks>
public sealed record ImageHeatMapper(ReadOnlyMemory<byte> Onnx, ImmutableArray<string> Labels, string OutputColumn, string InputColumn)
    : BatchStep, IDisposable
{
    const string NetworkStream = "network";

    // Those that were disposed of are made again.
    Lazy<NetworkExplainer>? explainer;

    /// <inheritdoc cref="ImageHeatMapper"/>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Onnx { get; private init; } = Onnx;

    /// <inheritdoc cref="ImageHeatMapper"/>
    public string OutputColumn { get; } = Check.Named(OutputColumn);

    /// <inheritdoc cref="ImageHeatMapper"/>
    public string InputColumn { get; } = Check.Named(InputColumn);

    /// <summary>How it is found out.</summary>
    public Attribution Method { get; init; } = new GradCam();

    /// <summary>The class that is explained; null for the most probable one of each image.</summary>
    public string? ClassName { get; init; }

    /// <summary>How an image of another size is brought to the network's.</summary>
    public ResizingKind Resize { get; init; } = ResizingKind.IsoCrop;

    /// <summary>Frees the network's memory, if it was used.</summary>
    public void Dispose()
    {
        if (explainer is { IsValueCreated: true })
            explainer.Value.Dispose();
        explainer = null;
    }

    /// <inheritdoc/>
    public bool Equals(ImageHeatMapper? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    internal override ImmutableDictionary<string, ReadOnlyMemory<byte>> Streams => base.Streams.Add(NetworkStream, Onnx);

    internal override Step WithStreams(ImmutableDictionary<string, ReadOnlyMemory<byte>> streams) =>
        streams.TryGetValue(NetworkStream, out var onnx) ? this with { Onnx = onnx, explainer = null }
        : throw new InvalidDataException("its network is missing. Fetch the file again.");

    private protected override BatchMapping Mapping(DataViewSchema input)
    {
        var takes = Explainer.Input;
        takes.CheckAxes(NetworkInput.FeatureColumn(input, InputColumn));
        return new([InputColumn], ScoredNetwork.BatchSize, row => takes.Content(row[InputColumn], $"column '{InputColumn}', row {row.Id}"),
            Maps, [BatchColumn.Vector(OutputColumn, [takes.Height, takes.Width])]);
    }

    NetworkExplainer Explainer => LazyInitializer.EnsureInitialized(ref explainer, () => new(() =>
        NetworkExplainer.Of(new ImageClassifier(Onnx, Labels, InputColumn) { Resize = Resize, Device = Host?.Device() }, null))).Value;

    // Its sessions are made as they are needed, by one thread at a time.
    IReadOnlyList<float[]> Maps(IReadOnlyList<object> images)
    {
        var own = Explainer;
        lock (own)
            return [.. own.MapsOf(images, Method, ClassName).Select(map => map.Normalized())];
    }
}
