namespace MlPipelines;

/// <summary>What of a network responds.</summary>
public abstract record ActivationTarget
{
    private protected ActivationTarget() { }

    /// <summary>Where it is: the name of a layer; null for the scores.</summary>
    internal abstract string? Place { get; }
}

/// <summary>The score of a class before Softmax.</summary>
/// <param name="Class">Its name.</param>
public sealed record ClassTarget(string Class) : ActivationTarget
{
    internal override string? Place => null;

    /// <inheritdoc/>
    public override string ToString() => Class;
}

/// <summary>The mean of a feature map, or one feature of a layer without places.</summary>
/// <param name="Layer">The name of a layer.</param>
/// <param name="Channel">Its number, from 0.</param>
public sealed record ChannelTarget(string Layer, int Channel) : ActivationTarget
{
    internal override string? Place => Layer;

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}, channel {Channel}";
}

/// <summary>One place of a feature map.</summary>
/// <param name="Layer">The name of a layer.</param>
/// <param name="Channel">Number of the map, from 0.</param>
/// <param name="Row">Of the place, from 0 at the top.</param>
/// <param name="Column">Of the place, from 0 at the left.</param>
public sealed record UnitTarget(string Layer, int Channel, int Row, int Column) : ActivationTarget
{
    internal override string? Place => Layer;

    /// <inheritdoc/>
    public override string ToString() => $"{Layer}, channel {Channel} at {Row},{Column}";
}
