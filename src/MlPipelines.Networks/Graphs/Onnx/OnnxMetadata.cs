using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
    public static IReadOnlyDictionary<string, string> Read(ReadOnlyMemory<byte> onnx) => Checked(onnx, bytes =>
    {
        var texts = ImmutableDictionary.CreateBuilder<string, string>();
        var hasGraph = false;
        using var fields = Fields(bytes);
        while (fields.ReadTag() is var tag and not 0)
            if (WireFormat.GetTagFieldNumber(tag) == ModelProto.MetadataPropsFieldNumber)
            {
                var entry = new StringStringEntryProto();
                fields.ReadMessage(entry);
                texts[entry.Key] = entry.Value;
            }
            else
            {
                hasGraph |= WireFormat.GetTagFieldNumber(tag) == ModelProto.GraphFieldNumber;
                fields.SkipLastField();
            }
        return hasGraph ? texts.ToImmutable() : throw NoGraph();
    });

    /// <summary>Name of the program that wrote the file; empty where it does not say.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    internal static string ProducerOf(ReadOnlyMemory<byte> onnx) => Checked(onnx, bytes =>
    {
        using var fields = Fields(bytes);
        while (fields.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == ModelProto.ProducerNameFieldNumber)
                return fields.ReadString();
            fields.SkipLastField();
        }
        return "";
    });

    static CodedInputStream Fields(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var part)
        ? new(part.Array!, part.Offset, part.Count) : new(bytes.ToArray());

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
    internal static ModelProto Parse(ReadOnlyMemory<byte> onnx) => Checked(onnx, bytes =>
    {
        var model = ModelProto.Parser.ParseFrom(bytes.Span);
        return model.Graph is { Node.Count: > 0 } ? model : throw NoGraph();
    });

    static InvalidDataException NoGraph() =>
        new("ONNX file: holds no graph, a network is needed. Is it another kind of file, or cut short?");

    static T Checked<T>(ReadOnlyMemory<byte> onnx, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(onnx);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"ONNX file: {onnx.Length} bytes that cannot be read as one ({exception.Message}). Is it "
                + "another kind of file, or cut short?", exception);
        }
    }
}
