namespace MlPipelines;

/// <summary>Rises linearly for some epochs, then falls along half a cosine.</summary>
/// <param name="WarmupEpochs">Epochs of the rise; may be 0 or a fraction.</param>
/// <param name="Floor">What is left at the end, as a fraction of the rate.</param>
/// <remarks>Source: Loshchilov, Hutter 2016, arXiv:1608.03983, equation 5 without restarts; the rise: Goyal et al. 2017,
/// arXiv:1706.02677, section 2.2.</remarks>
public sealed record CosineDecay(float WarmupEpochs = 0, float Floor = 0) : LearningRateSchedule
{
    /// <inheritdoc cref="CosineDecay" path="/param[@name='WarmupEpochs']"/>
    public float WarmupEpochs { get; init => field = Check.AtLeast(value, 0, nameof(WarmupEpochs)); } = Check.AtLeast(WarmupEpochs, 0);
    /// <inheritdoc cref="CosineDecay" path="/param[@name='Floor']"/>
    public float Floor { get; init => field = Check.Within(value, 0, 1, nameof(Floor)); } = Check.Within(Floor, 0, 1);

    /// <inheritdoc/>
    public override float At(float learningRate, in TrainingMoment moment)
    {
        var warm = (double)WarmupEpochs * moment.StepsPerEpoch;
        if (moment.Step < warm)
            return (float)(learningRate * (moment.Step + 1) / (warm + 1));
        var rest = Math.Max(1, (double)moment.Epochs * moment.StepsPerEpoch - warm);
        var fall = (1 + Math.Cos(Math.PI * Math.Min(1, (moment.Step - warm) / rest))) / 2;
        return (float)(learningRate * (Floor + (1 - Floor) * fall));
    }
}
