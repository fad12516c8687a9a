using System.Numerics;
using System.Runtime.InteropServices;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>A symmetric matrix that makes pixels uncorrelated: ZCA.</summary>
/// <remarks>Source: Bell, Sejnowski 1997, The "independent components" of natural scenes are edge filters; Krizhevsky 2009,
/// appendix A.</remarks>
public sealed class WhiteningMatrix
{
    internal WhiteningMatrix(float[] elements, int size) => (Elements, Size) = (elements, size);

    /// <summary>Rows and columns: numbers in an image.</summary>
    public int Size { get; }

    /// <summary>The matrix, [Size, Size], for images [C, H, W] one number after the other.</summary>
    public Tensor ToTensor() => Tensor.Of<float>([Size, Size], Elements);

    internal float[] Elements { get; }

    /// <param name="products">Mean product of centred pixels, [size, size].</param>
    /// <param name="size">Numbers in an image.</param>
    /// <param name="samples">Number of images it was computed from.</param>
    /// <param name="epsilon">Keeps small eigenvalues from being magnified without bound.</param>
    /// <param name="compatibility">Keras up to 2.8 adds it to eigenvalues: 1 / √(λ + ε), as is done here by default; later ones to singular
    /// values: √n / (√(n·λ) + ε), for as many as there are images.</param>
    internal static WhiteningMatrix Of(double[] products, int size, long samples, float epsilon, KerasCompatibility compatibility)
    {
        var eigen = SymmetricEigen.Of(products, size);
        var matrix = eigen.Map((place, value) => (compatibility, place < samples) switch
        {
            (KerasCompatibility.Current, true) => Math.Sqrt(samples) / (Math.Sqrt(samples * Math.Max(value, 0)) + epsilon),
            (KerasCompatibility.Current, false) => 0,
            _ => 1 / Math.Sqrt(Math.Max(value, 0) + epsilon),
        });
        return new(Array.ConvertAll(matrix, value => (float)value), size);
    }

    /// <summary>Size and elements, as a file holds them.</summary>
    internal byte[] ToBytes() => [.. BitConverter.GetBytes(Size), .. MemoryMarshal.AsBytes(Elements.AsSpan())];

    /// <exception cref="InvalidDataException">They do not fit together.</exception>
    internal static WhiteningMatrix FromBytes(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length >= sizeof(int) ? BitConverter.ToInt32(bytes) : -1;
        if (size < 1 || bytes.Length - sizeof(int) != (long)size * size * sizeof(float))
            throw new InvalidDataException($"its whitening matrix has {bytes.Length} bytes for {size} rows. Fetch the file again.");
        return new(MemoryMarshal.Cast<byte, float>(bytes[sizeof(int)..]).ToArray(), size);
    }

    internal float[] Times(float[] image)
    {
        var result = new float[Size];
        for (var row = 0; row < Size; row++)
            result[row] = Dot(Elements.AsSpan(row * Size, Size), image);
        return result;
    }

    static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var xs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var ys = MemoryMarshal.Cast<float, Vector<float>>(y)[..xs.Length];
        Vector<float> even = default, odd = default;
        var i = 0;
        for (; i < xs.Length - 1; i += 2)
        {
            even = Vector.FusedMultiplyAdd(xs[i], ys[i], even);
            odd = Vector.FusedMultiplyAdd(xs[i + 1], ys[i + 1], odd);
        }
        if (i < xs.Length)
            even = Vector.FusedMultiplyAdd(xs[i], ys[i], even);
        var sum = Vector.Sum(even + odd);
        for (i = xs.Length * Vector<float>.Count; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }
}
