namespace MlPipelines;

/// <summary>The optimizer's learning rate throughout.</summary>
public sealed record ConstantRate : LearningRateSchedule
{
    /// <inheritdoc/>
    public override float At(float learningRate, in TrainingMoment moment) => learningRate;
}
