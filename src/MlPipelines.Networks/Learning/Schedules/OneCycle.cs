namespace MlPipelines;

/// <summary>Rises along a cosine from rate / <paramref name="Start"/> to the rate, then falls to rate / <paramref name="End"/>.</summary>
/// <param name="Rise">Fraction of the training in which it rises.</param>
/// <param name="Start">Divisor at the start.</param>
/// <param name="End">Divisor at the end.</param>
/// <param name="Momentum">How the momentum moves against the rate; null leaves it as it is.</param>
/// <remarks>Source: Smith, Topin 2017, arXiv:1708.07120; the divisors are fastai's.</remarks>
public sealed record OneCycle(float Rise = 0.25f, float Start = 25, float End = 1e5f, MomentumCycle? Momentum = null) : LearningRateSchedule
{
    /// <inheritdoc cref="OneCycle" path="/param[@name='Rise']"/>
    public float Rise { get; init => field = Check.Within(value, 0, 1, nameof(Rise)); } = Check.Within(Rise, 0, 1);
    /// <inheritdoc cref="OneCycle" path="/param[@name='Start']"/>
    public float Start { get; init => field = Check.AtLeast(value, 1, nameof(Start)); } = Check.AtLeast(Start, 1);
    /// <inheritdoc cref="OneCycle" path="/param[@name='End']"/>
    public float End { get; init => field = Check.AtLeast(value, 1, nameof(End)); } = Check.AtLeast(End, 1);

    /// <inheritdoc/>
    public override float At(float learningRate, in TrainingMoment moment)
    {
        var progress = moment.Progress;
        return progress < Rise
            ? Between(learningRate / Start, learningRate, progress / Rise)
            : Between(learningRate, learningRate / End, Fallen(progress));
    }

    /// <inheritdoc/>
    public override float? MomentumAt(in TrainingMoment moment) => Momentum is null ? null
        : moment.Progress < Rise ? Between(Momentum.Max, Momentum.Min, moment.Progress / Rise)
        : Between(Momentum.Min, Momentum.Max, Fallen(moment.Progress));

    double Fallen(double progress) => (progress - Rise) / Math.Max(1e-9, 1 - Rise);

    static float Between(float from, float to, double progress) =>
        (float)(to + (from - to) * (1 + Math.Cos(Math.PI * Math.Min(1, progress))) / 2);
}
