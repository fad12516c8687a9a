namespace MlPipelines;

/// <summary>A rate of its own that falls to another along a power within so many epochs: (learningRate − endLearningRate) · (1 − epochs / numEpochsPerDecay)^power + endLearningRate.</summary>
/// <remarks>Source: TensorFlow's <c>tf.train.polynomial_decay</c>, by ML.NET's name.</remarks>
public sealed record PolynomialLRDecay : LearningRateScheduler
{
    /// <param name="learningRate">The rate at the start.</param>
    /// <param name="numEpochsPerDecay">Epochs of the fall.</param>
    /// <param name="endLearningRate">The rate at its end, and after it.</param>
    /// <param name="power">1 for a straight line.</param>
    /// <param name="cycle">Whether it rises again after the fall, to a slower fall that ends at the next multiple of <paramref name="numEpochsPerDecay"/>.</param>
    public PolynomialLRDecay(float learningRate = 0.01f, float numEpochsPerDecay = 2, float endLearningRate = 0.0001f, float power = 1, bool cycle = false) =>
        (LearningRate, NumEpochsPerDecay, EndLearningRate, Power, Cycle) =
        (Check.AtLeast(learningRate, 0), Check.MoreThan(numEpochsPerDecay, 0), Check.AtLeast(endLearningRate, 0), Check.MoreThan(power, 0), cycle);

    public float LearningRate { get; }
    public float NumEpochsPerDecay { get; }
    public float EndLearningRate { get; }
    public float Power { get; }
    public bool Cycle { get; }

    internal override bool HasOwnRate => true;

    public override float At(float learningRate, in TrainingMoment moment)
    {
        var falls = moment.Step / ((double)NumEpochsPerDecay * moment.StepsPerEpoch);
        var over = Math.Min(1, Cycle ? falls / Math.Max(1, Math.Ceiling(falls)) : falls);
        return (float)((LearningRate - EndLearningRate) * Math.Pow(1 - over, Power) + EndLearningRate);
    }
}
