using MlPipelines.Imaging;

namespace MlPipelines.Tests.Training;

public sealed class SampleStoreTests
{
    static object[] Contents => [.. Enumerable.Range(0, 60)
        .Select(number => number % 3 == 0 ? (object)new float[] { number, 1.5f, float.NaN }
        : number % 3 == 1 ? new byte[] { (byte)number, 2, 3 } : Image.FromPixels(2, 1, 3, [(byte)number, 1, 2, 3, 4, 5]))];

    static void AssertSame(object expected, object found)
    {
        if (expected is Image image)
            Assert.Equal((image.Width, image.Height, image.Pixels.ToArray()),
                (((Image)found).Width, ((Image)found).Height, ((Image)found).Pixels.ToArray()),
                (one, other) => one.Width == other.Width && one.Height == other.Height && one.Item3.SequenceEqual(other.Item3));
        else
            Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1 << 20)]
    public void What_does_not_fit_into_memory_comes_back_from_a_file_that_ends_with_the_store(long mostInMemory)
    {
        string? file;
        using (var store = new SampleStore(mostInMemory))
        {
            for (var time = 0; time < 2; time++)
            {
                store.Clear();
                var kept = Contents.AsParallel().AsOrdered().Select(store.Keep).ToArray();
                foreach (var (content, stored) in Contents.Zip(kept))
                    AssertSame(content, stored.Read());
                Assert.Equal(60, kept.Select(stored => stored.Hash).Distinct().Count());
            }
            file = store.Overflow;
            Assert.Equal(mostInMemory < 1 << 20, File.Exists(file));
        }
        Assert.False(File.Exists(file));
    }
}
