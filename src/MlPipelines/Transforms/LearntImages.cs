using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Which images a model has learnt from, by hashes of their files' content, so that an evaluation can say when it is tried on the
/// same ones.</summary>
/// <remarks>Of many images the smallest hashes are kept: a random sample of them, which says of any other image with a hash as small
/// whether it is one of them.</remarks>
[JsonConverter(typeof(Converter))]
public sealed class LearntImages
{
    /// <summary>The most hashes that are kept, of eight bytes each.</summary>
    public const int MostKept = 8192;

    // In ascending order, each once.
    readonly ImmutableArray<ulong> hashes;

    LearntImages(IEnumerable<ulong> found) => hashes = [.. found.Distinct().Order().Take(MostKept)];

    /// <summary>Number of hashes that are kept.</summary>
    public int Count => hashes.Length;

    /// <summary>Whether the hashes are those of all images that were learnt from.</summary>
    public bool IsComplete => hashes.Length < MostKept;

    internal static LearntImages Of(IEnumerable<PixelCacheKey> images) => new(images.Select(Hash));

    /// <summary>These and those that an earlier model has learnt from.</summary>
    internal LearntImages With(LearntImages? earlier) => earlier is null ? this : new(hashes.Concat(earlier.hashes));

    /// <summary>Whether the model has learnt from an image; null where its hash is not among those that are told.</summary>
    internal bool? Holds(PixelCacheKey image) => Hash(image) is var hash && (IsComplete || hash <= hashes[^1])
        ? hashes.BinarySearch(hash) >= 0 : null;

    static ulong Hash(PixelCacheKey image) => (ulong)image.First;

    sealed class Converter : JsonConverter<LearntImages>
    {
        const int Size = sizeof(ulong);

        public override LearntImages Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var bytes = reader.GetBytesFromBase64();
            return bytes.Length % Size == 0
                ? new(Enumerable.Range(0, bytes.Length / Size).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(Size * i))))
                : throw new JsonException($"LearntImages: has {bytes.Length} bytes, needs a multiple of {Size}.");
        }

        public override void Write(Utf8JsonWriter writer, LearntImages value, JsonSerializerOptions options)
        {
            var bytes = new byte[Size * value.hashes.Length];
            foreach (var (i, hash) in value.hashes.Index())
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(Size * i), hash);
            writer.WriteBase64StringValue(bytes);
        }
    }
}
