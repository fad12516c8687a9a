using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Graphs;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Transforms images at random while a trainer learns from them, and standardises them always.</summary>
/// <param name="OutputColumn">Column of the vectors [C, H, W].</param>
/// <param name="InputColumn">Column of images, or of vectors [C, H, W].</param>
/// <param name="Seed">What the transforms depend on, with the epoch and the sample, and with nothing else.</param>
/// <param name="Generator">What is done, with its statistics.</param>
/// <remarks>Saved as ONNX, the standardisation becomes the first nodes of the network's graph, which then takes pixels 0–255;
/// this step hands them on.</remarks>
public sealed record ImageGeneratingTransformer(string OutputColumn, string InputColumn, int Seed, ImageDataGenerator Generator)
    : RowStep, IGraphStep
{
    const string MatrixStream = "whitening";

    /// <summary>Of each image, 1 or 3.</summary>
    public required int Channels { get; init; }

    /// <summary>Of each image, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Of each image, in pixels.</summary>
    public required int Width { get; init; }

    [JsonIgnore]
    internal override string? ReasonNotToSave => Generator.PreprocessingFunction is null ? null
        : "Use Preprocessing with an augmentation of this library, which can be saved, or save the chain without this step and put it "
            + "before it when loading.";

    internal override ImmutableDictionary<string, ReadOnlyMemory<byte>> Streams =>
        Generator.Whitening is { } matrix ? base.Streams.Add(MatrixStream, matrix.ToBytes()) : base.Streams;

    internal override Step WithStreams(ImmutableDictionary<string, ReadOnlyMemory<byte>> streams) =>
        streams.TryGetValue(MatrixStream, out var bytes)
        ? this with { Generator = Generator with { Whitening = WhiteningMatrix.FromBytes(bytes.Span) } } : this;

    Value IGraphStep.Apply(Value pixels) => Standardization.Apply(Generator, pixels);

    Step IGraphStep.WithoutArithmetic() => this with { Generator = Generator.OfPixels };

    /// <summary>The numbers of the same pictures, changed only for a trainer of this library that learns from them.</summary>
    /// <exception cref="ArgumentException">The column is missing or holds no images.</exception>
    public override IDataView Transform(IDataView input) =>
        Generator.Augments ? new LearnersView(base.Transform(input), ForTraining(input)) : base.Transform(input);

    private protected override IDataView TransformWhileFitting(IDataView input) =>
        Generator.Augments ? ForTraining(input) : base.Transform(input);

    RandomView ForTraining(IDataView input) => new(input, epoch => Columns(input.Schema, epoch));

    private protected override IEnumerable<AddedColumn> Map(DataViewSchema input) => Columns(input, null);

    IEnumerable<AddedColumn> Columns(DataViewSchema input, int? epoch)
    {
        var pixels = PixelColumn.Of(input, InputColumn);
        yield return new(OutputColumn, new VectorDataViewType(NumberDataViewType.Single, Channels, Height, Width), [InputColumn],
            row => new Generated(this, pixels, row, epoch).ToGetter());
    }

    float[] Generate(PixelPlanes image, long sample, int? epoch)
    {
        if ((image.Channels, image.Height, image.Width) != (Channels, Height, Width))
            throw new InvalidOperationException($"Column '{InputColumn}', row {sample}: is {image}, the step was fitted "
                + $"on {Width}×{Height} with {Channels}. Let LoadImages bring all to one size and number of channels.");
        var values = image.Values;
        if (epoch is { } number && Generator.Augments)
        {
            var dice = Dice.For(Seed, number, sample);
            var size = new ImageSize(Width, Height);
            values = Generator.Transformed(values, Channels, Height, Width, Generator.GetRandomTransform(ref dice, size));
            if (Generator.Preprocessing is { } preprocessing)
                values = PixelPlanes.Of(preprocessing.Draw(ref dice, size).Apply(Rounded(values))).Values;
        }
        // A vector belongs to the row that it comes from.
        return Generator.Standardized(ReferenceEquals(values, image.Values) ? [.. values] : values, Channels, Height, Width);
    }

    Image Rounded(float[] values)
    {
        var (bytes, plane) = (new byte[values.Length], Height * Width);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Math.Clamp(MathF.Round(values[i % Channels * plane + i / Channels]), 0, 255);
        return Image.FromPixels(Width, Height, Channels, bytes);
    }

    sealed class Generated : VectorGetter
    {
        readonly ImageGeneratingTransformer step;
        readonly PixelColumn pixels;
        readonly Func<RowValues> take;
        readonly int? epoch;
        readonly string text;

        public Generated(ImageGeneratingTransformer step, PixelColumn pixels, DataViewRow row, int? epoch)
        {
            (this.step, this.pixels, this.epoch) = (step, pixels, epoch);
            take = new RowSelection(row.Schema, [step.InputColumn], withPath: false).Reader(row);
            text = JsonSerializer.Serialize<Step>(step, SavedStep.Json);
            HoldsPixels = PictureColumns.Of(row, step.InputColumn) is not { HoldsPixels: false };
        }

        public override bool HoldsPixels { get; }

        protected override int Epoch => epoch ?? 0;

        public override LazyVector Current()
        {
            var row = take();
            return new(drawn => step.Generate(pixels.Read(row, drawn), row.Id, epoch is null || drawn < 0 ? null : drawn),
                epoch is not null && step.Generator.Augments)
            {
                Steps = row[step.InputColumn] is Picture picture ? picture.Steps.Append(text) : [text],
                Source = row[step.InputColumn],
            };
        }

        protected override float[] Missing(Exception exception)
        {
            step.Warn(exception.Message);
            var missing = new float[step.Channels * step.Height * step.Width];
            Array.Fill(missing, float.NaN);
            return missing;
        }
    }
}
