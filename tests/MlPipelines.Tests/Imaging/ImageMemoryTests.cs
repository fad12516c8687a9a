using MlPipelines.Imaging;
using MlPipelines.Tests.Execution;
using static MlPipelines.Tests.Imaging.Pictures;

namespace MlPipelines.Tests.Imaging;

[Collection(Alone.Name), Trait("Category", "Slow")]
public class ImageMemoryTests
{
    [Fact]
    public void Ten_thousand_decodes_leave_memory_flat()
    {
        var files = Enumerable.Range(0, 10).Select(i => Noise(64, 64, i).Encode(i % 2 == 0 ? ".jpg" : ".png")).ToArray();
        void Decode(int times) => Parallel.For(0, times, i => Image.FromBytes(files[i % files.Length]).Resize(32, 32));
        Decode(3000);
        GC.Collect();
        var before = Environment.WorkingSet;
        Decode(10_000);
        GC.Collect();
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 24L << 20);
    }
}
