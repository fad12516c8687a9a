using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What a network takes for one sample: pixels 0–255, [C, H, W], RGB, grey or RGBA, or a vector of any number of
/// channels.</summary>
/// <param name="Channels">3, 1 or 4 for images, at least 1 for vectors.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Resize">How an image of another size is brought to this one.</param>
public sealed record NetworkInput(int Channels, int Height, int Width, ResizingKind Resize = ResizingKind.IsoCrop)
{
    /// <inheritdoc cref="NetworkInput"/>
    public int Channels { get; } = Check.AtLeast(Channels, 1);

    /// <inheritdoc cref="NetworkInput"/>
    public int Height { get; } = Check.AtLeast(Height, 1);

    /// <inheritdoc cref="NetworkInput"/>
    public int Width { get; } = Check.AtLeast(Width, 1);

    /// <summary>Numbers in a sample.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>Whether images come with their alpha.</summary>
    internal bool TakesAlpha => Channels == 4;

    /// <summary>Whether it takes images, and not only vectors.</summary>
    internal bool TakesImages => Channels is 1 or 3 or 4;

    /// <summary>The column of features, which holds images, image files' bytes or paths, or vectors of numbers.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    internal static DataViewSchema.Column FeatureColumn(DataViewSchema schema, string name)
    {
        var column = schema.Find(name);
        return IsImages(column.Type) || column.Type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Single
            ? column
            : throw new ArgumentException($"Column '{name}': holds {column.Type.InWords()}, images, encoded images (Byte[]), streams of "
                + "them, paths of image files or vectors of Single are needed.");
    }

    /// <summary>Checks that a column of vectors with three axes has those of the network, where it has as many numbers.</summary>
    /// <exception cref="ArgumentException">It has others: pixels of another layout, or of another height and width.</exception>
    internal void CheckAxes(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { Dimensions: [> 0 and var a, > 0 and var b, > 0 and var c], ItemType: var item }
            || item != NumberDataViewType.Single || (long)a * b * c != Length || (a, b, c) == (Channels, Height, Width))
            return;
        throw new ArgumentException($"Column '{column.Name}': holds vectors [{a},{b},{c}], the network takes "
            + $"[{Channels},{Height},{Width}]. " + (c == Channels && (a, b) == (Height, Width)
                ? "Give it planes: ExtractPixels without interleavePixelColors."
                : "Resize the images to its size."));
    }

    /// <summary>Whether a column holds images, or what they are read from: paths, bytes or streams of their files.</summary>
    internal static bool IsImages(DataViewType type) => type is ImageDataViewType or ImageStreamDataViewType or TextDataViewType
        || type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Byte;

    /// <summary>What <see cref="Write"/> needs of a value: an image in this size, read and in these channels, or a vector of this length.
    /// Images stay bytes, a quarter of their numbers.</summary>
    /// <param name="value">An image, its file's bytes or path, or numbers.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="epoch">Which time a trainer goes through the samples, from 0.</param>
    /// <exception cref="InvalidDataException">The image cannot be read, or the vector has another length.</exception>
    internal object Content(object value, string name, int epoch = 0) => value switch
    {
        LazyVector lazy => Sized(lazy.Draw(epoch), name),
        float[] vector => Sized(vector, name),
        _ => Sized(ImageOf(value, name, epoch, TakesAlpha), name),
    };

    /// <summary>The image in a file, not decoded yet, with its alpha where that is taken.</summary>
    internal Image Opened(Image file) => Opened(file, TakesAlpha);

    /// <summary>The image that a value stands for, not decoded yet.</summary>
    /// <param name="value">An image, its file's bytes or path.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="epoch">Which time a trainer goes through the samples, from 0.</param>
    /// <param name="keepsAlpha">Whether it comes with its alpha, where nobody has laid it over a background yet.</param>
    /// <exception cref="InvalidDataException">It stands for none.</exception>
    internal static Image ImageOf(object value, string name, int epoch = 0, bool keepsAlpha = false) => value switch
    {
        Picture picture => (keepsAlpha ? picture with { Image = picture.Image.AsGiven } : picture).Draw(epoch),
        Image image => image,
        byte[] encoded => Opened(Image.FromBytes(encoded, name), keepsAlpha),
        string { Length: > 0 } path => Opened(ArchivePath.Image(path), keepsAlpha),
        _ => throw new InvalidDataException($"{name}: is {(value is string ? "empty" : value?.GetType().Name ?? "nothing")}, an image, "
            + "its bytes, its path or a vector of numbers is needed."),
    };

    /// <summary>The numbers of a <see cref="Content"/>.</summary>
    internal static void Write(object content, Span<float> to)
    {
        if (content is Image image)
            InterleavedPixels.Split(image.Pixels, image.Channels, to);
        else
            ((float[])content).CopyTo(to);
    }

    static Image Opened(Image file, bool keepsAlpha) => keepsAlpha ? file.WithAlpha() : file;

    float[] Sized(float[] vector, string name) => vector.Length == Length ? vector
        : throw new InvalidDataException(
            $"{name}: is a vector of {vector.Length}, the network takes {Channels}×{Height}×{Width} = {Length} numbers.");

    Image Sized(Image image, string name)
    {
        if (!TakesImages)
            throw new InvalidDataException($"{name}: is an image, which is read as grey, RGB or RGBA, the network takes {Channels} "
                + $"channels. Give it vectors [{Channels},{Height},{Width}].");
        var sized = image.Resize(Width, Height, Resize).Decoded();
        return TakesAlpha ? sized.ToRgba() : Channels == 1 ? sized.ToGrayscale() : sized.ToRgb();
    }
}
