using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Pixels and numbers that steps of others have made, each kept once: the first in memory, the others in a temporary file that ends with the store.</summary>
sealed class SampleStore : IDisposable
{
    /// <summary>The most bytes that are held in memory.</summary>
    public const long MostInMemory = 256L << 20;

    readonly Lock gate = new();
    SafeFileHandle? file;
    long held, written;

    /// <summary>Keeps what a network takes of a sample.</summary>
    /// <param name="content">An image or numbers.</param>
    /// <exception cref="IOException">The temporary folder is full.</exception>
    public StoredContent Keep(object content)
    {
        var (bytes, width, height, channels) = content is Image image ? (image.Pixels.ToArray(), image.Width, image.Height, image.Channels)
            : (MemoryMarshal.AsBytes(((float[])content).AsSpan()).ToArray(), 0, 0, 0);
        lock (gate)
        {
            if (held + bytes.Length <= MostInMemory)
            {
                held += bytes.Length;
                return new(this, bytes, 0, bytes.Length, width, height, channels);
            }
            file ??= File.OpenHandle(Path.Combine(Path.GetTempPath(), $"mlpipelines-{Guid.NewGuid():N}.samples"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            RandomAccess.Write(file, bytes, written);
            written += bytes.Length;
            return new(this, null, written - bytes.Length, bytes.Length, width, height, channels);
        }
    }

    /// <summary>Forgets all that was kept.</summary>
    public void Clear() => (held, written) = (0, 0);

    internal byte[] Read(long offset, int length)
    {
        var bytes = new byte[length];
        for (var done = 0; done < length;)
            done += RandomAccess.Read(file!, bytes.AsSpan(done), offset + done) is > 0 and var read ? read : throw new EndOfStreamException("The temporary file of samples was cut short.");
        return bytes;
    }

    public void Dispose() => file?.Dispose();
}

/// <summary>Something that is kept in a store.</summary>
sealed class StoredContent(SampleStore store, byte[]? bytes, long offset, int length, int width, int height, int channels)
{
    /// <summary>The image or the numbers.</summary>
    public object Read()
    {
        var kept = bytes ?? store.Read(offset, length);
        return channels > 0 ? Image.FromPixels(width, height, channels, kept) : MemoryMarshal.Cast<byte, float>(kept).ToArray();
    }
}
