using System.Text.RegularExpressions;
using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Decodes pictures of clients: as many at once as there are processors, and large ones one after the other beside them, so that
/// they hold up nobody else.</summary>
sealed partial class DecodingGate(long maxPixels) : IDisposable
{
    const long LargePixels = 1 << 24;

    static readonly TimeSpan longest = TimeSpan.FromSeconds(10);

    readonly SemaphoreSlim small = new(Environment.ProcessorCount), large = new(1);
    readonly DecodeOptions options = new()
    {
        PixelLimit = maxPixels,
        MemoryLimit = Math.Max(1L << 29, 16 * maxPixels),
        TimeLimit = longest,
    };

    /// <summary>The picture in the bytes of its file; nothing but its header is read yet.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public Image Open(ReadOnlyMemory<byte> bytes)
    {
        var image = Image.FromBytes(bytes, "picture", options);
        Readable(() => image.Width);
        return image;
    }

    /// <summary>Does something with a picture whose pixels are needed.</summary>
    /// <exception cref="RefusedException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public async Task<T> Decode<T>(Image image, Func<Image, T> work, CancellationToken cancellation)
    {
        var gate = (long)image.Width * image.Height > LargePixels ? large : small;
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var ended = DecodingCancellation.By(cancellation);
            return Readable(() => work(image));
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        small.Dispose();
        large.Dispose();
    }

    static T Readable<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidDataException exception)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                AdviceAboutFiles().Replace(exception.Message, "."), exception);
        }
    }

    // Whoever sent it has no folder to take it out of, and no options to raise.
    [GeneratedRegex(@"\. (?:Fetch|Make|If it is|Delete|Save) .*$", RegexOptions.Singleline)]
    private static partial Regex AdviceAboutFiles();
}
