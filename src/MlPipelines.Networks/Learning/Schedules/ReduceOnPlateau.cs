namespace MlPipelines;

/// <summary>Multiplies the rate by a factor whenever the loss has not become smaller for some epochs.</summary>
/// <param name="Factor">From 0 to 1.</param>
/// <param name="Patience">Epochs without anything better that are waited for.</param>
/// <param name="MinDelta">The least change that counts as better.</param>
/// <param name="Floor">The rate never falls below this.</param>
/// <remarks>It watches the validation loss, or the training loss without validation samples.
/// The rate follows from the epochs that are over alone.</remarks>
public sealed record ReduceOnPlateau(float Factor = 0.1f, int Patience = 10, float MinDelta = 1e-4f, float Floor = 0) : LearningRateSchedule
{
    /// <inheritdoc cref="ReduceOnPlateau" path="/param[@name='Factor']"/>
    public float Factor { get; init => field = Check.Within(value, 0, 1, nameof(Factor)); } = Check.Within(Factor, 0, 1);
    /// <inheritdoc cref="ReduceOnPlateau" path="/param[@name='Patience']"/>
    public int Patience { get; init => field = Check.AtLeast(value, 1, nameof(Patience)); } = Check.AtLeast(Patience, 1);
    /// <inheritdoc cref="ReduceOnPlateau" path="/param[@name='MinDelta']"/>
    public float MinDelta { get; init => field = Check.AtLeast(value, 0, nameof(MinDelta)); } = Check.AtLeast(MinDelta, 0);
    /// <inheritdoc cref="ReduceOnPlateau" path="/param[@name='Floor']"/>
    public float Floor { get; init => field = Check.AtLeast(value, 0, nameof(Floor)); } = Check.AtLeast(Floor, 0);

    /// <inheritdoc/>
    public override float At(float learningRate, in TrainingMoment moment)
    {
        var (best, waited) = (double.PositiveInfinity, 0);
        var rate = learningRate;
        foreach (var epoch in moment.History)
        {
            var loss = epoch.ValidationLoss ?? epoch.Loss;
            if (loss < best - MinDelta)
                (best, waited) = (loss, 0);
            else if (++waited >= Patience)
                (rate, waited) = (Math.Max(Math.Min(Floor, rate), rate * Factor), 0);
        }
        return rate;
    }
}
