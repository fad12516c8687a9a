namespace MlPipelines.Training;

/// <summary>Masks of dropout: what each sample gets depends on seed, epoch, sample and mask alone.</summary>
static class DropoutMasks
{
    /// <param name="mask">[batch, …]; gets 0 with probability <paramref name="rate"/>, 1 / (1 − rate) otherwise.</param>
    public static void Fill(Span<float> mask, float rate, Sample[] batch, long seed, int epoch, int place)
    {
        var length = mask.Length / batch.Length;
        var keep = 1 / (1 - rate);
        var threshold = (ulong)(rate * 65536.0);
        for (var i = 0; i < batch.Length; i++)
        {
            var dice = Dice.For(seed, epoch, batch[i].Id, place);
            var row = mask.Slice(i * length, length);
            var bits = 0UL;
            for (var j = 0; j < row.Length; j++)
            {
                bits = (j & 3) == 0 ? dice.Bits() : bits >> 16;
                row[j] = (bits & 0xFFFF) < threshold ? 0 : keep;
            }
        }
    }
}
