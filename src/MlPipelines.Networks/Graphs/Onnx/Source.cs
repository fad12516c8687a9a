using System.Collections.Immutable;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>A node of a file before it becomes one of ours.</summary>
/// <param name="Type">Operator.</param>
/// <param name="Name">Name of the node.</param>
/// <param name="Inputs">Inputs; null where left out.</param>
/// <param name="Attributes">Attributes.</param>
/// <param name="Outputs">Names of the outputs.</param>
/// <param name="Origin">The file.</param>
sealed record Source(string Type, string Name, ImmutableArray<Value?> Inputs, Attributes Attributes, ImmutableArray<string> Outputs,
    Origin Origin)
{
    public int Opset => Origin.Opset;

    /// <summary>The outputs in operators of opset 17.</summary>
    public IReadOnlyList<Value> Results()
    {
        try
        {
            return Upgrades.All.TryGetValue(Type, out var upgrade) ? upgrade(this) : Build();
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or IndexOutOfRangeException or ArithmeticException
            or NullReferenceException)
        {
            throw new GraphException(
                Error(
                    $"its inputs {string.Join(", ", Inputs.Select(input => input?.ToString() ?? "none"))} do not fit the operator.").Message
                + $" {exception.Message}", exception);
        }
    }

    /// <summary>The node as it stands.</summary>
    public IReadOnlyList<Value> Build()
    {
        if (Operator.All.TryGetValue(Type, out var op))
            return Node.Of(op, Inputs, Attributes, Name, Outputs).Outputs;
        var before = Inputs.FirstOrDefault(input => input?.Kind == ValueKind.Result);
        var advice = IsOfIntegers ? "It is quantised to compute with integers: export it as it was before, or in the QDQ format, with "
            + "QuantizeLinear and DequantizeLinear around other operators" : "Export the model without it";
        throw Error($"{Origin.File} uses operator '{Type}' (operator set {Opset}), which is not read here. {advice}"
            + (before is null ? "." : $", or read it only up to here: {UpTo(before.Name)}."));
    }

    /// <summary>How a network is read up to a value, in a program and on the command line.</summary>
    public static string UpTo(string value) => $"output: \"{value}\", on the command line --network-output {value}";

    bool IsOfIntegers => Type is "QuantizeLinear" or "DequantizeLinear" or "DynamicQuantizeLinear" or "ConvInteger" or "MatMulInteger"
        || Type.StartsWith("QLinear", StringComparison.Ordinal);

    public Value Input(int place) => InputOrNull(place) ?? throw Error($"input {place} is missing.");

    public Value? InputOrNull(int place) => place < Inputs.Length ? Inputs[place] : null;

    public GraphException Error(string message) => new($"{Name} ({Type})", message);

    public Source Without(params ReadOnlySpan<string> attributes)
    {
        var left = Attributes;
        foreach (var attribute in attributes)
            left = left.With(attribute, null);
        return this with { Attributes = left };
    }

    public Source With(string attribute, object value) => this with { Attributes = Attributes.With(attribute, value) };

    /// <summary>This node with one input set; places between become left out.</summary>
    public Source WithInput(int place, Value? value)
    {
        var inputs = Inputs.ToList();
        while (inputs.Count <= place)
            inputs.Add(null);
        inputs[place] = value;
        return this with { Inputs = [.. inputs] };
    }

    /// <summary>An older node's attribute as the input that newer operator sets want instead.</summary>
    public Source Move(string attribute, int place)
    {
        if (!Attributes.Has(attribute))
            return this;
        var (_, value) = Attributes.First(candidate => candidate.Key == attribute);
        var tensor = value switch
        {
            float number => Tensor.Scalar(number),
            long number => Tensor.Scalar(number),
            float[] numbers => Tensor.Vector<float>(numbers),
            long[] numbers => Tensor.Vector<long>(numbers),
            _ => throw Error($"its attribute '{attribute}' holds {value}, needs numbers."),
        };
        return Without(attribute).WithInput(place, Value.Constant(tensor, $"{Name}.{attribute}"));
    }

    /// <summary>A newer node's input, which must be known, as the attribute that opset 17 wants instead.</summary>
    public Source MoveBack(int place, string attribute) =>
        InputOrNull(place) is null ? this : With(attribute, Ints(place)!).WithInput(place, null);

    /// <summary>Integers of an input that must be known before the graph runs; null when it is left out.</summary>
    public long[]? Ints(int place) => InputOrNull(place) is { } value ? Folding.Required(value, place, Error) : null;

    /// <summary>A constant vector of integers as an input.</summary>
    public Source WithInts(int place, string what, params long[] numbers) =>
        WithInput(place, Value.Constant(Tensor.Vector<long>(numbers), $"{Name}.{what}"));
}

/// <summary>The file that nodes come from.</summary>
/// <param name="File">What error messages call it.</param>
/// <param name="Opset">Operator set that it is written in.</param>
sealed record Origin(string File, int Opset);
