using System.Runtime.InteropServices;

namespace MlPipelines.Tensors;

/// <summary>An immutable block of numbers with a shape; row-major.</summary>
/// <remarks>The constructor takes the memory as it is: whoever hands it over no longer writes to it.</remarks>
public sealed class Tensor
{
    /// <param name="type">Type of the elements.</param>
    /// <param name="shape">Sizes of the axes, all known.</param>
    /// <param name="bytes">The elements, little-endian, row-major.</param>
    /// <exception cref="ArgumentException">The number of bytes is not that of the shape.</exception>
    public Tensor(ElementType type, Shape shape, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var needed = shape.Length * type.Size();
        if (bytes.Length != needed)
            throw new ArgumentException($"Tensor {type}{shape}: got {bytes.Length} bytes, needs {needed}.", nameof(bytes));
        (Type, Shape, Bytes) = (type, shape, bytes);
    }

    /// <summary>Type of its elements.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of its axes.</summary>
    public Shape Shape { get; }

    /// <summary>The elements as bytes, little-endian, row-major.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A tensor that copies <paramref name="elements"/>.</summary>
    public static Tensor Of<T>(Shape shape, ReadOnlySpan<T> elements) where T : unmanaged =>
        new(ElementTypes.Of<T>(), shape, MemoryMarshal.AsBytes(elements).ToArray());

    /// <summary>A vector that copies <paramref name="elements"/>.</summary>
    public static Tensor Vector<T>(params ReadOnlySpan<T> elements) where T : unmanaged => Of([elements.Length], elements);

    /// <summary>A single number.</summary>
    public static Tensor Scalar<T>(T element) where T : unmanaged => Of(Shape.Scalar, [element]);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(ElementType type, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new(type, shape, new byte[shape.Length * type.Size()]);
    }

    /// <summary>The elements.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public ReadOnlySpan<T> Elements<T>() where T : unmanaged => ElementTypes.Of<T>() == Type
        ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
        : throw new InvalidOperationException($"Tensor {this}: asked for {typeof(T).Name}, holds {Type}.");

    /// <summary>The same elements under another shape.</summary>
    public Tensor Reshape(Shape shape) => new(Type, shape, Bytes);

    /// <inheritdoc/>
    public override string ToString() => $"{Type}{Shape}";
}
