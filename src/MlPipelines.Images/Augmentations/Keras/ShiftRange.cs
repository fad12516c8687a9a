using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>How far an image is moved along an axis: <c>0.1f</c> a fraction, <c>4</c> whole pixels, <c>new[] { 2f,
/// 5f }</c> one of these.</summary>
/// <remarks>Source: Keras ImageDataGenerator, width_shift_range and height_shift_range.</remarks>
public abstract record ShiftRange
{
    /// <summary>True when nothing is moved, so that nothing is drawn.</summary>
    internal abstract bool IsNone { get; }

    /// <summary>A shift in pixels along an axis of that length.</summary>
    internal abstract double Draw(ref Dice dice, int length);

    /// <summary>Drawn uniformly from [−range, range]: below 1 a fraction of the axis, from 1 on pixels.</summary>
    public static implicit operator ShiftRange(float range) => new ContinuousShift(range);

    /// <summary>Whole pixels between −bound and bound, without these two.</summary>
    public static implicit operator ShiftRange(int bound) => new WholeShift(bound);

    /// <summary>One of these, with a sign drawn for it: fractions of the axis if all are below 1, or else pixels.</summary>
    public static implicit operator ShiftRange(float[] choices) => new ChosenShift([.. choices]);

    /// <summary>One of these numbers of pixels, with a sign drawn for it.</summary>
    public static implicit operator ShiftRange(int[] choices) => new ChosenShift([.. choices.Select(choice => (float)choice)]);
}

/// <summary>Drawn uniformly from [−Range, Range].</summary>
/// <param name="Range">At least 0; below 1 a fraction of the axis, from 1 on pixels.</param>
public sealed record ContinuousShift(float Range = 0) : ShiftRange
{
    /// <inheritdoc cref="ContinuousShift" path="/param[@name='Range']"/>
    public float Range { get; } = Check.Within(Range, 0, 100_000);

    internal override bool IsNone => Range == 0;

    internal override double Draw(ref Dice dice, int length) => dice.Uniform(-Range, Range) * (Range < 1 ? length : 1);
}

/// <summary>A whole number of pixels, less than <paramref name="Bound"/> either way: one of 0, 1, …, Bound − 1 with a sign, so that 0 comes
/// twice as often as any other.</summary>
/// <param name="Bound">At least 0.</param>
public sealed record WholeShift(int Bound) : ShiftRange
{
    /// <inheritdoc cref="WholeShift" path="/param[@name='Bound']"/>
    public int Bound { get; } = Check.Within(Bound, 0, 100_000);

    internal override bool IsNone => Bound == 0;

    internal override double Draw(ref Dice dice, int length) => dice.Below(Bound) * (dice.Below(2) == 0 ? -1.0 : 1.0);
}

/// <summary>One of the numbers given, with a sign drawn for it.</summary>
/// <param name="Choices">At least one; fractions of the axis if all are below 1, or else pixels.</param>
public sealed record ChosenShift(ImmutableArray<float> Choices) : ShiftRange
{
    /// <inheritdoc cref="ChosenShift" path="/param[@name='Choices']"/>
    public ImmutableArray<float> Choices { get; } = Choices is { IsDefaultOrEmpty: false } && Choices.All(float.IsFinite) ? Choices
        : throw new ArgumentException("Choices: got no numbers, or some that are not finite; at least one number is needed.");

    internal override bool IsNone => false;

    internal override double Draw(ref Dice dice, int length) =>
        Choices[dice.Below(Choices.Length)] * (dice.Below(2) == 0 ? -1.0 : 1.0) * (Choices.Max() < 1 ? length : 1);

    /// <inheritdoc/>
    public bool Equals(ChosenShift? other) => other is not null && Choices.SequenceEqual(other.Choices);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Choices.Length, Choices[0]);
}
