using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>A column of images, or of vectors of floats [C, H, W], read as numbers.</summary>
readonly record struct PixelColumn(DataViewSchema.Column Column)
{
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    public static PixelColumn Of(DataViewSchema schema, string name)
    {
        var column = schema.Find(name);
        return column.Type is ImageDataViewType
            || column.Type is VectorDataViewType { ItemType: var item } vector && item == NumberDataViewType.Single
            && (vector.Dimensions.Length == 3 || !vector.IsKnownSize) ? new(column)
            : throw new ArgumentException($"Column '{name}': holds {column.Type.InWords()}, images or vectors of Single with [channels, "
                + "height, width] are needed. Add LoadImages.");
    }

    /// <summary>The pixels of a row.</summary>
    /// <exception cref="InvalidDataException">The image cannot be read, or the vector has another length than its column says.</exception>
    public PixelPlanes Read(RowValues row) => Read(row, 0);

    /// <summary>The pixels of a row in an epoch.</summary>
    public PixelPlanes Read(RowValues row, int epoch)
    {
        switch (row[Column.Name] is LazyVector lazy ? lazy.Draw(epoch) : row[Column.Name])
        {
            case Picture picture:
                return PixelPlanes.Of(picture.Draw(epoch));
            case float[] vector when Column.Type is VectorDataViewType { Dimensions: [var c, var h, var w] } && vector.Length == c * h * w:
                return new(c, h, w, vector);
            case float[] vector:
                throw new InvalidDataException(
                    $"column '{Column.Name}', row {row.Id}: is a vector of {vector.Length}, the column holds {Column.Type.InWords()}.");
            default:
                throw new InvalidDataException($"column '{Column.Name}', row {row.Id}: is neither an image nor a vector of Single.");
        }
    }
}

/// <summary>Pixels as floats, [C, H, W].</summary>
readonly record struct PixelPlanes(int Channels, int Height, int Width, float[] Values)
{
    public static PixelPlanes Of(Image image)
    {
        var values = new float[image.Width * image.Height * image.Channels];
        InterleavedPixels.Split(image.Pixels, image.Channels, values);
        return new(image.Channels, image.Height, image.Width, values);
    }

    /// <summary>One channel.</summary>
    public ReadOnlySpan<float> Plane(int channel) => Values.AsSpan(channel * Height * Width, Height * Width);

    public override string ToString() => $"{Width}×{Height} with {Counted.Of(Channels, "channel")}";
}
