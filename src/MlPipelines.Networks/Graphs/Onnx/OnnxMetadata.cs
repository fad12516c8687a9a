using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Graphs.Onnx;

/// <summary>The texts that an ONNX file carries beside its graph (metadata_props).</summary>
public static class OnnxMetadata
{
    /// <summary>The file with those texts set; other texts stay, but for the hash of what it was.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    public static byte[] With(ReadOnlyMemory<byte> onnx, IReadOnlyDictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var model = Parse(onnx);
        var kept = model.MetadataProps.Where(entry => entry.Key != OnnxSeal.Key && !texts.ContainsKey(entry.Key)).ToArray();
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
    internal static IReadOnlyDictionary<string, string> Read(Stream onnx)
    {
        var texts = ImmutableDictionary.CreateBuilder<string, string>();
        var hasGraph = false;
        foreach (var field in WireField.Of(onnx))
            if (field is { Number: ModelProto.MetadataPropsFieldNumber, HasLength: true })
            {
                var entry = Checked(ContentOf(onnx, field), bytes => StringStringEntryProto.Parser.ParseFrom(bytes.Span));
                texts[entry.Key] = entry.Value;
            }
            else
                hasGraph |= field.Number == ModelProto.GraphFieldNumber;
        return hasGraph ? texts.ToImmutable() : throw NoGraph();
    }

    /// <summary>The texts one by one, with their places.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    internal static IEnumerable<(WireField Place, StringStringEntryProto Entry)> Entries(ReadOnlyMemory<byte> onnx)
    {
        using var bytes = StreamOf(onnx);
        foreach (var entry in Entries(bytes))
            yield return entry;
    }

    static IEnumerable<(WireField Place, StringStringEntryProto Entry)> Entries(Stream onnx) => WireField.Of(onnx)
        .Where(field => field is { Number: ModelProto.MetadataPropsFieldNumber, HasLength: true })
        .Select(field => (field, Checked(ContentOf(onnx, field), bytes => StringStringEntryProto.Parser.ParseFrom(bytes.Span))));

    /// <summary>Name of the program that wrote the file; empty where it does not say.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    internal static string ProducerOf(ReadOnlyMemory<byte> onnx)
    {
        using var bytes = StreamOf(onnx);
        foreach (var field in WireField.Of(bytes))
            if (field is { Number: ModelProto.ProducerNameFieldNumber, HasLength: true })
                return Encoding.UTF8.GetString(ContentOf(bytes, field));
        return "";
    }

    static byte[] ContentOf(Stream onnx, WireField field)
    {
        var content = new byte[field.End - field.Content];
        onnx.ReadExactly(content);
        return content;
    }

    static MemoryStream StreamOf(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var part)
        ? new(part.Array!, part.Offset, part.Count, writable: false) : new(bytes.ToArray(), writable: false);

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
        var model = ModelBytes.Parse(bytes);
        return model.Graph is { Node.Count: > 0 } ? model : throw NoGraph();
    });

    static InvalidDataException NoGraph() =>
        new("ONNX file: holds no graph, a network is needed. Is it another kind of file, or cut short?");

    static T Checked<T>(ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw OnnxFile.NoModel(bytes.Span, bytes.Length, "ONNX file", exception);
        }
    }
}
