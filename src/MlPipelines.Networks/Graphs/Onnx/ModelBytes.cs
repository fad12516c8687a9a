using System.Runtime.InteropServices;
using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Graphs.Onnx;

/// <summary>The bytes of a file as a message whose stored tensors stay where they lie; protobuf's own reader would copy each.</summary>
static class ModelBytes
{
    // From a model to what a stored tensor holds.
    static readonly int[] path = [ModelProto.GraphFieldNumber, GraphProto.InitializerFieldNumber, TensorProto.RawDataFieldNumber];

    /// <summary>The message, of which tensors are parts of <paramref name="file"/>: nobody writes to that any more.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is none.</exception>
    public static ModelProto Parse(ReadOnlyMemory<byte> file)
    {
        var contents = new List<ReadOnlyMemory<byte>?>();
        if (!MemoryMarshal.TryGetArray(file, out var array) || Rest(array, 0, contents) is not { } rest)
            return ModelProto.Parser.ParseFrom(file.Span);
        var model = ModelProto.Parser.ParseFrom(rest.GetBuffer().AsSpan(0, (int)rest.Length));
        foreach (var (place, content) in contents.Index())
            if (content is { } bytes)
                model.Graph.Initializer[place].RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        return model;
    }

    /// <summary>A message of that depth of the path without what tensors hold, which goes to <paramref name="contents"/>, one entry a
    /// tensor; null where it is damaged.</summary>
    static MemoryStream? Rest(ArraySegment<byte> message, int depth, List<ReadOnlyMemory<byte>?> contents)
    {
        var rest = new MemoryStream();
        using var bytes = new MemoryStream(message.Array!, message.Offset, message.Count, writable: false);
        try
        {
            foreach (var field in WireField.Of(bytes))
            {
                var content = message[(int)field.Content..(int)field.End];
                if (field.Number != path[depth] || !field.HasLength)
                    rest.Write(message[(int)field.Start..(int)field.End]);
                else if (depth == path.Length - 1)
                    contents[^1] = content;
                else
                {
                    if (depth == path.Length - 2)
                        contents.Add(null);
                    if (Rest(content, depth + 1, contents) is not { } inner)
                        return null;
                    Write(rest, field.Number, inner);
                }
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }
        return rest;
    }

    static void Write(MemoryStream message, int number, MemoryStream content)
    {
        using var writer = new CodedOutputStream(message, leaveOpen: true);
        writer.WriteTag(number, WireFormat.WireType.LengthDelimited);
        writer.WriteLength((int)content.Length);
        writer.Flush();
        content.WriteTo(message);
    }
}
