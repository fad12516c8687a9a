using System.Text;
using MlPipelines.Tensors;

namespace MlPipelines;

/// <summary>Facts and tensors in one file, tensor after tensor, so that state of any size is written without a copy in memory: an ONNX file
/// ends at 2 GB, which a large network with its momentum and its best epoch exceeds.</summary>
static class CheckpointFile
{
    // At both ends, so that a file that was cut short is none.
    static readonly byte[] mark = [.. "mlpipelines checkpoint 1\n"u8];

    /// <summary>Writes them.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="facts">A text.</param>
    /// <param name="tensors">The tensors by their names.</param>
    public static void Write(Stream file, string facts, IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors)
    {
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        writer.Write(mark);
        writer.Write(facts);
        writer.Write(tensors.Count);
        foreach (var (name, tensor) in tensors)
        {
            writer.Write(name);
            writer.Write((int)tensor.Type);
            writer.Write(tensor.Shape.Rank);
            foreach (var size in tensor.Shape)
                writer.Write(size);
            writer.Write(tensor.Bytes.Span);
        }
        writer.Write(mark);
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <param name="file">The file, from its start.</param>
    /// <exception cref="InvalidDataException">It is another file, or damaged.</exception>
    public static (string Facts, Dictionary<string, Tensor> Tensors) Read(Stream file)
    {
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        if (!reader.ReadBytes(mark.Length).AsSpan().SequenceEqual(mark))
            throw new InvalidDataException("It does not begin as one.");
        try
        {
            var (facts, tensors) = (reader.ReadString(), new Dictionary<string, Tensor>(StringComparer.Ordinal));
            for (var left = reader.ReadInt32(); left > 0; left--)
                tensors.Add(reader.ReadString(), ReadTensor(reader));
            return reader.ReadBytes(mark.Length).AsSpan().SequenceEqual(mark) ? (facts, tensors)
                : throw new InvalidDataException("It does not end as one.");
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }

    static Tensor ReadTensor(BinaryReader reader)
    {
        var type = (ElementType)reader.ReadInt32();
        if (!Enum.IsDefined(type))
            throw new InvalidDataException($"It holds numbers of an unknown type, {(int)type}.");
        var sizes = new int[Math.Clamp(reader.ReadInt32(), 0, byte.MaxValue)];
        for (var axis = 0; axis < sizes.Length; axis++)
            sizes[axis] = reader.ReadInt32();
        var shape = Shape.Create(sizes);
        var (needed, left) = (shape.IsKnown ? shape.Length * type.Size() : -1, reader.BaseStream.Length - reader.BaseStream.Position);
        return needed >= 0 && needed <= left ? new(type, shape, reader.ReadBytes(checked((int)needed)))
            : throw new InvalidDataException($"A tensor of {type}{shape} is more than the {left} bytes that are left.");
    }
}
