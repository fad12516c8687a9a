using System.Collections.Immutable;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Subtracts a mean image, which is given, pixel by pixel.</summary>
/// <remarks>x [N,C,H,W], unchanged shape; nothing is learnt. Source: Caffe's <c>mean_file</c>.</remarks>
public sealed record MeanSubtraction : Layer
{
    /// <param name="height">Of the mean and of each image, in pixels.</param>
    /// <param name="width">Of the mean and of each image, in pixels.</param>
    /// <param name="pixels">[C,H,W], in units of the input.</param>
    /// <exception cref="ArgumentException">There are not whole channels of pixels.</exception>
    public MeanSubtraction(int height, int width, ImmutableArray<float> pixels)
    {
        (Height, Width) = (Check.AtLeast(height, 1), Check.AtLeast(width, 1));
        if (pixels.IsDefaultOrEmpty || pixels.Length % (height * width) != 0)
            throw new ArgumentException($"pixels: got {(pixels.IsDefault ? 0 : pixels.Length)} numbers, needs {height}×{width} of each "
                + "channel.", nameof(pixels));
        Pixels = pixels;
    }

    /// <summary>Of the mean and of each image, in pixels.</summary>
    public int Height { get; }

    /// <summary>Of the mean and of each image, in pixels.</summary>
    public int Width { get; }

    /// <summary>The mean, [C,H,W].</summary>
    public ImmutableArray<float> Pixels { get; }

    /// <inheritdoc/>
    protected override Value Apply(Value x)
    {
        Shape mean = [Pixels.Length / (Height * Width), Height, Width];
        Channels(x, 4);
        Shape given = [.. x.Shape.Skip(1)];
        if (given != mean)
            throw Error($"input has shape {x.Shape}, the mean image {mean}.");
        return x - Value.Constant(Tensor.Of(mean, Pixels.AsSpan()), "mean_image");
    }

    /// <inheritdoc/>
    public bool Equals(MeanSubtraction? other) =>
        base.Equals(other) && (Height, Width) == (other!.Height, other.Width) && Pixels.SequenceEqual(other.Pixels);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Height, Width, Pixels[0]);
}
