using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MlPipelines.Imaging;

/// <summary>A SHA-256: of a file's bytes, or of those and of all that was done to them.</summary>
readonly record struct PixelCacheKey(UInt128 First, UInt128 Second)
{
    internal const int Bytes = 32;

    /// <summary>Raised when equal files and equal operations come to give other pixels.</summary>
    internal const int PixelsVersion = 3;

    internal static PixelCacheKey OfContent(ReadOnlySpan<byte> encoded)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(encoded, hash);
        return Read(hash);
    }

    /// <summary>The key of pixels decoded from a content and brought to a size.</summary>
    internal PixelCacheKey Resized(int width, int height, ResizingKind kind, Anchor anchor, DecodeOptions options)
    {
        const int numbers = 7 * sizeof(int) + 2 * sizeof(long);
        // Behind all else, so that keys of pictures without alpha are those that they had before there were any with it.
        ReadOnlySpan<byte> alpha = options.KeepsAlpha ? "alpha"u8 : [];
        // Most formats are decoded by libvips, whose versions differ in bits.
        var library = Image.LibraryVersion;
        Span<byte> text = stackalloc byte[Bytes + numbers + Encoding.UTF8.GetMaxByteCount(library.Length) + alpha.Length];
        Write(text);
        var background = options.Background;
        var rest = text[Bytes..];
        // All that pixels depend on. The anchor moves nothing but a crop; 0×0 is the picture in its own size.
        foreach (var number in (ReadOnlySpan<int>)[PixelsVersion, width, height, (int)kind, kind == ResizingKind.IsoCrop ? (int)anchor : -1,
            background.Red << 16 | background.Green << 8 | background.Blue, library.Length])
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, number);
            rest = rest[sizeof(int)..];
        }
        // What a smaller limit refuses must not be found because a larger one let it in.
        BinaryPrimitives.WriteInt64LittleEndian(rest, options.PixelLimit);
        BinaryPrimitives.WriteInt64LittleEndian(rest[sizeof(long)..], options.MemoryLimit);
        var length = Bytes + numbers + Encoding.UTF8.GetBytes(library, rest[(2 * sizeof(long))..]);
        alpha.CopyTo(text[length..]);
        return OfContent(text[..(length + alpha.Length)]);
    }

    internal static PixelCacheKey Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128LittleEndian(bytes), BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, First);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], Second);
    }
}
