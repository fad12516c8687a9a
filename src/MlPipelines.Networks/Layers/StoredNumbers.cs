using System.Globalization;
using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>Refuses files whose stored numbers no network can compute with.</summary>
static class StoredNumbers
{
    /// <exception cref="InvalidDataException">A weight is not finite, a constant is no number, or a variance is negative; the message names
    /// the tensor and the place.</exception>
    public static void Check(string path, Graph graph)
    {
        foreach (var parameter in graph.Parameters)
            Check(path, "weight", parameter, float.IsFinite, "finite numbers");
        foreach (var constant in graph.Constants.Where(constant => constant.Type == ElementType.Float))
            Check(path, "constant", constant, number => !float.IsNaN(number), "numbers");
        foreach (var variance in graph.Nodes.Where(node => node.Operator.Type == nameof(Op.BatchNormalization))
            .Select(node => node.Input(4))
            .Distinct())
            Check(path, "variance", variance, number => number >= 0, "0 or more");
    }

    static void Check(string path, string what, Value value, Func<float, bool> isGood, string needed)
    {
        if ((value.Known ?? value.Initializer?.Content) is not { } content)
            return;
        var numbers = content.Elements<float>();
        for (var i = 0; i < numbers.Length; i++)
            if (!isGood(numbers[i]))
                throw new InvalidDataException(
                    $"{path}: {what} '{value.Name}' {value.Shape} holds {numbers[i].ToString(CultureInfo.InvariantCulture)} at "
                        + $"place {i}, needs {needed}. The file is damaged, or its training diverged; take another.");
    }
}
