using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Writes batches into the buffers that a step reads: images, targets, weights and masks. What is random depends on seed,
/// epoch and place alone.</summary>
/// <param name="input">What the whole network takes.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="seed">Seed of mixing and dropout.</param>
sealed class BatchFeed(NetworkInput input, int classes, long seed)
{
    /// <summary>Number of classes.</summary>
    public int Classes => classes;

    /// <summary>Writes a batch to learn from; samples that are mixed get the class that they mostly belong to.</summary>
    /// <param name="step">Whose buffers are written.</param>
    /// <param name="batch">As many samples as the step takes.</param>
    /// <param name="table">Where the samples come from.</param>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="place">The batch's place in the epoch, from 0.</param>
    public void Fill(TrainingStep step, Sample[] batch, SampleTable table, int epoch, int place)
    {
        Fill(step.Image.Elements<float>(), batch, table.Length);
        var targets = step.Target.Elements<float>();
        targets.Clear();
        for (var i = 0; i < batch.Length; i++)
            targets[i * classes + batch[i].Label] = 1;
        if (step.Weights is { } weights)
            for (var i = 0; i < batch.Length; i++)
                weights.Elements<float>()[i] = batch[i].Weight;
        Mix(batch, step, table.Mixings, Dice.For(seed, epoch, place));
        foreach (var (mask, (buffer, rate)) in step.Masks.Index())
            DropoutMasks.Fill(buffer.Elements<float>(), rate, batch, seed, epoch, mask);
    }

    /// <summary>Writes the images of a batch.</summary>
    public static void Fill(Span<float> images, Sample[] batch, int length)
    {
        for (var i = 0; i < batch.Length; i++)
            NetworkInput.Write(batch[i].Content, images.Slice(i * length, length));
    }

    void Mix(Sample[] batch, TrainingStep step, ImmutableArray<ISampleMixing> mixings, Dice dice)
    {
        if (mixings.IsEmpty)
            return;
        long[] ids = [.. batch.Select(sample => sample.Id)];
        var mixed = new SampleBatch(step.Image.Elements<float>(), step.Target.Elements<float>(), ids, input.Height, input.Width);
        // Dice of its own for each, so that one does not depend on how much those before it drew.
        foreach (var (part, mixing) in mixings.Index())
            mixing.Mix(mixed, dice.Split(part));
        for (var i = 0; i < batch.Length; i++)
            // For the accuracy alone: the loss goes by the targets.
            batch[i] = batch[i] with { Label = Largest(mixed.TargetsOf(i)) };
    }

    static int Largest(ReadOnlySpan<float> numbers)
    {
        var place = 0;
        for (var i = 1; i < numbers.Length; i++)
            if (numbers[i] > numbers[place])
                place = i;
        return place;
    }
}
