using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Execution;

namespace MlPipelines;

/// <summary>Scores images with a network and names the most probable class.</summary>
/// <param name="Onnx">The network: one input [N, C, H, W], pixels 0–255, RGB, grey or RGBA; one output [N, classes], probabilities.
/// Normalisation is in the graph.</param>
/// <param name="Labels">Names of the classes, in the order of the output; kept in Unicode's normal form C, as all names of classes.</param>
/// <param name="FeatureColumn">Column of images, of image files' bytes or paths, or of vectors [C, H, W] that are fed as they are.</param>
/// <remarks>
/// Rows are decoded by several threads and scored in batches ahead of whoever asks. An image that cannot be read leaves its row without
/// scores (NaN) and without a class (0); a warning names it.
/// </remarks>
public sealed partial record ImageClassifier(ReadOnlyMemory<byte> Onnx, ImmutableArray<string> Labels, string FeatureColumn)
    : BatchStep, IOnnxModel, IOfFile, IDisposable
{
    const string NetworkStream = "network";

    /// <summary>The metadata key of <see cref="Preprocessing"/>.</summary>
    public const string PreprocessingKey = Networks.Preprocessing.MetadataKey;

    /// <summary>The metadata key of <see cref="Resize"/>.</summary>
    internal const string ResizeKey = "mlpipelines.resize";

    NetworkOnDemand? network;

    /// <inheritdoc cref="ImageClassifier"/>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Onnx { get; private init; } = Onnx;

    /// <summary>Column of the labels that it was trained on; not needed for scoring.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Column for the probabilities of the classes.</summary>
    public string ScoreColumn { get; init; } = "Score";

    /// <summary>Column for the most probable class, a key.</summary>
    public string PredictedLabelColumn { get; init; } = "PredictedLabel";

    /// <summary>How an image of another size is brought to the network's.</summary>
    public ResizingKind Resize { get; init; } = ResizingKind.IsoCrop;

    /// <summary>Where the network runs; null for the processor.</summary>
    [JsonIgnore]
    public Device? Device { get; init; }

    /// <summary>The versions of each image whose scores are averaged; null for the image alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TestTimeAugmentation? TestTimeAugmentation { get; init; }

    /// <summary>What the network does with pixels before its first layer, as <see cref="Networks.Preprocessing"/> says it; null where that
    /// is among the layers themselves. It is part of the graph, so nothing has to be done.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Preprocessing { get; init; }

    /// <summary>The metadata key of <see cref="Kept"/>.</summary>
    public const string KeptKey = "mlpipelines.kept";

    /// <summary>Which epoch of its training it is, and the figure that was chosen by; null where nothing was chosen.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kept { get; init; }

    /// <summary>Number of that epoch, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? KeptEpoch { get; init; }

    /// <summary>The penalty of the weights of its <see cref="LinearHead"/>, given or chosen by cross-validation; null where it has none, or
    /// the whole network was learnt.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? L2Regularization { get; init; }

    /// <summary>The images that it has learnt from; null where that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LearntImages? LearntFrom { get; init; }

    /// <inheritdoc cref="ImageClassifier"/>
    public ImmutableArray<string> Labels { get; } = Labels is { IsDefaultOrEmpty: false } ? [.. Labels.Select(NormalForm.Of)]
        : throw new ArgumentException("ImageClassifier: got no labels, the name of each class is needed.");

    /// <inheritdoc cref="ImageClassifier"/>
    public string FeatureColumn { get; } = Check.Named(FeatureColumn);

    /// <summary>The most images in one run of the network.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 1, nameof(BatchSize)); } = 64;

    string? IOfFile.File { get; set; }

    ImmutableArray<string> IOnnxModel.InputColumns => [FeatureColumn];

    string? IOnnxModel.OutputColumn => TestTimeAugmentation is null ? ScoreColumn : null;

    IReadOnlyDictionary<string, string> IOnnxModel.Metadata
    {
        get
        {
            var texts = new Dictionary<string, string>
            {
                ["mlpipelines.labels"] = JsonSerializer.Serialize(Labels),
                [ResizeKey] = Resize.ToString(),
                ["mlpipelines.colours"] = Network.Input.Channels switch { 1 => "Grey", 4 => "RGBA", _ => "RGB" },
            };
            if (Preprocessing is not null)
                texts[PreprocessingKey] = Preprocessing;
            if (Kept is not null)
                texts[KeptKey] = Kept;
            return texts;
        }
    }

    internal override ImmutableDictionary<string, ReadOnlyMemory<byte>> Streams => base.Streams.Add(NetworkStream, Onnx);

    /// <summary>The network made ready, once, when it is first used.</summary>
    internal ImageNetwork Network => OnDemand.Open();

    NetworkOnDemand OnDemand => LazyInitializer.EnsureInitialized(ref network, () => new(Open));

    /// <summary>The same classifier on another device.</summary>
    public ImageClassifier On(Device device) => this with { Device = device, network = null };

    /// <summary>The same classifier with other versions of each image.</summary>
    public ImageClassifier With(TestTimeAugmentation? augmentation) => this with { TestTimeAugmentation = augmentation, network = null };

    /// <summary>Frees the network's memory, if it was used.</summary>
    public void Dispose() => network?.Dispose();

    /// <inheritdoc/>
    public bool Equals(ImageClassifier? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    Step IOnnxModel.WithOnnx(ReadOnlyMemory<byte> onnx) => this with { Onnx = onnx, network = null };

    internal override Step WithStreams(ImmutableDictionary<string, ReadOnlyMemory<byte>> streams) =>
        streams.TryGetValue(NetworkStream, out var onnx) ? this with { Onnx = onnx, network = null } : this;

    private protected override BatchMapping Mapping(DataViewSchema input)
    {
        var column = NetworkInput.FeatureColumn(input, FeatureColumn);
        // The network is not read for a schema of images.
        if (column.Type is VectorDataViewType { Dimensions.Length: 3 })
            Network.Input.CheckAxes(column);
        if (TestTimeAugmentation is not null && column.Type is VectorDataViewType { ItemType: var item }
            && item == NumberDataViewType.Single)
            throw new ArgumentException($"Column '{FeatureColumn}': holds {column.Type.InWords()}, of which there are no versions for "
                + "test-time augmentation: images are needed. Use WithTestTimeAugmentation(null) to score it as it is.");
        ImmutableArray<BatchColumn> columns =
        [
            BatchColumn.Vector(ScoreColumn, Labels.Length, KeyNames.ForScores(Labels)),
            new(PredictedLabelColumn, new KeyDataViewType(typeof(uint), Labels.Length), KeyNames.ForKey(Labels), MostProbable),
        ];
        if (TestTimeAugmentation is null)
            return new([FeatureColumn], BatchSize, row => Network.Input.Content(row[FeatureColumn], NameOf(row)), rows => Network.Run(rows),
                columns)
            {
                Begin = () => Opened(column),
                Expect = () => OnDemand.Begin(),
            };
        var scoring = new Lazy<VersionScoring>(() => new(Network, TestTimeAugmentation));
        return new([FeatureColumn], Math.Max(BatchSize / TestTimeAugmentation.Versions(new(1, 1)).Length, 1),
            row => scoring.Value.Contents(row[FeatureColumn], NameOf(row)), rows => scoring.Value.Score(rows.Cast<object[]>()), columns)
        {
            Begin = () => Opened(column),
            Expect = () => OnDemand.Begin(),
        };
    }

    ImageNetwork Opened(DataViewSchema.Column features)
    {
        if (NetworkInput.IsImages(features.Type))
            Network.CheckTakesImages();
        return Network;
    }

    string NameOf(RowValues row) => $"column '{FeatureColumn}', row {row.Id}";

    static ValueGetter<uint> MostProbable(Func<BatchResult> result) => (ref uint key) =>
        key = result().Numbers is { } scores ? (uint)Array.IndexOf(scores, scores.Max()) + 1 : 0;

    ImageNetwork Open()
    {
        if (Onnx.IsEmpty)
            throw new InvalidDataException("ImageClassifier: its network is missing. Load the whole model.");
        return new(Onnx, Labels.Length, Resize, Device ?? Host?.Device(), ((IOfFile)this).File ?? nameof(ImageClassifier));
    }
}
