namespace MlPipelines;

/// <summary>What a factor is drawn from, uniformly.</summary>
/// <param name="Lower">Smallest, at least 0.</param>
/// <param name="Upper">Largest, from the smallest on.</param>
public sealed record FactorRange(float Lower, float Upper)
{
    /// <inheritdoc cref="FactorRange" path="/param[@name='Lower']"/>
    public float Lower { get; } = Check.Within(Lower, 0, 1000);

    /// <inheritdoc cref="FactorRange" path="/param[@name='Upper']"/>
    public float Upper { get; } = Check.Within(Upper, Lower, 1000);

    /// <summary>The factor is 1 and is not drawn.</summary>
    internal bool IsOne => Lower == 1 && Upper == 1;

    internal double Draw(ref Dice dice) => dice.Uniform(Lower, Upper);

    /// <summary>From the lower to the upper factor.</summary>
    public static implicit operator FactorRange((float Lower, float Upper) range) => new(range.Lower, range.Upper);
}
