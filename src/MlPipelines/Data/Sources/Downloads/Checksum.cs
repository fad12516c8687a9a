using System.IO.Compression;
using System.Security.Cryptography;

namespace MlPipelines;

/// <summary>SHA-256 as hexadecimal digits.</summary>
static class Checksum
{
    public static string Of(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    /// <summary>The SHA-256 of a file, or of what is in it when it is gzipped; null when it was to be and is not, or is damaged.</summary>
    public static string? OfFile(string path, bool unzipped)
    {
        using var file = File.OpenRead(path);
        if (!unzipped)
            return Of(file);
        try
        {
            using var content = new GZipStream(file, CompressionMode.Decompress);
            return Of(content);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
