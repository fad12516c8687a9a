using MlPipelines.Tensors;

namespace MlPipelines.Graphs;

/// <summary>Numbers that are known before the graph runs: the sizes, scales, pads and places that a file computes.</summary>
/// <remarks>An unknown size is NaN while it is computed with, and <see cref="UnknownSize"/> in a tensor of integers. Integers up to 2⁵³ are
/// exact.</remarks>
static class Folding
{
    /// <summary>Stands for a size that is known only when the graph runs; every other number is what will be computed.</summary>
    public const long UnknownSize = long.MinValue;

    /// <summary>The most numbers that are computed: far more than a tensor has axes.</summary>
    const int MostNumbers = 64;

    /// <summary>The content of one output of a node, where it follows from what is known; else null. Fractions may be NaN, for what an
    /// unknown size makes them.</summary>
    public static Tensor? Of(Node node, int output, Inferred inferred)
    {
        if (!(IsWhole(inferred.Type) || inferred.Type == ElementType.Float) || !inferred.Shape.IsKnown
            || inferred.Shape.Length > MostNumbers || node.Operator.Folding is not { } rule
            || inferred.Type == ElementType.Float && !rule.GivesFractions)
            return null;
        var inputs = new KnownInput[rule.OnlyShape ? 0 : node.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
            if (node.Inputs[i] is not { } input)
                continue;
            else if (input.Folded is { } tensor && tensor.Shape.Length <= MostNumbers
                && (IsWhole(tensor.Type) || rule.GivesFractions) && Values(tensor) is { } numbers)
                inputs[i] = new(tensor.Shape, numbers);
            else
                return null;
        try
        {
            return rule.Compute(new(node, inputs, inferred.Type, inferred.Shape, output)) is { } result
                ? Tensor(inferred.Type, inferred.Shape, result) : null;
        }
        catch (DivideByZeroException)
        {
            // The runtime says so when it comes to the node, if it ever does.
            return null;
        }
    }

    /// <summary>Content of an integer input of a node, which must be known before the graph runs.</summary>
    /// <param name="value">The input.</param>
    /// <param name="place">Which input it is.</param>
    /// <param name="error">Makes an error that names the node.</param>
    public static long[] Required(Value value, int place, Func<string, GraphException> error) =>
        value.Folded is { } tensor && IsWhole(tensor.Type) ? Numbers(tensor)!
        : throw error($"input {place} ('{value.Name}') must be known before the graph runs, but {Obstacle(value)}.");

    static string Obstacle(Value value)
    {
        while (value.Node is { } node)
            if (node.Operator.Folding is not null && node.Inputs.FirstOrDefault(input => input is { Folded: null }) is { } before)
                value = before;
            else
                return $"comes from '{node.Name}' ({node.Operator.Type}), which is computed only then";
        return value.Kind == ValueKind.Input ? $"depends on the content of '{value.Name}'" : $"is '{value.Name}' {value.Type}{value.Shape}";
    }

    /// <summary>The integers of a tensor. Null where it is of another type.</summary>
    public static long[]? Numbers(Tensor tensor) => tensor.Type switch
    {
        ElementType.Int64 => tensor.Elements<long>().ToArray(),
        ElementType.Int32 => [.. tensor.Elements<int>().ToArray().Select(number => number == int.MinValue ? UnknownSize : number)],
        ElementType.Bool => [.. tensor.Bytes.ToArray().Select(number => number != 0 ? 1L : 0)],
        _ => null,
    };

    /// <summary>Whether it is a type of integers or truth values that are computed.</summary>
    public static bool IsWhole(ElementType type) => type is ElementType.Int64 or ElementType.Int32 or ElementType.Bool;

    /// <summary>Whether all of a tensor is known, as that of integers is taken to be.</summary>
    public static bool IsWholly(Tensor tensor) => tensor.Type != ElementType.Float || !tensor.Elements<float>().Contains(float.NaN);

    /// <summary>The numbers of a tensor, NaN for what is not known. Null where it is of another type.</summary>
    public static double[]? Values(Tensor tensor) => tensor.Type == ElementType.Float
        ? [.. tensor.Elements<float>().ToArray().Select(number => (double)number)]
        : Numbers(tensor)?.Select(number => number == UnknownSize ? double.NaN : number).ToArray();

    static Tensor? Tensor(ElementType type, Shape shape, double[] numbers) => type switch
    {
        ElementType.Float => Tensors.Tensor.Of<float>(shape, [.. numbers.Select(number => (float)number)]),
        ElementType.Int64 => Tensors.Tensor.Of<long>(shape, [.. numbers.Select(Whole)]),
        ElementType.Int32 => Tensors.Tensor.Of<int>(shape,
            [.. numbers.Select(number => double.IsNaN(number) ? int.MinValue : unchecked((int)Whole(number)))]),
        _ => numbers.Any(double.IsNaN) ? null
            : new(type, shape, numbers.Select(number => (byte)(number != 0 ? 1 : 0)).ToArray()),
    };

    // Cut, as Cast does; files say "to the end" by the largest number.
    static long Whole(double number) => double.IsNaN(number) ? UnknownSize
        : number >= long.MaxValue ? long.MaxValue : number <= -long.MaxValue ? -long.MaxValue : (long)number;
}

/// <summary>How the numbers of an operator's outputs follow from those of its inputs.</summary>
/// <param name="Compute">The numbers of one output; null where they do not follow.</param>
/// <param name="OnlyShape">Whether the shapes of the inputs alone decide them.</param>
/// <param name="GivesFractions">Whether it is computed with float32 too, to the bits that the runtime gives.</param>
sealed record FoldingRule(Func<FoldingArguments, double[]?> Compute, bool OnlyShape = false, bool GivesFractions = false);

/// <summary>What is known of an input.</summary>
readonly record struct KnownInput(Shape Shape, double[] Numbers)
{
    public double At(Func<int, int> place)
    {
        var index = 0;
        for (var axis = 0; axis < Shape.Rank; axis++)
            index = index * Shape[axis] + place(axis);
        return Numbers[index];
    }
}

/// <summary>A node, what is known of its inputs, and which output is wanted, of which type and shape.</summary>
readonly record struct FoldingArguments(Node Node, KnownInput[] Inputs, ElementType Type, Shape Shape, int Output);
