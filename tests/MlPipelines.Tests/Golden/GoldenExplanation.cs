using MlPipelines.Imaging;

namespace MlPipelines.Tests.Golden;

/// <summary>Heat maps of PyTorch.</summary>
/// <param name="Size">Width and height of the images.</param>
/// <param name="Steps">Images on the way of integrated gradients.</param>
/// <param name="Cases">The cases.</param>
public sealed record GoldenExplanation(int Size, int Steps, ExplanationCase[] Cases)
{
    /// <summary>The image of a number, by the formula of the script.</summary>
    public static Image Image(int size, int number)
    {
        var (plane, pixels) = (size * size, new byte[3 * size * size]);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i % plane * 3 + i / plane] =
                (byte)Math.Round(127.5 + 100 * Math.Sin(0.05 * i + number) + 27 * Math.Cos(0.9 * i), MidpointRounding.ToEven);
        return MlPipelines.Imaging.Image.FromPixels(size, size, 3, pixels);
    }

    public static string File(string network) => GoldenFile.PathOf(Path.Combine("explanation", network + ".onnx"));
}

/// <summary>The maps of one image and one class.</summary>
public sealed record ExplanationCase(string Network, int Image, int Class, double[] Probabilities, double LogitDifference,
    Dictionary<string, GoldenMap> Maps);

/// <summary>Numbers of a map, rows from top to bottom.</summary>
public sealed record GoldenMap(int[] Shape, double[] Values);
