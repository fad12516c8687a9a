namespace MlPipelines;

/// <summary>rate · Factor^(epochs / Epochs), in steps of whole epochs or smoothly.</summary>
/// <param name="Factor">From 0 to 1.</param>
/// <param name="Epochs">Epochs after which the factor applies once.</param>
/// <param name="Staircase">Whether the exponent is cut to a whole number.</param>
public sealed record ExponentialDecay(float Factor = 0.94f, float Epochs = 2, bool Staircase = false) : LearningRateSchedule
{
    /// <inheritdoc cref="ExponentialDecay" path="/param[@name='Factor']"/>
    public float Factor { get; init => field = Check.Within(value, 0, 1, nameof(Factor)); } = Check.Within(Factor, 0, 1);
    /// <inheritdoc cref="ExponentialDecay" path="/param[@name='Epochs']"/>
    public float Epochs { get; init => field = Check.MoreThan(value, 0, nameof(Epochs)); } = Check.MoreThan(Epochs, 0);

    /// <inheritdoc/>
    public override float At(float learningRate, in TrainingMoment moment)
    {
        var exponent = (Staircase ? moment.Epoch : moment.Step / (double)moment.StepsPerEpoch) / Epochs;
        return (float)(learningRate * Math.Pow(Factor, Staircase ? Math.Floor(exponent) : exponent));
    }
}
