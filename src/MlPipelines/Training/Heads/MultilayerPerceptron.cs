using System.Collections.Immutable;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>Weighted sums with hidden units between them, learnt in mini-batches as the trainer's options say.</summary>
/// <param name="Dropout">Share of the hidden units that are left out in a step.</param>
/// <param name="Units">Numbers of hidden units, one for each hidden layer; none for a linear head.</param>
/// <remarks>features [N,F] → [N,classes]. Source: Rumelhart, Hinton and Williams 1986, with Relu.</remarks>
public sealed record MultilayerPerceptron(float Dropout = 0.5f, params ImmutableArray<int> Units) : Head
{
    /// <inheritdoc cref="MultilayerPerceptron" path="/param[@name='Dropout']"/>
    public float Dropout { get; } = Check.Within(Dropout, 0, 0.95f);
    /// <inheritdoc cref="MultilayerPerceptron" path="/param[@name='Units']"/>
    public ImmutableArray<int> Units { get; } = [.. (Units.IsDefault ? [] : Units).Select(units => Check.AtLeast(units, 1, nameof(Units)))];

    /// <inheritdoc/>
    public override IEnumerable<Layer> Layers(int classes) =>
        [.. Units.SelectMany(units => new Layer[] { new Dense(units, Activation.Relu), new Dropout(Dropout) }), new Dense(classes)];

    /// <inheritdoc/>
    public bool Equals(MultilayerPerceptron? other) => other is not null && Dropout == other.Dropout && Units.SequenceEqual(other.Units);
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Dropout, Units.Length);
    /// <inheritdoc/>
    public override string ToString() =>
        $"{nameof(MultilayerPerceptron)} {{ {nameof(Dropout)} = {Dropout}, {nameof(Units)} = [{string.Join(", ", Units)}] }}";
}
