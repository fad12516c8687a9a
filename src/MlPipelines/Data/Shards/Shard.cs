using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MlPipelines;

/// <summary>One of the shares into which rows are divided by their ids, whatever their order and whoever else is there.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="Count">How many there are.</param>
/// <remarks>A row belongs to the share 1 + h mod Count, where h is the number that the first eight bytes of the SHA-256 of its id make, the
/// most significant first.</remarks>
readonly record struct Shard(int Number, int Count)
{
    /// <summary>The most shares that rows are divided into.</summary>
    public const int Most = 100_000;

    /// <summary>Reads 3/16.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Shard Parse(string text) => text.Split('/') is [var number, var count] && WholeNumber(number) is { } one
        && WholeNumber(count) is { } all and >= 1 and <= Most && one >= 1 && one <= all ? new(one, all)
        : throw new FormatException($"got '{text}', needs which one of how many, such as 3/16: from 1/N to N/N, N at most {Most}.");

    /// <summary>Whether a row belongs to this share.</summary>
    public bool Holds(string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Count) == Number - 1;
    }

    /// <summary>The id of a picture: its path below the folder or archive that was named, or below the folder of the table, with '/'
    /// between names in normal form C; the path itself where it lies elsewhere.</summary>
    /// <param name="path">The picture's path, as it is listed.</param>
    /// <param name="source">The folder, archive or table that lists it.</param>
    public static string IdOf(string path, string source)
    {
        var (named, beside) = (Within(path, source), Path.GetDirectoryName(source));
        return NormalForm.Of((named ?? Within(path, beside is { Length: > 0 } ? beside : ".") ?? path).Replace('\\', '/'));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    static string? Within(string path, string folder)
    {
        var below = Path.TrimEndingDirectorySeparator(folder);
        return path.StartsWith(below, StringComparison.Ordinal) && path[below.Length..] is ['/' or '\\', .. var rest]
            ? rest.TrimStart('/', '\\') : null;
    }

    static int? WholeNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
