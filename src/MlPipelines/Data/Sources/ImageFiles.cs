using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Which files are images: those whose names end as images' do, and all others whose content begins as an image's does.</summary>
static class ImageFiles
{
    /// <summary>Bytes from the beginning of a file that say what it is.</summary>
    public const int HeadBytes = 4096;

    /// <summary>Whether a name ends as an image's does.</summary>
    public static bool IsNamed(string path) => ImageFormats.Endings.ContainsKey(Path.GetExtension(path));

    /// <summary>Why a file is not taken for an image; null where it is.</summary>
    public static string? Problem(string file)
    {
        if (IsNamed(file))
            return null;
        try
        {
            return Problem(file, Head(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    /// <summary>Why a file is not taken for an image that begins so and whose name does not end as an image's does.</summary>
    public static string? Problem(string name, ReadOnlySpan<byte> head) =>
        ImageFormats.Find(head) is not (null or ImageFormat.Svg) ? null
        : Path.GetExtension(name) is { Length: > 0 } extension ? $"'{extension}' is no image format read here" : "has no extension";

    // To open a pipe would wait for its other end; like a device it has no length.
    static ReadOnlySpan<byte> Head(string file)
    {
        if (new FileInfo(file).Length == 0)
            return [];
        using var handle = File.OpenHandle(file);
        var head = new byte[HeadBytes];
        return head.AsSpan(0, RandomAccess.Read(handle, head, 0));
    }
}
