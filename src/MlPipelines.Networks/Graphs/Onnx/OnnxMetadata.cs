using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Graphs.Onnx;

/// <summary>The texts that an ONNX file carries beside its graph (metadata_props).</summary>
public static class OnnxMetadata
{
    /// <summary>The file with those texts set; other texts stay.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    public static byte[] With(ReadOnlyMemory<byte> onnx, IReadOnlyDictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var model = Parse(onnx);
        var kept = model.MetadataProps.Where(entry => !texts.ContainsKey(entry.Key)).ToArray();
        model.MetadataProps.Clear();
        model.MetadataProps.Add(kept);
        model.MetadataProps.Add(texts.OrderBy(text => text.Key, StringComparer.Ordinal)
            .Select(text => new StringStringEntryProto { Key = text.Key, Value = text.Value }));
        return model.ToByteArray();
    }

    /// <summary>The texts; the graph beside them is passed over.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> onnx)
    {
        using var bytes = StreamOf(onnx);
        return Read(bytes);
    }

    /// <summary>The texts of a file, of whose graph nothing is read.</summary>
    /// <exception cref="InvalidDataException">It is no ONNX file.</exception>
    internal static IReadOnlyDictionary<string, string> Read(Stream onnx) => Checked(onnx.Length, () =>
    {
        var texts = ImmutableDictionary.CreateBuilder<string, string>();
        var hasGraph = false;
        foreach (var (number, content) in Fields(onnx, ModelProto.MetadataPropsFieldNumber))
            if (content is not null)
            {
                var entry = StringStringEntryProto.Parser.ParseFrom(content);
                texts[entry.Key] = entry.Value;
            }
            else
                hasGraph |= number == ModelProto.GraphFieldNumber;
        return hasGraph ? texts.ToImmutable() : throw NoGraph();
    });

    /// <summary>Name of the program that wrote the file; empty where it does not say.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    internal static string ProducerOf(ReadOnlyMemory<byte> onnx)
    {
        using var bytes = StreamOf(onnx);
        return Fields(bytes, ModelProto.ProducerNameFieldNumber).Select(field => field.Content).OfType<byte[]>()
            .Select(Encoding.UTF8.GetString).FirstOrDefault("");
    }

    static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var part)
        ? new(part.Array!, part.Offset, part.Count, writable: false) : new(bytes.ToArray(), writable: false);

    // The fields of a message, with the content of those that are asked for; protobuf's own reader would read what it passes over.
    static IEnumerable<(int Number, byte[]? Content)> Fields(Stream message, int wanted)
    {
        while (message.Position < message.Length)
        {
            var tag = (uint)Varint(message);
            var number = WireFormat.GetTagFieldNumber(tag);
            ulong length = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => NoLength(Varint(message)),
                WireFormat.WireType.Fixed64 => sizeof(ulong),
                WireFormat.WireType.Fixed32 => sizeof(uint),
                WireFormat.WireType.LengthDelimited => Varint(message),
                _ => throw Broken(message.Length),
            };
            if (number == 0 || length > (ulong)(message.Length - message.Position))
                throw Broken(message.Length);
            byte[]? content = null;
            if (number == wanted)
                message.ReadExactly(content = new byte[length]);
            else
                message.Position += (long)length;
            yield return (number, content);
        }
    }

    static ulong Varint(Stream message)
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = message.ReadByte();
            if (next < 0)
                throw Broken(message.Length);
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw Broken(message.Length);
    }

    // A number stands in its field itself.
    static ulong NoLength(ulong _) => 0;

    /// <summary>A valid file whose graph hands its input on: a carrier of texts.</summary>
    public static byte[] Empty()
    {
        var value = new TypeProto
        {
            TensorType = new() { ElemType = 1, Shape = new() { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } } },
        };
        return new ModelProto
        {
            IrVersion = 8,
            ProducerName = "MlPipelines",
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
            Graph = new()
            {
                Name = "identity",
                Input = { new ValueInfoProto { Name = "x", Type = value } },
                Output = { new ValueInfoProto { Name = "y", Type = value } },
                Node = { new NodeProto { OpType = "Identity", Name = "identity", Input = { "x" }, Output = { "y" } } },
            },
        }.ToByteArray();
    }

    /// <summary>The whole file.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    internal static ModelProto Parse(ReadOnlyMemory<byte> onnx) => Checked(onnx.Length, () =>
    {
        var model = ModelProto.Parser.ParseFrom(onnx.Span);
        return model.Graph is { Node.Count: > 0 } ? model : throw NoGraph();
    });

    static InvalidDataException NoGraph() =>
        new("ONNX file: holds no graph, a network is needed. Is it another kind of file, or cut short?");

    static T Checked<T>(long length, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw Broken(length, exception);
        }
    }

    static InvalidDataException Broken(long length, Exception? cause = null) => new(
        $"ONNX file: {length} bytes that cannot be read as one. Is it another kind of file, or cut short?", cause);
}
