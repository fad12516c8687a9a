using Google.Protobuf;

namespace MlPipelines.Graphs.Onnx;

/// <summary>A field of a protobuf message, by its place in a stream; protobuf's own reader would read what is passed over.</summary>
/// <param name="Number">Which field it is.</param>
/// <param name="HasLength">Whether it is text, bytes or a message.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Content">Where what it holds begins.</param>
/// <param name="End">Where the next one begins.</param>
readonly record struct WireField(int Number, bool HasLength, long Start, long Content, long End)
{
    /// <summary>The fields from where a stream is to its end.</summary>
    /// <exception cref="InvalidDataException">They are no message.</exception>
    public static IEnumerable<WireField> Of(Stream message)
    {
        while (message.Position < message.Length)
        {
            var (start, tag) = (message.Position, (uint)Number64(message));
            var (number, type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
            var length = 0ul;
            switch (type)
            {
                case WireFormat.WireType.Varint:
                    Number64(message);
                    break;
                case WireFormat.WireType.Fixed32:
                    length = sizeof(uint);
                    break;
                case WireFormat.WireType.Fixed64:
                    length = sizeof(ulong);
                    break;
                case WireFormat.WireType.LengthDelimited:
                    length = Number64(message);
                    break;
                default:
                    throw Broken(message);
            }
            if (number == 0 || length > (ulong)(message.Length - message.Position))
                throw Broken(message);
            var field = new WireField(number, type == WireFormat.WireType.LengthDelimited, start, message.Position,
                message.Position + (long)length);
            yield return field;
            message.Position = field.End;
        }
    }

    // Seven bits a byte, the lowest first.
    static ulong Number64(Stream message)
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = message.ReadByte();
            if (next < 0)
                break;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw Broken(message);
    }

    static InvalidDataException Broken(Stream message)
    {
        var head = new byte[OnnxFile.HeadBytes];
        message.Position = 0;
        return OnnxFile.NoModel(head.AsSpan(0, message.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)), message.Length,
            "ONNX file");
    }
}
