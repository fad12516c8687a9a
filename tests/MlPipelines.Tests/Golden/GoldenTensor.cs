using System.Text.Json.Serialization;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Golden;

/// <summary>A tensor of a golden file.</summary>
/// <param name="Shape">Sizes of the axes; none for a single number.</param>
/// <param name="Type">float32, int64 or bool (0 and 1).</param>
/// <param name="Values">The elements, row-major; those of float32 were computed in float64.</param>
public sealed record GoldenTensor(int[] Shape, string Type, double[] Values)
{
    [JsonIgnore]
    public Shape Sizes => Tensors.Shape.Create(Shape);

    public Tensor ToTensor() => Type switch
    {
        "float32" => Tensor.Of<float>(Sizes, [.. Values.Select(value => (float)value)]),
        "int64" => Tensor.Of<long>(Sizes, [.. Values.Select(value => (long)value)]),
        "bool" => Tensor.Of<bool>(Sizes, [.. Values.Select(value => value != 0)]),
        _ => throw new InvalidDataException($"Golden tensor: type '{Type}', needs float32, int64 or bool."),
    };

    /// <summary>The largest difference, each as a fraction of 1 + |expected|; infinite where a number is missing or not a number.</summary>
    public double Difference(ReadOnlySpan<float> found)
    {
        if (found.Length != Values.Length)
            return double.PositiveInfinity;
        var largest = 0.0;
        for (var i = 0; i < found.Length; i++)
            largest = Math.Max(largest,
                double.IsFinite(found[i]) ? Math.Abs(found[i] - Values[i]) / (1 + Math.Abs(Values[i])) : double.PositiveInfinity);
        return largest;
    }
}
