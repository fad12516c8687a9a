using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Pixels and numbers that steps of others have made, each kept once: the first in memory,
/// the others in a temporary file that ends with the store.</summary>
/// <param name="mostInMemory">The most bytes that are held in memory.</param>
sealed class SampleStore(long mostInMemory = SampleStore.MostInMemory) : IDisposable
{
    /// <summary>The most bytes that a store holds in memory when it is not told otherwise.</summary>
    public const long MostInMemory = 256L << 20;

    /// <summary>The temporary file; null where all fits into memory.</summary>
    public string? Overflow { get; private set; }

    readonly Lock gate = new();
    SafeFileHandle? file;
    long held, written;

    /// <summary>Keeps a sample, or what it is read from.</summary>
    /// <param name="content">An image, numbers, or the bytes of an image's file.</param>
    /// <exception cref="IOException">The temporary folder is full.</exception>
    public StoredContent Keep(object content)
    {
        var (bytes, size) = content switch
        {
            Image image => (image.Pixels.ToArray(), new StoredSize(image.Width, image.Height, image.Channels)),
            byte[] encoded => (encoded, StoredSize.Encoded),
            _ => (MemoryMarshal.AsBytes(((float[])content).AsSpan()).ToArray(), StoredSize.Numbers),
        };
        lock (gate)
        {
            if (held + bytes.Length <= mostInMemory)
            {
                held += bytes.Length;
                return new(this, bytes, 0, bytes.Length, size);
            }
            file ??= File.OpenHandle(Overflow = Path.Combine(Path.GetTempPath(), $"mlpipelines-{Guid.NewGuid():N}.samples"),
                FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            // Where a sample lies depends on which thread came first; what it holds does not.
            RandomAccess.Write(file, bytes, written);
            written += bytes.Length;
            return new(this, null, written - bytes.Length, bytes.Length, size);
        }
    }

    /// <summary>Forgets all that was kept.</summary>
    // What was handed out of the file before reads something else from now on.
    public void Clear() => (held, written) = (0, 0);

    internal byte[] Read(long offset, int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
            done += RandomAccess.Read(file!, bytes.AsSpan(done), offset + done) is > 0 and var read ? read
            : throw new EndOfStreamException("The temporary file of samples was cut short.");
        return bytes;
    }

    public void Dispose() => file?.Dispose();
}

/// <summary>Something that is kept in a store.</summary>
sealed class StoredContent(SampleStore store, byte[]? bytes, long offset, int length, StoredSize size)
{
    /// <summary>The image, the numbers, or the bytes of an image's file.</summary>
    public object Read() => size == StoredSize.Numbers ? MemoryMarshal.Cast<byte, float>(Bytes).ToArray()
        // Images and files are not copied: nobody may write to them.
        : size == StoredSize.Encoded ? Bytes : Image.FromPixels(size.Width, size.Height, size.Channels, Bytes);

    /// <summary>What tells it from any other.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    byte[] Bytes => bytes ?? store.Read(offset, length);
}

/// <summary>What is kept: pixels of a size, or else numbers or a file.</summary>
readonly record struct StoredSize(int Width, int Height, int Channels)
{
    public static readonly StoredSize Numbers = new(0, 0, 0), Encoded = new(0, 0, -1);
}
