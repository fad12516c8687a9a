using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace MlPipelines;

/// <summary>Which images a model learnt from, by fingerprints that it carries, so that those among the images of an evaluation can be
/// told.</summary>
/// <param name="Images">How many images it learnt from.</param>
/// <param name="Fingerprints">Eight bytes for each image, in ascending order: the first of the SHA-256 of its file, as a number whose
/// lowest byte comes first. Of more than <see cref="Most"/> images so many, evenly drawn.</param>
/// <remarks>They tell that a file is among the images, and not what is in it. Of images that were no files, but pixels in a program's
/// memory, there are none. Two other files meet by chance once in 2⁶⁴ pairs.</remarks>
public sealed record LearntImages(long Images, ReadOnlyMemory<byte> Fingerprints)
{
    /// <summary>The most fingerprints that a model carries: 256 KiB.</summary>
    public const int Most = 1 << 15;

    const int Size = sizeof(ulong);

    /// <inheritdoc cref="LearntImages"/>
    public ReadOnlyMemory<byte> Fingerprints { get; } = Fingerprints.Length % Size == 0 && Fingerprints.Length <= Most * Size ? Fingerprints
        : throw new ArgumentException($"Fingerprints: got {Fingerprints.Length} bytes, needs {Size} for each image, of at most {Most}.");

    /// <summary>How many fingerprints there are.</summary>
    [JsonIgnore]
    public int Count => Fingerprints.Length / Size;

    /// <summary>Whether it learnt from the image with those bytes; where there are fingerprints of a part of the images, whether it is one
    /// of these.</summary>
    /// <param name="file">The bytes of the image's file.</param>
    public bool Contains(ReadOnlySpan<byte> file) => Contains(FingerprintOf(file));

    /// <summary>Reads the files of some images and tells which of them it learnt from.</summary>
    /// <param name="images">Rows with the paths of files in a column; those that cannot be read are passed over.</param>
    /// <param name="pathColumn">That column.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public LearntOverlap Among(IDataView images, string pathColumn = "ImagePath", CancellationToken cancellation = default)
    {
        var read = images.Read([pathColumn], row =>
        {
            var path = row.Get<string>(pathColumn);
            return (Path: path, IsLearnt: Contains(ArchivePath.Read(path) ?? File.ReadAllBytes(path)));
        }, cancellation: cancellation).ToArray();
        var found = read.Where(image => image.IsLearnt).Select(image => image.Path).ToImmutableArray();
        var share = Math.Max(1, Images / (double)Math.Max(Count, 1));
        return new(read.Length, Math.Min(read.Length, (long)Math.Round(found.Length * share)), found);
    }

    internal bool Contains(ulong fingerprint) => MemoryMarshal.Cast<byte, ulong>(Fingerprints.Span).BinarySearch(fingerprint) >= 0;

    internal static ulong FingerprintOf(ReadOnlySpan<byte> file) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(file).AsSpan(0, Size));

    /// <summary>Those fingerprints and those of an earlier model that was gone on from.</summary>
    /// <param name="fingerprints">In any order, also several times.</param>
    /// <param name="images">How many images there are, where not all have a fingerprint; null where all have.</param>
    /// <param name="earlier">Of the earlier model; null for none.</param>
    internal static LearntImages Of(IEnumerable<ulong> fingerprints, long? images, LearntImages? earlier)
    {
        var before = earlier is null ? [] : MemoryMarshal.Cast<byte, ulong>(earlier.Fingerprints.Span).ToArray();
        ulong[] own = [.. fingerprints.Distinct()];
        ulong[] all = [.. own.Concat(before).Distinct().Order()];
        var count = (images ?? own.Length) + (earlier is null ? 0 : Math.Max(earlier.Images - own.Count(earlier.Contains), 0));
        // Hashes are uniform, so that the smallest ones are as good a draw as any.
        return new(count, MemoryMarshal.AsBytes<ulong>(all.AsSpan(0, Math.Min(all.Length, Most))).ToArray());
    }
}

/// <summary>How many of some images a model learnt from.</summary>
/// <param name="Images">How many there are that can be read.</param>
/// <param name="Learnt">How many of them it learnt from; an estimate where the model carries fingerprints of a part of what it learnt
/// from.</param>
/// <param name="Paths">Those that were found.</param>
public sealed record LearntOverlap(long Images, long Learnt, ImmutableArray<string> Paths);
