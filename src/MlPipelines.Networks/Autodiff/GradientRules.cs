using System.Collections.Frozen;
using MlPipelines.Autodiff.Rules;

namespace MlPipelines.Autodiff;

/// <summary>All gradient rules, by operator.</summary>
public static class GradientRules
{
    /// <summary>The rules by operator.</summary>
    public static IReadOnlyDictionary<string, Rule> All { get; } = new[]
    {
        Arithmetic.Rules, Activations.Rules, Convolutions.Rules, Pooling.Rules, Normalizations.Rules, Products.Rules, Reductions.Rules,
        Layouts.Rules,
    }.SelectMany(family => family).ToFrozenDictionary(rule => rule.Operator, StringComparer.Ordinal);

    /// <summary>Operators whose derivative is zero wherever it exists: nothing flows back through them.</summary>
    public static IReadOnlySet<string> Flat { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal", "And", "Or", "Not", "Sign", "Floor", "Ceil", "Round", "ArgMax",
        "Shape", "ConstantOfShape",
    };
}
