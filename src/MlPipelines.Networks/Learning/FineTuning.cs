namespace MlPipelines;

/// <summary>The classifier alone, solved to its optimum on the features that the network gives before it is changed; then the whole
/// network, one-cycle, with rates that fall from the classifier to the image.</summary>
/// <param name="LearningRate">Twice the classifier's highest rate once the whole network is trained; its highest while it is alone and
/// learnt in steps. Null takes fastai's 2e-3 where the classifier is learnt in steps, and where it is solved less in fewer than 288
/// steps, by the square of their share: a few steps at a high rate only unlearn.</param>
/// <param name="FrozenEpochs">Epochs in which the classifier alone is learnt in steps, the rate rising; null solves it from the features
/// at once, which counts as one epoch, or takes one such epoch where it has more layers than one weighted sum.</param>
/// <param name="Span">What the classifier's rate is divided by for the first block, once the whole network is trained.</param>
/// <param name="Rise">Fraction of the second part in which the rate rises.</param>
/// <param name="Start">Divisor of the rate at the start of the second part.</param>
/// <remarks>
/// The numbers are those of fastai's <c>Learner.fine_tune</c>: base_lr 2e-3, freeze_epochs 1 with pct_start 0.99 and div 25, then half the
/// rate with pct_start 0.3 and div 5; div_final 1e5 and momenta 0.95, 0.85, 0.95 in both parts.
/// Unlike in fastai rates span a factor of 10 and not of 100 (MobileNetV2 on photographs of clothing, three epochs, seeds 1 to 5: 93.3,
/// 92.7, 93.5, 90.9 and 91.2 %; with 100 seeds 1 and 2: 91.5 and 90.6 %); a frozen block's normalisation keeps its stored statistics and
/// its scale (there train_bn trains them); each block has a rate of its own (there three groups of layers); and the optimizer and its
/// weight decay are the trainer's (there Adam with β₂ 0.99, ε 1e-5 and decoupled decay 0.01, which spares biases and normalisations), as
/// the classifier is the network's. Source: fastai's <c>Learner.fine_tune</c>; Howard, Ruder 2018, arXiv:1801.06146.
/// </remarks>
public sealed record FineTuning(float? LearningRate = null, int? FrozenEpochs = null, float Span = 10, float Rise = 0.3f, float Start = 5)
{
    /// <inheritdoc cref="FineTuning" path="/param[@name='LearningRate']"/>
    public float? LearningRate { get; init => field = NotNegative(value); } = NotNegative(LearningRate);
    /// <inheritdoc cref="FineTuning" path="/param[@name='FrozenEpochs']"/>
    public int? FrozenEpochs { get; init => field = AtLeastOne(value); } = AtLeastOne(FrozenEpochs);
    /// <inheritdoc cref="FineTuning" path="/param[@name='Span']"/>
    public float Span { get; init => field = Check.AtLeast(value, 1, nameof(Span)); } = Check.AtLeast(Span, 1);
    /// <inheritdoc cref="FineTuning" path="/param[@name='Rise']"/>
    public float Rise { get; init => field = Check.Within(value, 0, 1, nameof(Rise)); } = Check.Within(Rise, 0, 1);
    /// <inheritdoc cref="FineTuning" path="/param[@name='Start']"/>
    public float Start { get; init => field = Check.AtLeast(value, 1, nameof(Start)); } = Check.AtLeast(Start, 1);

    /// <summary>How the momentum (SGD's, Adam's β₁) moves in each part; null, or an optimizer without one, leaves it as it is.</summary>
    public MomentumCycle? Momentum { get; init; } = new();

    /// <summary>Whether normalisations keep their stored statistics, scales and offsets; null lets them where there are fewer than 200
    /// steps or 16 samples in each, too few for statistics of their own. Where they learn, statistics keep at most 0.9 of themselves in a
    /// step, whatever the file says.</summary>
    public bool? KeepsNormalization { get; init; }

    /// <summary>Steps from which on normalisations learn, and whole images are worth more than larger ones.</summary>
    internal const long ManySteps = 200;

    internal const float FrozenRise = 0.99f, MostMomentum = 0.9f, FastaisRate = 2e-3f;

    /// <summary>The rate for so many steps with the whole network.</summary>
    internal float RateFor(long steps, bool isSolved) =>
        LearningRate ?? (isSolved ? Math.Max(LeastRate, FastaisRate * MathF.Pow(Math.Min(1, steps / EnoughSteps), 2)) : FastaisRate);

    /// <summary>Whether normalisations stay as they are in so many steps.</summary>
    internal bool KeepsIn(long steps, int batchSize) => KeepsNormalization ?? (steps < ManySteps || batchSize < 16);

    // Measured with MobileNetV2 on photographs of clothing: 64 steps gain at 1e-4 and lose at 5e-4, 288 gain the most at 2e-3.
    const float LeastRate = 6e-5f, EnoughSteps = 288;

    static float? NotNegative(float? rate) => rate is { } given ? Check.AtLeast(given, 0, nameof(LearningRate)) : null;

    static int? AtLeastOne(int? epochs) => epochs is { } count ? Check.AtLeast(count, 1, nameof(FrozenEpochs)) : null;
}
