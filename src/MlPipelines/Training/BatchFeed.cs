using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MlPipelines;

/// <summary>Writes batches into the buffers that a step reads: images, targets, weights and masks. What is random depends on seed,
/// epoch and place alone.</summary>
/// <param name="input">What the whole network takes.</param>
/// <param name="classes">Number of classes.</param>
/// <param name="seed">Seed of mixing and dropout.</param>
/// <param name="ranks">The processes that batches are divided over.</param>
sealed class BatchFeed(NetworkInput input, int classes, long seed, Ranks ranks)
{
    /// <summary>Number of classes.</summary>
    public int Classes => classes;

    /// <summary>Writes a batch to learn from; samples that are mixed get the class that they mostly belong to.</summary>
    /// <param name="step">Whose buffers are written; null where this process has no sample of the batch.</param>
    /// <param name="batch">As many samples as the step takes.</param>
    /// <param name="table">Where the samples come from.</param>
    /// <param name="epoch">Epoch, from 0.</param>
    /// <param name="place">The batch's place in the epoch, from 0.</param>
    public void Fill(TrainingStep? step, Sample[] batch, SampleTable table, int epoch, int place)
    {
        if (step is not null)
            Write(step, batch, table.Length);
        if (!table.Mixings.IsEmpty)
            Mix(batch, step, table, Dice.For(seed, epoch, place));
        if (step is not null)
            foreach (var (mask, (buffer, rate)) in step.Masks.Index())
                DropoutMasks.Fill(buffer.Elements<float>(), rate, batch, seed, epoch, mask);
    }

    void Write(TrainingStep step, Sample[] batch, int length)
    {
        Fill(step.Image.Elements<float>(), batch, length);
        var targets = step.Target.Elements<float>();
        targets.Clear();
        for (var i = 0; i < batch.Length; i++)
            targets[i * classes + batch[i].Label] = 1;
        if (step.Weights is { } weights)
            for (var i = 0; i < batch.Length; i++)
                weights.Elements<float>()[i] = batch[i].Weight;
    }

    /// <summary>Writes the images of a batch.</summary>
    public static void Fill(Span<float> images, Sample[] batch, int length)
    {
        for (var i = 0; i < batch.Length; i++)
            NetworkInput.Write(batch[i].Content, images.Slice(i * length, length));
    }

    // A sample is mixed with any of its batch, so that each process needs them all.
    void Mix(Sample[] batch, TrainingStep? step, SampleTable table, Dice dice)
    {
        var own = step is null ? default : step.Image.Elements<float>();
        var ownTargets = step is null ? default : step.Target.Elements<float>();
        long[] ownIds = [.. batch.Select(sample => sample.Id)];
        if (!ranks.AreSeveral)
        {
            Mix(new(own, ownTargets, ownIds, input.Height, input.Width), table.Mixings, dice);
            Relabel(batch, ownTargets);
            return;
        }
        var ids = MemoryMarshal.Cast<byte, long>(Joined(MemoryMarshal.AsBytes<long>(ownIds), out var before)).ToArray();
        var images = MemoryMarshal.Cast<byte, float>(Joined(MemoryMarshal.AsBytes(own), out _));
        var targets = MemoryMarshal.Cast<byte, float>(Joined(MemoryMarshal.AsBytes(ownTargets), out _));
        Mix(new(images, targets, ids, input.Height, input.Width), table.Mixings, dice);
        var first = before / sizeof(long);
        images.Slice(first * table.Length, own.Length).CopyTo(own);
        targets.Slice(first * classes, ownTargets.Length).CopyTo(ownTargets);
        Relabel(batch, ownTargets);
    }

    Span<byte> Joined(ReadOnlySpan<byte> own, out int before)
    {
        var all = ranks.Gather(own.ToArray());
        before = all.Take(ranks.Rank).Sum(each => each.Length);
        var joined = new byte[all.Sum(each => each.Length)];
        var rest = joined.AsSpan();
        foreach (var each in all)
        {
            each.CopyTo(rest);
            rest = rest[each.Length..];
        }
        return joined;
    }

    static void Mix(SampleBatch mixed, ImmutableArray<ISampleMixing> mixings, Dice dice)
    {
        // Dice of its own for each, so that one does not depend on how much those before it drew.
        foreach (var (part, mixing) in mixings.Index())
            mixing.Mix(mixed, dice.Split(part));
    }

    // For the accuracy alone: the loss goes by the targets.
    void Relabel(Sample[] batch, ReadOnlySpan<float> targets)
    {
        for (var i = 0; i < batch.Length; i++)
            batch[i] = batch[i] with { Label = Largest(targets.Slice(i * classes, classes)) };
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
