namespace MlPipelines.Graphs;

/// <remarks>Arithmetic broadcasts as ONNX does.</remarks>
public sealed partial class Value
{
    /// <summary>The sum, broadcast.</summary>
    public static Value operator +(Value left, Value right) => Op.Add(left, right);
    /// <summary>The difference, broadcast.</summary>
    public static Value operator -(Value left, Value right) => Op.Sub(left, right);
    /// <summary>The product, element by element, broadcast.</summary>
    public static Value operator *(Value left, Value right) => Op.Mul(left, right);
    /// <summary>The quotient, broadcast.</summary>
    public static Value operator /(Value left, Value right) => Op.Div(left, right);
    /// <summary>The value with the other sign.</summary>
    public static Value operator -(Value value) => Op.Neg(value);
    /// <summary>Whether left > right, broadcast.</summary>
    public static Value operator >(Value left, Value right) => Op.Greater(left, right);
    /// <summary>Whether left &lt; right, broadcast.</summary>
    public static Value operator <(Value left, Value right) => Op.Less(left, right);
}
