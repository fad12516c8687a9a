using System.Collections.Frozen;

namespace MlPipelines.Graphs;

public sealed partial record Operator
{
    static readonly FrozenDictionary<string, Operator> Known = new[]
    {
        Op.Arithmetic, Op.Activations, Op.Convolutions, Op.Pooling, Op.Normalizations, Op.Products, Op.Reductions, Op.Layouts,
        Op.BlockMoves, Op.ForwardOnly, Op.Fused,
    }.SelectMany(family => family).Select(op => op with { Folding = FoldingRules.All.GetValueOrDefault(op.Type) })
        .ToFrozenDictionary(op => op.Type, StringComparer.Ordinal);

    /// <summary>All operators, by name.</summary>
    public static IReadOnlyDictionary<string, Operator> All => Known;

    /// <summary>The operator of that name.</summary>
    /// <exception cref="GraphException">It is not known.</exception>
    public static Operator Find(string type, string node = "") => Known.TryGetValue(type, out var op) ? op
        : throw new GraphException($"{(node.Length > 0 ? node : type)} ({type})",
            $"operator '{type}' is not known. Known are {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}.");
}
