using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>What a network takes for one sample: pixels 0–255, [C, H, W], RGB or grey, or a vector of any number of channels.</summary>
/// <param name="Channels">3 or 1 for images, at least 1 for vectors.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Resize">How an image of another size is brought to this one.</param>
public sealed record NetworkInput(int Channels, int Height, int Width, ResizingKind Resize = ResizingKind.IsoCrop)
{
    public int Channels { get; } = Check.AtLeast(Channels, 1);
    public int Height { get; } = Check.AtLeast(Height, 1);
    public int Width { get; } = Check.AtLeast(Width, 1);

    /// <summary>Numbers in a sample.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>The numbers for one value of a feature column: an image, an image file's bytes, or a vector that is taken as it is.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">What error messages call it.</param>
    /// <exception cref="InvalidDataException">The image cannot be read, or the vector has another length.</exception>
    public float[] Features(object value, string name)
    {
        var content = Content(value, name);
        if (content is float[] vector)
            return vector;
        var features = new float[Length];
        Write(content, features);
        return features;
    }

    /// <summary>What <see cref="Write"/> needs of a value: an image in this size, read and in these channels, or a vector of this length. Images stay bytes, a quarter of their numbers.</summary>
    /// <exception cref="InvalidDataException">The image cannot be read, or the vector has another length.</exception>
    internal object Content(object value, string name) => value switch
    {
        Image image => Sized(image, name),
        byte[] encoded => Sized(Image.FromBytes(encoded, name), name),
        float[] vector when vector.Length == Length => vector,
        float[] vector => throw new InvalidDataException($"{name}: is a vector of {vector.Length}, the network takes {Channels}×{Height}×{Width} = {Length} numbers."),
        _ => throw new InvalidDataException($"{name}: is {value?.GetType().Name ?? "nothing"}, an image, its bytes or a vector of numbers is needed."),
    };

    /// <summary>The numbers of a <see cref="Content"/>.</summary>
    internal static void Write(object content, Span<float> to)
    {
        if (content is Image image)
            InterleavedPixels.Split(image.Pixels, image.Channels, to);
        else
            ((float[])content).CopyTo(to);
    }

    Image Sized(Image image, string name)
    {
        if (Channels is not (1 or 3))
            throw new InvalidDataException($"{name}: is an image, which is read as grey or RGB, the network takes {Channels} channels. Give it vectors [{Channels},{Height},{Width}].");
        var sized = image.Resize(Width, Height, Resize);
        _ = sized.Pixels.Length;
        return Channels == 1 ? sized.ToGrayscale() : sized.ToRgb();
    }
}
