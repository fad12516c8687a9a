using System.Text.Json.Serialization;
using MlPipelines.Graphs;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Transforms images at random while a trainer learns from them, and standardises them always.</summary>
/// <param name="OutputColumn">Column of the vectors [C, H, W].</param>
/// <param name="InputColumn">Column of images, or of vectors [C, H, W].</param>
/// <param name="Seed">What the transforms depend on, with the epoch and the sample, and with nothing else.</param>
/// <param name="Generator">What is done, with its statistics.</param>
/// <param name="Channels">Of each image, 1 or 3.</param>
/// <param name="Height">Of each image, in pixels.</param>
/// <param name="Width">Of each image, in pixels.</param>
/// <remarks>Saved before a network, the standardisation becomes the first nodes of the network's graph, which then takes pixels 0–255; this step hands them on.</remarks>
public sealed record ImageGeneratingTransformer(string OutputColumn, string InputColumn, int Seed, ImageDataGenerator Generator, int Channels, int Height, int Width) : RowTransformer, IGraphStep, IUnsaved
{
    [JsonIgnore]
    public string? Remedy => Generator.PreprocessingFunction is null ? null
        : "Use Preprocessing with an augmentation of this library, which can be saved, or save the chain without this step and put it before it when loading.";

    [JsonIgnore]
    public bool FitsText => Generator.Whitening is null;

    public Value Apply(Value pixels) => Standardization.Apply(Generator, pixels);

    public ITransformer WithoutArithmetic() => this with { Generator = Generator.OfPixels };

    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var pixels = PixelColumn.Of(input, InputColumn);
        yield return new(OutputColumn, new VectorDataViewType(typeof(float), Channels, Height, Width), (row, pass) => Generate(pixels.Read(row), row.Id, pass), Random: Generator.Augments);
    }

    float[] Generate(PixelPlanes image, long sample, Pass pass)
    {
        if ((image.Channels, image.Height, image.Width) != (Channels, Height, Width))
            throw new InvalidOperationException($"Column '{InputColumn}', row {sample}: is {image}, the step was fitted on {Width}×{Height} with {Channels}. Add ResizeImages, and ConvertToGrayscale if colours differ.");
        var values = image.Values;
        if (pass.Fitting && Generator.Augments)
        {
            var dice = Dice.For(Seed, pass.Epoch, sample);
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
}
