using System.Runtime.InteropServices;
using MlPipelines.Native;
using MlPipelines.Tensors;

namespace MlPipelines.Execution;

/// <summary>A block of numbers that stays in one place and may be written: memory outside the managed heap, aligned to 64 bytes,
/// zero at first.</summary>
public sealed class TensorBuffer : IDisposable
{
    bool disposed;

    /// <summary>Memory for a tensor of that type and shape, zero at first.</summary>
    public TensorBuffer(ElementType type, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        (Type, Shape) = (type, shape);
        Memory = new AlignedMemory(checked((int)(shape.Length * type.Size())));
    }

    /// <summary>Type of its elements.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of its axes.</summary>
    public Shape Shape { get; }

    internal AlignedMemory Memory { get; }

    /// <summary>The elements as bytes; valid until the buffer is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public Span<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return Memory.Bytes;
        }
    }

    /// <summary>A buffer that starts as a copy of <paramref name="tensor"/>.</summary>
    public static TensorBuffer Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var buffer = new TensorBuffer(tensor.Type, tensor.Shape);
        tensor.Bytes.Span.CopyTo(buffer.Bytes);
        return buffer;
    }

    /// <summary>The elements; valid until the buffer is disposed of.</summary>
    /// <exception cref="InvalidOperationException">They are of another type.</exception>
    public Span<T> Elements<T>() where T : unmanaged => ElementTypes.Of<T>() == Type
        ? MemoryMarshal.Cast<byte, T>(Bytes)
        : throw new InvalidOperationException($"Buffer {this}: asked for {typeof(T).Name}, holds {Type}.");

    /// <summary>Overwrites the elements with those of a tensor of the same type and shape.</summary>
    public void CopyFrom(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Type != Type || tensor.Shape != Shape)
            throw new ArgumentException($"Buffer {this}: got {tensor}, needs the same type and shape.", nameof(tensor));
        tensor.Bytes.Span.CopyTo(Bytes);
    }

    /// <summary>A tensor that copies what the buffer holds now.</summary>
    public Tensor ToTensor() => new(Type, Shape, Bytes.ToArray());

    /// <inheritdoc/>
    public override string ToString() => $"{Type}{Shape}";

    /// <summary>Gives the memory back, once the last binding that uses it is disposed of as well.</summary>
    public void Dispose()
    {
        disposed = true;
        Memory.Dispose();
    }
}
