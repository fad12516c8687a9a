using System.Collections.Frozen;
using MlPipelines.Autodiff.Rules;
using MlPipelines.Graphs;

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
        nameof(Op.Greater), nameof(Op.GreaterOrEqual), nameof(Op.Less), nameof(Op.LessOrEqual), nameof(Op.Equal), nameof(Op.And), "Or",
        "Not", nameof(Op.Sign),
        "Floor", "Ceil", "Round", nameof(Op.ArgMax),
        "Shape", "Size", "Range", "ConstantOfShape",
    };
}
