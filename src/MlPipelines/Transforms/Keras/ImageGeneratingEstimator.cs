
namespace MlPipelines;

/// <summary>Finds the images' size, and the statistics that a generator's standardisation needs.</summary>
/// <param name="context">Its seed decides what is drawn, and its log is told of images that cannot be read.</param>
/// <param name="outputColumn">Column of the vectors [C, H, W].</param>
/// <param name="inputColumn">Column of images, all of one size, or of vectors [C, H, W].</param>
/// <param name="generator">What is done.</param>
/// <param name="sampleSize">The most rows that statistics are computed from, at least 1.</param>
public sealed class ImageGeneratingEstimator(MLContext context, string outputColumn, string inputColumn, ImageDataGenerator generator, int sampleSize) : IEstimator<ImageGeneratingTransformer>
{
    readonly int sampleSize = Check.AtLeast(sampleSize, 1);
    readonly string outputColumn = Check.Named(outputColumn);

    public ImageGeneratingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        var pixels = PixelColumn.Of(input.Schema, inputColumn);
        var reading = new RowReading { Skipped = row => context.Report(ChannelMessageKind.Warning, nameof(ImageDataGenerator), $"skipped {row}") };
        var fitted = generator.NeedsFit ? generator.Fit(input, inputColumn, seed: context.Seed, sampleSize: sampleSize, reading: reading) : generator;
        var first = input.Read(row => (PixelPlanes?)pixels.Read(row), reading with { Prefetch = 0, Skipped = null }).FirstOrDefault()
            ?? throw new InvalidDataException($"Column '{inputColumn}': none of the {input.RowCount} images can be read, at least one is needed.");
        return new(outputColumn, inputColumn, context.Seed, fitted, first.Channels, first.Height, first.Width);
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = PixelColumn.Of(input, inputColumn).Column;
        return input.With(new(outputColumn, column.Type is VectorDataViewType vector ? vector : new VectorDataViewType(typeof(float))));
    }
}
