using System.Globalization;
using System.Runtime.InteropServices;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Stored tensors of a file, in whichever of the format's ways they are stored.</summary>
/// <param name="file">What error messages call the file.</param>
/// <param name="folder">The file's folder; null when it is no file, so that nothing can lie beside it.</param>
sealed class TensorReader(string file, string? folder)
{
    /// <summary>The tensor; floating-point numbers of any width as float32.</summary>
    public Tensor Read(TensorProto stored)
    {
        var type = (ElementType)stored.DataType;
        if (!IsRead(type))
            throw Unreadable(stored);
        var shape = ShapeOf(stored);
        long needed;
        try
        {
            needed = checked(shape.Length * type.Size());
        }
        catch (OverflowException)
        {
            throw Error(stored, $"has shape {shape}, which is more than memory holds");
        }
        var bytes = stored.DataLocation == TensorProto.Types.DataLocation.External ? External(stored, needed)
            : stored.HasRawData ? stored.RawData.Memory
            : Typed(stored, type);
        return bytes.Length == needed ? Single(new Tensor(type, shape, bytes))
            : throw Error(stored, $"holds {bytes.Length} bytes, its shape {shape} of {type} needs {needed}");
    }

    /// <summary>Whether its elements are numbers or truth values of at least 8 bits.</summary>
    public static bool IsRead(ElementType type) => Enum.IsDefined(type) && type is not (ElementType.Undefined or ElementType.String);

    /// <summary>Floating-point numbers of any width as float32; others as they are.</summary>
    public static ElementType Single(ElementType type) =>
        type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Double ? ElementType.Float : type;

    static Tensor Single(Tensor tensor) => tensor.Type switch
    {
        ElementType.Float16 => Convert(tensor, MemoryMarshal.Cast<byte, Half>(tensor.Bytes.Span), number => (float)number),
        ElementType.BFloat16 =>
        Convert(tensor, MemoryMarshal.Cast<byte, ushort>(tensor.Bytes.Span), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        ElementType.Double => Convert(tensor, MemoryMarshal.Cast<byte, double>(tensor.Bytes.Span), number => (float)number),
        _ => tensor,
    };

    static Tensor Convert<T>(Tensor tensor, ReadOnlySpan<T> from, Func<T, float> convert)
    {
        var numbers = new float[from.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = convert(from[i]);
        return Tensor.Of<float>(tensor.Shape, numbers);
    }

    Shape ShapeOf(TensorProto stored)
    {
        foreach (var size in stored.Dims)
            if (size is < 0 or > int.MaxValue)
                throw Error(stored, $"has an axis of size {size}, needs 0 to {int.MaxValue}");
        return [.. stored.Dims.Select(size => (int)size)];
    }

    static byte[] Typed(TensorProto stored, ElementType type) => type switch
    {
        ElementType.Float => Bytes(stored.FloatData),
        ElementType.Double => Bytes(stored.DoubleData),
        ElementType.Int64 => Bytes(stored.Int64Data),
        ElementType.UInt64 => Bytes(stored.Uint64Data),
        ElementType.UInt32 => Bytes(stored.Uint64Data.Select(number => (uint)number)),
        ElementType.Int32 => Bytes(stored.Int32Data),
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 =>
        Bytes(stored.Int32Data.Select(number => (ushort)number)),
        _ => Bytes(stored.Int32Data.Select(number => (byte)number)),
    };

    static byte[] Bytes<T>(IEnumerable<T> numbers) where T : unmanaged => MemoryMarshal.AsBytes<T>(numbers.ToArray()).ToArray();

    ReadOnlyMemory<byte> External(TensorProto stored, long needed)
    {
        string? Entry(string key) => stored.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;
        long Number(string key, long otherwise) => Entry(key) is not { } text ? otherwise
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw Error(stored, $"has the external {key} '{text}', needs a number");

        var location = Entry("location") ?? throw Error(stored, "lies in another file, but which is not said");
        if (folder is null)
            throw Error(stored, $"lies in another file, '{location}'; read the model by its path so that it can be found");
        if (Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal) || location.Split('/', '\\').Contains(".."))
            throw Error(stored, $"lies in '{location}', which may be outside the model's folder; needs a file inside it");
        var path = Path.Combine(folder, location);
        if (!File.Exists(path))
            throw Error(stored, $"lies in '{location}', which is not beside the model. Put it there");
        for (var part = path; part is not null && part.Length > folder.Length; part = Path.GetDirectoryName(part))
            if (File.ResolveLinkTarget(part, returnFinalTarget: true) is { } target
            && !target.FullName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw Error(stored, $"lies in '{location}', a link that leaves the model's folder; needs a file inside it");

        using var source = File.OpenRead(path);
        var (offset, length) = (Number("offset", 0), Number("length", needed));
        if (length != needed || offset > source.Length - length)
            throw Error(stored,
                $"needs {needed} bytes; '{location}' has {source.Length} bytes, of which {length} from place {offset} are meant");
        var bytes = new byte[needed];
        source.Position = offset;
        source.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What is thrown for a tensor of a type that is not read.</summary>
    public InvalidDataException Unreadable(TensorProto stored) =>
        Error(stored, $"has element type {stored.DataType}, which is not read here; needs numbers of 8 bits or more");

    InvalidDataException Error(TensorProto stored, string message) => new($"{file}: tensor '{stored.Name}' {message}.");
}
