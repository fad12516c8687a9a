using System.Buffers.Binary;
using System.Security.Cryptography;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms;

public sealed class LearntImagesTests
{
    [Fact]
    public void Fingerprints_are_sorted_and_each_is_there_once()
    {
        var learnt = LearntImages.Of([5, 1, 5, ulong.MaxValue], null, null);
        Assert.Equal((3, 3), (learnt.Images, learnt.Count));
        Assert.All(new ulong[] { 1, 5, ulong.MaxValue }, fingerprint => Assert.True(learnt.Contains(fingerprint)));
        Assert.False(learnt.Contains(2UL));
    }

    [Fact]
    public void A_file_is_known_by_the_first_bytes_of_its_hash()
    {
        byte[] file = [1, 2, 3];
        var learnt = LearntImages.Of([BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(file))], null, null);
        Assert.True(learnt.Contains(file));
        Assert.False(learnt.Contains([1, 2, 4]));
    }

    [Fact]
    public void They_are_bounded_and_then_the_rest_is_estimated()
    {
        using var folder = new TemporaryFolder();
        string[] paths = [.. Enumerable.Range(0, 10).Select(i => folder.Write($"{i}", [(byte)i]))];
        var known = paths.Take(4).Select(path => LearntImages.FingerprintOf(File.ReadAllBytes(path)));
        var many = LearntImages.Of(Enumerable.Range(1, 2 * LearntImages.Most).Select(i => (ulong)i << 40), null, null);
        Assert.Equal((2L * LearntImages.Most, LearntImages.Most), (many.Images, many.Count));
        var half = LearntImages.Of(known, 8, null);
        var overlap = half.Among(MadeUp.Rows(10, MadeUp.Text("ImagePath", row => paths[row])),
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((10, 8, 4), (overlap.Images, overlap.Learnt, overlap.Paths.Length));
    }

    [Fact]
    public void What_an_earlier_model_learnt_from_is_kept()
    {
        var both = LearntImages.Of([1, 2, 3], null, LearntImages.Of([3, 4], null, null));
        Assert.Equal((4, 4), (both.Images, both.Count));
        Assert.Equal([1, 2, 3, 4], new ulong[] { 1, 2, 3, 4 }.Where(both.Contains));
    }

    [Fact]
    public void Bytes_that_are_no_fingerprints_are_refused() =>
        Assert.StartsWith("Fingerprints: got 7 bytes", Assert.Throws<ArgumentException>(() => new LearntImages(1, new byte[7])).Message,
            StringComparison.Ordinal);
}
