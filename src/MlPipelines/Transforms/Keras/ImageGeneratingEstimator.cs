using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>Finds the images' size, and the statistics that a generator's standardisation needs.</summary>
public sealed class ImageGeneratingEstimator : IEstimator<ImageGeneratingTransformer>
{
    readonly IHostEnvironment host;
    readonly string outputColumn, inputColumn;
    readonly ImageDataGenerator generator;
    readonly int sampleSize;

    /// <param name="host">Its seed decides what is drawn, and its log is told of images that cannot be read.</param>
    /// <param name="outputColumn">Column of the vectors [C, H, W].</param>
    /// <param name="inputColumn">Column of images, all of one size, or of vectors [C, H, W].</param>
    /// <param name="generator">What is done.</param>
    /// <param name="sampleSize">The most rows that statistics are computed from, at least 1.</param>
    internal ImageGeneratingEstimator(IHostEnvironment host, string outputColumn, string inputColumn, ImageDataGenerator generator,
        int sampleSize) =>
        (this.host, this.outputColumn, this.inputColumn, this.generator, this.sampleSize) =
        (host, Check.Named(outputColumn), inputColumn, generator, Check.AtLeast(sampleSize, 1));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The column is missing or of another type, or images differ in size.</exception>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    public ImageGeneratingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var pixels = PixelColumn.Of(input.Schema, inputColumn);
        var reading = new RowReading { Skipped = row => host.Warn(nameof(ImageDataGenerator), $"skipped {row}") };
        var fitted = generator.NeedsFit ? generator.Fit(input, inputColumn, seed: host.Seed(), sampleSize: sampleSize, reading: reading)
            : generator;
        var first = input.Read([inputColumn], row => (PixelPlanes?)pixels.Read(row), reading with { Prefetch = 0, Skipped = null })
            .FirstOrDefault()
            ?? throw new InvalidDataException(
                $"Column '{inputColumn}': none of the {input.CountRows()} images can be read, at least one is needed.");
        return new ImageGeneratingTransformer(outputColumn, inputColumn, host.Seed(), fitted)
        {
            Channels = first.Channels,
            Height = first.Height,
            Width = first.Width,
            Host = host,
        };
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        PixelColumn.Of(Shapes.Schema(inputSchema), inputColumn);
        return Shapes.With(inputSchema, Shapes.Vector(outputColumn));
    }
}
