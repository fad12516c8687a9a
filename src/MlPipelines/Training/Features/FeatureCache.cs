using System.Runtime.InteropServices;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Features in memory-mapped files of one folder, found by what they were computed from; they outlive the process.</summary>
/// <remarks>Entries bear checksums, and the folder may be used by several processes. What does not fit within the bound, or cannot be
/// written, is left out.</remarks>
sealed class FeatureCache : IDisposable
{
    /// <summary>The most bytes of a folder: 4 GiB, some 800,000 images of 1,280 features.</summary>
    public const long CapacityBytes = 4L << 30;

    const string Extension = ".features";

    readonly PixelCacheFolder content;
    readonly string folder;
    readonly bool reuse;
    readonly Action<string> warn;
    bool failed;

    /// <param name="folder">Where it is kept; made if it is not there.</param>
    /// <param name="reuse">False to compute everything anew all the same.</param>
    /// <param name="warn">Told once when features cannot be kept.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public FeatureCache(string folder, bool reuse, Action<string> warn)
    {
        (this.folder, this.reuse, this.warn) = (folder, reuse, warn);
        // The format of pixels, under a name of its own, so that neither drops the other's segments.
        content = new(folder, CapacityBytes, Extension);
    }

    public float[]? Find(PixelCacheKey key, int length) =>
        reuse && content.Find(key, length * sizeof(float)) is { } bytes ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : null;

    public void Keep(PixelCacheKey key, ReadOnlySpan<float> features)
    {
        if (failed)
            return;
        try
        {
            content.Keep(key, MemoryMarshal.AsBytes(features));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            failed = true;
            warn($"{folder}: features cannot be kept there: {error.Message.TrimEnd('.')}. The next run computes them again. Make room, or "
                + "choose another WorkspacePath.");
        }
    }

    public void Dispose() => content.Dispose();
}
