namespace MlPipelines;

/// <summary>Makes gradients smaller that are too large. With both limits, single elements come first.</summary>
/// <param name="Norm">The most that the root of the sum of the squares of all weights' gradients may be; larger ones are all multiplied by
/// limit / (norm + 1e-6). Null for no limit.</param>
/// <param name="Value">The most that any element may be, up or down. Null for no limit.</param>
/// <remarks>It comes before the optimizer's weight decay. Source: Pascanu, Mikolov, Bengio 2012, arXiv:1211.5063, algorithm 1;
/// the 1e-6 is PyTorch's.</remarks>
public sealed record GradientClipping(float? Norm = 1, float? Value = null)
{
    /// <inheritdoc cref="GradientClipping" path="/param[@name='Norm']"/>
    public float? Norm { get; init => field = Positive(value, nameof(Norm)); } = Positive(Norm, nameof(Norm));
    /// <inheritdoc cref="GradientClipping" path="/param[@name='Value']"/>
    public float? Value { get; init => field = Positive(value, nameof(Value)); } = Positive(Value, nameof(Value));

    static float? Positive(float? limit, string name) => limit is { } number ? Check.MoreThan(number, 0, name) : null;
}
