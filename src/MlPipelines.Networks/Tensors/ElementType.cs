namespace MlPipelines.Tensors;

/// <summary>Type of a tensor's elements; the numbers are ONNX's own (TensorProto.DataType), which ONNX Runtime's C API shares.</summary>
public enum ElementType
{
    /// <summary>No type.</summary>
    Undefined = 0,
    /// <summary>32-bit floating-point number.</summary>
    Float = 1,
    /// <summary>8 bits, not negative.</summary>
    UInt8 = 2,
    /// <summary>8 bits.</summary>
    Int8 = 3,
    /// <summary>16 bits, not negative.</summary>
    UInt16 = 4,
    /// <summary>16 bits.</summary>
    Int16 = 5,
    /// <summary>32 bits.</summary>
    Int32 = 6,
    /// <summary>64 bits.</summary>
    Int64 = 7,
    /// <summary>Text.</summary>
    String = 8,
    /// <summary>True or false.</summary>
    Bool = 9,
    /// <summary>16-bit floating-point number.</summary>
    Float16 = 10,
    /// <summary>64-bit floating-point number.</summary>
    Double = 11,
    /// <summary>32 bits, not negative.</summary>
    UInt32 = 12,
    /// <summary>64 bits, not negative.</summary>
    UInt64 = 13,
    /// <summary>Upper half of a 32-bit floating-point number.</summary>
    BFloat16 = 16,
}

/// <summary>Facts about element types.</summary>
static class ElementTypes
{
    /// <summary>Bytes per element.</summary>
    /// <exception cref="NotSupportedException">The type has no fixed size.</exception>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => throw new NotSupportedException($"Element type {type} has no fixed size."),
    };

    /// <summary>The element type that stores <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No element type does.</exception>
    public static ElementType Of<T>() where T : unmanaged => default(T) switch
    {
        float => ElementType.Float,
        double => ElementType.Double,
        byte => ElementType.UInt8,
        sbyte => ElementType.Int8,
        ushort => ElementType.UInt16,
        short => ElementType.Int16,
        int => ElementType.Int32,
        uint => ElementType.UInt32,
        long => ElementType.Int64,
        ulong => ElementType.UInt64,
        bool => ElementType.Bool,
        Half => ElementType.Float16,
        _ => throw new NotSupportedException($"Tensors hold numbers, not {typeof(T).Name}."),
    };
}
