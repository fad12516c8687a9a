
namespace MlPipelines;

/// <summary>Mixes each sample of a batch with a partner, the first with the last, the second with the last but one and so on, and their
/// targets by the same shares.</summary>
/// <param name="Probability">How often, in [0, 1]: of batches or of samples, as the mode says.</param>
/// <param name="Mode">Whether a batch or each sample has draws of its own.</param>
/// <remarks>
/// Several in one list act one after another; <see cref="MixUpOrCutMix"/> takes one of two.
/// The sample in the middle of a batch of odd size is its own partner. Source: timm, Mixup.
/// </remarks>
public abstract record SampleMixing(float Probability = 1, MixingMode Mode = MixingMode.Batch) : Augmentation, ISampleMixing
{
    /// <inheritdoc cref="SampleMixing" path="/param[@name='Probability']"/>
    public float Probability { get; } = Check.Within(Probability, 0, 1);

    /// <inheritdoc cref="SampleMixing" path="/param[@name='Mode']"/>
    public MixingMode Mode { get; } = Enum.IsDefined(Mode) ? Mode
        : throw new ArgumentOutOfRangeException(nameof(Mode), $"Mode: got {Mode}, needs Batch or Sample.");

    /// <inheritdoc/>
    public void Mix(SampleBatch batch, Dice dice)
    {
        var mixtures = new Mixture[batch.Count];
        var size = new ImageSize(batch.Width, batch.Height);
        if (Mode == MixingMode.Batch)
            Array.Fill(mixtures, DrawOne(ref dice, size));
        else
            for (var i = 0; i < mixtures.Length; i++)
            {
                var own = dice.Split(batch.Ids[i]);
                mixtures[i] = DrawOne(ref own, size);
            }
        // Partners are each other's, so that two at a time are all that must be kept.
        var (pixels, targets) =
            (new float[batch.Pixels.Length / Math.Max(batch.Count, 1)], new float[batch.Targets.Length / Math.Max(batch.Count, 1)]);
        for (int one = 0, other = batch.Count - 1; one < other; one++, other--)
        {
            batch.PixelsOf(one).CopyTo(pixels);
            batch.TargetsOf(one).CopyTo(targets);
            mixtures[one].Apply(batch, one, batch.PixelsOf(other), batch.TargetsOf(other));
            mixtures[other].Apply(batch, other, pixels, targets);
        }
    }

    /// <summary>Draws how a sample of that size is mixed.</summary>
    internal abstract Mixture Draw(ref Dice dice, ImageSize size);

    Mixture DrawOne(ref Dice dice, ImageSize size) => dice.Chance(Probability) ? Draw(ref dice, size) : Mixture.None;
}

/// <summary>What has draws of its own in <see cref="SampleMixing"/>.</summary>
public enum MixingMode
{
    /// <summary>A batch: all its samples are mixed by the same shares and in the same place (timm's batch).</summary>
    Batch,

    /// <summary>Each sample, by its number (timm's elem).</summary>
    Sample,
}
