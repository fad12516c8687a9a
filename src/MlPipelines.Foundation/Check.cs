using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlPipelines;

/// <summary>Argument checks whose message says which argument, what was found and what is needed.</summary>
public static class Check
{
    /// <summary>Returns <paramref name="value"/> if it is at least <paramref name="least"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is smaller, or not a number.</exception>
    public static T AtLeast<T>(T value, T least, [CallerArgumentExpression(nameof(value))] string? name = null) where T : INumber<T> =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, $"{name}: got {value}, needs at least {least}.");

    /// <summary>Returns <paramref name="value"/> if it lies in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside, or is not a number.</exception>
    public static T Within<T>(T value, T least, T most, [CallerArgumentExpression(nameof(value))] string? name = null)
        where T : INumber<T> =>
        value >= least && value <= most ? value
        : throw new ArgumentOutOfRangeException(name, $"{name}: got {value}, needs a value from {least} to {most}.");

    /// <summary>Returns <paramref name="value"/> if it is greater than <paramref name="bound"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not greater, or not a number.</exception>
    public static T MoreThan<T>(T value, T bound, [CallerArgumentExpression(nameof(value))] string? name = null) where T : INumber<T> =>
        value > bound ? value : throw new ArgumentOutOfRangeException(name, $"{name}: got {value}, needs more than {bound}.");

    /// <summary>Returns <paramref name="value"/> if it is not empty.</summary>
    /// <exception cref="ArgumentException">It is null, empty or blank.</exception>
    public static string Named(string? value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        string.IsNullOrWhiteSpace(value) ? throw new ArgumentException($"{name}: got nothing, needs a name.", name) : value;
}
