using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Execution;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Scores images with a network and names the most probable class.</summary>
/// <param name="Onnx">The network: one input [N, C, H, W], pixels 0–255, RGB or grey; one output [N, classes], probabilities. Normalisation is in the graph.</param>
/// <param name="Labels">Names of the classes, in the order of the output.</param>
/// <param name="FeatureColumn">Column of images, of image files' bytes, or of vectors [C, H, W] that are fed as they are.</param>
/// <param name="LabelColumn">Column of the labels that it was trained on; not needed for scoring.</param>
/// <param name="ScoreColumn">Column for the probabilities of the classes.</param>
/// <param name="PredictedLabelColumn">Column for the most probable class, a key.</param>
/// <param name="Resize">How an image of another size is brought to the network's.</param>
/// <param name="BatchSize">The most images in one run of the network.</param>
/// <param name="Device">Where the network runs; null for the processor.</param>
/// <param name="TestTimeAugmentation">The versions of each image whose scores are averaged; null for the image alone.</param>
/// <remarks>Blocks of rows are read in parallel and scored in one run when the first of their scores is asked for, and then remembered.</remarks>
public sealed record ImageClassifier(ReadOnlyMemory<byte> Onnx, ImmutableArray<string> Labels, string FeatureColumn, string? LabelColumn = null, string ScoreColumn = "Score",
    string PredictedLabelColumn = "PredictedLabel", ResizingKind Resize = ResizingKind.IsoCrop, int BatchSize = 64, Device? Device = null,
    TestTimeAugmentation? TestTimeAugmentation = null) : IOnnxModel, IDisposable
{
    /// <summary>The metadata key of <see cref="Preprocessing"/>.</summary>
    public const string PreprocessingKey = Networks.Preprocessing.MetadataKey;

    Lazy<ClassifierNetwork>? network;

    [JsonIgnore]
    public ReadOnlyMemory<byte> Onnx { get; private init; } = Onnx;

    [JsonIgnore]
    public Device? Device { get; private init; } = Device;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TestTimeAugmentation? TestTimeAugmentation { get; private init; } = TestTimeAugmentation;

    /// <summary>What the network does with pixels before its first layer, as <see cref="Networks.Preprocessing"/> says it; null where that is among the layers themselves. It is part of the graph, so nothing has to be done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preprocessing { get; init; }

    public ImmutableArray<string> Labels { get; } = Labels is { IsDefaultOrEmpty: false } ? Labels : throw new ArgumentException("ImageClassifier: got no labels, the name of each class is needed.");
    public string FeatureColumn { get; } = Check.Named(FeatureColumn);
    public int BatchSize { get; } = Check.AtLeast(BatchSize, 1);

    [JsonIgnore]
    public ImmutableArray<string> InputColumns => [FeatureColumn];

    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Metadata
    {
        get
        {
            var texts = new Dictionary<string, string>
            {
                ["mlpipelines.labels"] = JsonSerializer.Serialize(Labels),
                ["mlpipelines.resize"] = Resize.ToString(),
                ["mlpipelines.colours"] = Network.Input.Channels == 1 ? "Grey" : "RGB",
            };
            if (Preprocessing is not null)
                texts[PreprocessingKey] = Preprocessing;
            return texts;
        }
    }

    /// <summary>The network made ready, once, when it is first used.</summary>
    internal ClassifierNetwork Network => LazyInitializer.EnsureInitialized(ref network, () => new(() => new(Onnx, Labels.Length, Resize, Device))).Value;

    public ITransformer WithOnnx(ReadOnlyMemory<byte> onnx, Device device) => this with { Onnx = onnx, Device = device, network = null };

    /// <summary>The same classifier on another device.</summary>
    public ImageClassifier On(Device device) => this with { Device = device, network = null };

    /// <summary>The same classifier with other versions of each image.</summary>
    public ImageClassifier With(TestTimeAugmentation? augmentation) => this with { TestTimeAugmentation = augmentation, network = null };

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Find(FeatureColumn);
        var fits = column.Type switch
        {
            ImageDataViewType => true,
            VectorDataViewType vector => vector.Item == typeof(byte) || vector.Item == typeof(float),
            _ => false,
        };
        if (!fits)
            throw new ArgumentException($"Column '{FeatureColumn}': holds {column.Type}, images, encoded images (Byte[]) or vectors of Single are needed.");
        if (TestTimeAugmentation is not null && column.Type is VectorDataViewType { Item: var item } && item == typeof(float))
            throw new ArgumentException($"Column '{FeatureColumn}': holds {column.Type}, of which there are no versions for test-time augmentation: images are needed. Use WithTestTimeAugmentation(null) to score it as it is.");
        return input
            .With(new(ScoreColumn, new VectorDataViewType(typeof(float), [Labels.Length]) { SlotNames = Labels }))
            .With(new(PredictedLabelColumn, new KeyDataViewType(Labels)));
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (schema, feature) = (GetOutputSchema(input.Schema), input.Schema.Find(FeatureColumn).Index);
        string Name(DataViewRow row) => $"column '{FeatureColumn}', row {row.Id}";
        (DataViewSchema.Column, Func<float[], object>)[] columns =
        [
            (schema[ScoreColumn], scores => scores.Clone()),
            (schema[PredictedLabelColumn], scores => (uint)Array.IndexOf(scores, scores.Max()) + 1),
        ];
        if (TestTimeAugmentation is null)
            return new BlockedView<float[], float[]>(input, BatchSize, row => Network.Input.Features(row.GetValue(feature), Name(row)), Network.Score, columns);
        var scoring = new VersionScoring(Network, TestTimeAugmentation);
        return new BlockedView<float[][], float[]>(input, Math.Max(BatchSize / scoring.Count, 1), row => scoring.Features(row.GetValue(feature), Name(row)), scoring.Score, columns);
    }

    public void Dispose()
    {
        if (network is { IsValueCreated: true })
            network.Value.Dispose();
    }

    public bool Equals(ImageClassifier? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
