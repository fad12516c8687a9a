namespace MlPipelines;

/// <summary>A rate of its own times a factor for every so many epochs, in stairs or smoothly: learningRate · decayRate^(epochs / numEpochsPerDecay).</summary>
/// <remarks>ML.NET's name for it. <see cref="ExponentialDecay"/> starts from the learning rate of the options. Source: TensorFlow's <c>tf.train.exponential_decay</c>.</remarks>
public sealed record ExponentialLRDecay : LearningRateScheduler
{
    /// <param name="learningRate">The rate at the start.</param>
    /// <param name="numEpochsPerDecay">Epochs after which the factor applies once.</param>
    /// <param name="decayRate">From 0 to 1.</param>
    /// <param name="staircase">Whether the exponent is cut to a whole number.</param>
    public ExponentialLRDecay(float learningRate = 0.01f, float numEpochsPerDecay = 2, float decayRate = 0.94f, bool staircase = true) =>
        (LearningRate, NumEpochsPerDecay, DecayRate, Staircase) = (Check.AtLeast(learningRate, 0), Check.MoreThan(numEpochsPerDecay, 0), Check.Within(decayRate, 0, 1), staircase);

    public float LearningRate { get; }
    public float NumEpochsPerDecay { get; }
    public float DecayRate { get; }
    public bool Staircase { get; }

    internal override bool HasOwnRate => true;

    public override float At(float learningRate, in TrainingMoment moment)
    {
        var exponent = moment.Step / ((double)NumEpochsPerDecay * moment.StepsPerEpoch);
        return (float)(LearningRate * Math.Pow(DecayRate, Staircase ? Math.Floor(exponent) : exponent));
    }
}
