namespace MlPipelines;

/// <summary>rate / (1 + Decay · step), what Keras 2 called an optimizer's decay.</summary>
/// <param name="Decay">At least 0.</param>
public sealed record InverseTimeDecay(float Decay = 1e-6f) : LearningRateSchedule
{
    /// <inheritdoc cref="InverseTimeDecay" path="/param[@name='Decay']"/>
    public float Decay { get; init => field = Check.AtLeast(value, 0, nameof(Decay)); } = Check.AtLeast(Decay, 0);

    /// <inheritdoc/>
    public override float At(float learningRate, in TrainingMoment moment) => (float)(learningRate / (1 + (double)Decay * moment.Step));
}
