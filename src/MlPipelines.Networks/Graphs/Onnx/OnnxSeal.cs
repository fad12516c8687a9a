using System.Globalization;
using System.IO.Hashing;
using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Graphs.Onnx;

/// <summary>A text in a model's file that is the hash of all the rest, by which bits that have changed since are noticed.</summary>
static class OnnxSeal
{
    /// <summary>The metadata key.</summary>
    public const string Key = "mlpipelines.xxh3";

    /// <summary>The file with its seal, before its other texts; it has texts, and no seal yet.</summary>
    public static byte[] Close(byte[] onnx)
    {
        var place = (int)OnnxMetadata.Entries(onnx).First().Place.Start;
        var seal = new StringStringEntryProto { Key = Key, Value = HashOf(onnx.AsSpan(..place), onnx.AsSpan(place..)) };
        return [.. onnx.AsSpan(..place), .. new ModelProto { MetadataProps = { seal } }.ToByteArray(), .. onnx.AsSpan(place..)];
    }

    /// <summary>Whether the file is as it was sealed; null where it was not.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ONNX file.</exception>
    public static bool? IsWhole(ReadOnlyMemory<byte> onnx)
    {
        foreach (var (place, entry) in OnnxMetadata.Entries(onnx))
            if (entry.Key == Key)
                return entry.Value == HashOf(onnx.Span[..(int)place.Start], onnx.Span[(int)place.End..]);
        return null;
    }

    static string HashOf(ReadOnlySpan<byte> before, ReadOnlySpan<byte> behind)
    {
        var hash = new XxHash3();
        hash.Append(before);
        hash.Append(behind);
        return hash.GetCurrentHashAsUInt64().ToString("x16", CultureInfo.InvariantCulture);
    }
}
