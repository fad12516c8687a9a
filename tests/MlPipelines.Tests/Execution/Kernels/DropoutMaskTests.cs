using MlPipelines.Execution.Kernels;

namespace MlPipelines.Tests.Execution.Kernels;

public class DropoutMaskTests
{
    static readonly long[] Keys = [1, 2, 0x5EADBEEF_00000001, -1];

    [Theory]
    [InlineData(.25f)]
    [InlineData(.5f)]
    [InlineData(.9f)]
    public void Drops_the_share_asked_for_and_scales_the_rest(float rate)
    {
        foreach (var key in Keys)
        {
            var mask = Fill(key, rate, 100_000);
            Assert.Equal([0f, 1 / (1 - rate)], mask.Distinct().Order());
            Assert.InRange(mask.Count(v => v == 0) / 1e5, rate - .008, rate + .008);
        }
    }

    [Fact]
    public void Without_a_rate_nothing_is_dropped() => Assert.All(Fill(7, 0, 40), v => Assert.Equal(1, v));

    [Fact]
    public void The_vector_part_and_the_tail_draw_the_same_bits()
    {
        var whole = Fill(42, .5f, 64);
        for (var i = 0; i < whole.Length; i++)
        {
            var one = new float[1];
            DropoutMask.Fill(42, .5f, (uint)i, one);
            Assert.Equal(whole[i], one[0]);
        }
    }

    [Fact]
    public void Samples_neighbours_and_keys_are_independent()
    {
        var keep = Keys.Select(key => Fill(key, .5f, 65536).Select(v => v > 0).ToArray()).ToArray();
        for (var a = 0; a < Keys.Length; a++)
        {
            for (var lag = 1; lag <= 64; lag++)
                Assert.InRange(Enumerable.Range(0, 65536 - lag).Count(i => keep[a][i] == keep[a][i + lag]) / (65536.0 - lag), .49, .51);
            for (var b = 0; b < a; b++)
                Assert.InRange(Enumerable.Range(0, 65536).Count(i => keep[a][i] == keep[b][i]) / 65536.0, .49, .51);
        }
    }

    static float[] Fill(long key, float rate, int count)
    {
        var mask = new float[count];
        DropoutMask.Fill(key, rate, 0, mask);
        return mask;
    }
}
