namespace MlPipelines.Graphs;

/// <remarks>Arithmetic broadcasts as ONNX does.</remarks>
public sealed partial class Value
{
    public static Value operator +(Value left, Value right) => Op.Add(left, right);
    public static Value operator -(Value left, Value right) => Op.Sub(left, right);
    public static Value operator *(Value left, Value right) => Op.Mul(left, right);
    public static Value operator /(Value left, Value right) => Op.Div(left, right);
    public static Value operator -(Value value) => Op.Neg(value);
    public static Value operator >(Value left, Value right) => Op.Greater(left, right);
    public static Value operator <(Value left, Value right) => Op.Less(left, right);
}
