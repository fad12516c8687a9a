namespace MlPipelines;

/// <summary>Mixes the samples of a batch, and with them their targets, while a trainer learns.</summary>
public interface ISampleMixing
{
    /// <summary>Mixes in place.</summary>
    /// <param name="batch">The samples, in the order of the epoch.</param>
    /// <param name="dice">Keyed by seed, epoch and step; what is to depend on one sample is drawn from <c>dice.Split(id)</c>.</param>
    void Mix(SampleBatch batch, Dice dice);
}

/// <summary>What one step learns from.</summary>
/// <param name="Pixels">[N, C, H, W], 0–255.</param>
/// <param name="Targets">[N, classes]: how much a sample belongs to each class; a row sums to 1.</param>
/// <param name="Ids">The numbers of the samples, N of them, the same wherever a sample goes.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
public readonly ref struct SampleBatch(Span<float> Pixels, Span<float> Targets, ReadOnlySpan<long> Ids, int Height, int Width)
{
    /// <inheritdoc cref="SampleBatch" path="/param[@name='Pixels']"/>
    public Span<float> Pixels { get; } = Pixels;

    /// <inheritdoc cref="SampleBatch" path="/param[@name='Targets']"/>
    public Span<float> Targets { get; } = Targets;

    /// <inheritdoc cref="SampleBatch" path="/param[@name='Ids']"/>
    public ReadOnlySpan<long> Ids { get; } = Ids;

    /// <inheritdoc cref="SampleBatch" path="/param[@name='Height']"/>
    public int Height { get; } = Height;

    /// <inheritdoc cref="SampleBatch" path="/param[@name='Width']"/>
    public int Width { get; } = Width;

    /// <summary>Number of samples.</summary>
    public int Count => Ids.Length;

    /// <summary>The pixels of one sample, [C, H, W].</summary>
    public Span<float> PixelsOf(int sample) => Row(Pixels, sample);

    /// <summary>The targets of one sample, [classes].</summary>
    public Span<float> TargetsOf(int sample) => Row(Targets, sample);

    Span<float> Row(Span<float> all, int sample) => all.Slice(sample * (all.Length / Count), all.Length / Count);
}
