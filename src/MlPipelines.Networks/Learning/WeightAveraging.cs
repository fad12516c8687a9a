namespace MlPipelines;

/// <summary>Keeps an exponential moving average of all that training changes in the network: average ← decay·average + (1 − decay)·now,
/// after each update. The averages are validated and kept in place of the weights themselves.</summary>
/// <param name="Decay">How much of the average stays, from 0 to 1.</param>
/// <param name="Warmup">Whether the decay starts small: at update s, from 0, it is at most 1 − (1 + s)^(−2/3).</param>
/// <remarks>The first update makes the average what the weights are. Source: timm's ModelEmaV3.</remarks>
public sealed record WeightAveraging(float Decay = 0.9998f, bool Warmup = true)
{
    /// <inheritdoc cref="WeightAveraging" path="/param[@name='Decay']"/>
    public float Decay { get; init => field = Check.Within(value, 0, 1, nameof(Decay)); } = Check.Within(Decay, 0, 1);

    /// <summary>The decay of one update.</summary>
    /// <param name="update">Its number, from 0.</param>
    public float DecayAt(long update) => update <= 0 ? 0 : Warmup ? (float)Math.Min(1 - Math.Pow(1 + update, -2 / 3.0), Decay) : Decay;
}
