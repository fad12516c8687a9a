namespace MlPipelines;

/// <summary>Multiplies the rate by a factor every so many epochs.</summary>
/// <param name="Epochs">Epochs between drops.</param>
/// <param name="Factor">From 0 to 1.</param>
public sealed record StepDecay(int Epochs = 10, float Factor = 0.1f) : LearningRateSchedule
{
    /// <inheritdoc cref="StepDecay" path="/param[@name='Epochs']"/>
    public int Epochs { get; init => field = Check.AtLeast(value, 1, nameof(Epochs)); } = Check.AtLeast(Epochs, 1);
    /// <inheritdoc cref="StepDecay" path="/param[@name='Factor']"/>
    public float Factor { get; init => field = Check.Within(value, 0, 1, nameof(Factor)); } = Check.Within(Factor, 0, 1);

    /// <inheritdoc/>
    public override float At(float learningRate, in TrainingMoment moment) => learningRate * MathF.Pow(Factor, moment.Epoch / Epochs);
}
