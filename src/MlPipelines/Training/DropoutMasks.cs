using MlPipelines.Execution.Kernels;

namespace MlPipelines;

/// <summary>Masks of dropout: what each sample gets depends on seed, epoch, sample and mask alone.</summary>
static class DropoutMasks
{
    /// <param name="mask">[batch, …]; gets 0 with probability <paramref name="rate"/>, 1 / (1 − rate) otherwise.</param>
    public static void Fill(Span<float> mask, float rate, Sample[] batch, long seed, int epoch, int place)
    {
        var length = mask.Length / batch.Length;
        for (var i = 0; i < batch.Length; i++)
            // By sample and not by place in the batch: batches that are put together otherwise give a sample the same mask.
            DropoutMask.Fill((long)Dice.For(seed, epoch, batch[i].Id, place).Bits(), rate, 0, mask.Slice(i * length, length));
    }
}
