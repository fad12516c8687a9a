using MlPipelines.Graphs;
using MlPipelines.Tensors;

namespace MlPipelines.Autodiff;

/// <summary>Reverse-mode differentiation: values in, values out; nothing is executed.</summary>
public static class Gradients
{
    /// <summary>Gradients of <paramref name="y"/> with respect to values that it depends on.</summary>
    /// <param name="y">What is differentiated; all shapes on the way must be known.</param>
    /// <param name="wanted">With respect to what.</param>
    /// <param name="dy">Weight of each element of <paramref name="y"/>, of its shape; ones when left out.</param>
    /// <returns>One gradient per wanted value, of its shape; zeros where <paramref name="y"/> does not depend on it.</returns>
    /// <exception cref="GraphException">An operator on the way has no gradient rule.</exception>
    public static IReadOnlyList<Value> Of(Value y, IReadOnlyList<Value> wanted, Value? dy = null)
    {
        var gradients = Flow(y, wanted, dy);
        return [.. wanted.Select(value => gradients.GetValueOrDefault(value) ?? Filled(0, value.Shape))];
    }

    /// <summary>Gradients of <paramref name="y"/> with respect to weights that are to be learnt: all of them must be reached.</summary>
    /// <exception cref="GraphException">An operator on the way has no gradient rule, or is flat, so that nothing reaches a weight; the
    /// message names operator, weights and the way.</exception>
    public static IReadOnlyList<Value> OfWeights(Value y, IReadOnlyList<Value> weights)
    {
        var gradients = Flow(y, weights, null);
        Value[] cut = [.. weights.Where(weight => !gradients.ContainsKey(weight))];
        if (cut.Length == 0)
            return [.. weights.Select(weight => gradients[weight])];
        var node = GradientPath.Cut(y, cut[0], gradients.ContainsKey)
            ?? throw new GraphException($"The loss does not depend on {Named(cut)}, so nothing can be learnt about them. Freeze them, or "
                + "leave them out of the network.");
        throw node.Error($"its derivative is zero wherever it has one, so that nothing is learnt about {Named(cut)}, met on the way "
            + $"from {GradientPath.Over(node, y, [cut[0]])}. Freeze the part up to it: {Frozen(node)}.");
    }

    static string Named(Value[] weights) =>
        string.Join(", ", weights.Take(Shown).Select(weight => $"'{weight.Name}'"))
        + (weights.Length > Shown ? $" and {weights.Length - Shown} more weights" : "");

    const int Shown = 3;

    static Dictionary<Value, Value> Flow(Value y, IReadOnlyList<Value> wanted, Value? dy)
    {
        ArgumentNullException.ThrowIfNull(y);
        var nodes = Graph.Sort([y]);
        var onPath = OnPath(nodes, wanted);
        var gradients = new Dictionary<Value, Value> { [y] = dy ?? Filled(1, y.Shape) };
        foreach (var node in nodes.Reverse())
        {
            if (!node.Outputs.Any(onPath.Contains) || !node.Outputs.Any(gradients.ContainsKey)
                || GradientRules.Flat.Contains(node.Operator.Type))
                continue;
            var rule = GradientRules.All.GetValueOrDefault(node.Operator.Type)
                ?? throw node.Error($"no gradient rule, met on the way from {GradientPath.Over(node, y, wanted)}. Freeze the part up to "
                    + $"it: {Frozen(node)}.");
            var dxs = Applied(rule, node, [.. node.Outputs.Select(output => gradients.GetValueOrDefault(output))]);
            for (var i = 0; i < node.Inputs.Length && i < dxs.Length; i++)
                if (node.Inputs[i] is { } x && dxs[i] is { } dx && onPath.Contains(x))
                    gradients[x] = Summed(node, x, dx) is var whole && gradients.TryGetValue(x, out var there) ? there + whole : whole;
        }
        return gradients;
    }

    static string Frozen(Node node) => $"Freeze(upTo: \"{node.Name}\"), on the command line --freeze {node.Name}";

    // The nodes of a gradient are not those of the file, which messages are about.
    static Value?[] Applied(Rule rule, Node node, Value?[] dys)
    {
        try
        {
            return rule.Apply(node, dys);
        }
        catch (Exception failure) when (failure is ArgumentException or ArithmeticException
            || failure is GraphException inner && inner.Node != node.Error("").Node)
        {
            throw node.Error($"its gradient cannot be computed ({failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}). Freeze the "
                + $"part up to it: {Frozen(node)}.");
        }
    }

    static Value Filled(float number, Shape shape) => shape.Rank == 0 ? number : Op.Expand(number, shape);

    static Value Summed(Node node, Value x, Value dx)
    {
        if (dx.Shape.Rank < x.Shape.Rank)
            throw node.Error($"its gradient rule gave {dx.Shape} for input '{x.Name}' of shape {x.Shape}.");
        var sum = Broadcasting.SumTo(dx, x.Shape);
        return sum.Shape == x.Shape ? sum : throw node.Error($"its gradient rule gave {dx.Shape} for input '{x.Name}' of shape {x.Shape}.");
    }

    static HashSet<Value> OnPath(IEnumerable<Node> nodes, IEnumerable<Value> wanted)
    {
        var found = wanted.ToHashSet();
        foreach (var node in nodes)
            if (node.Inputs.Any(input => input is not null && found.Contains(input)))
                found.UnionWith(node.Outputs.Where(output => output.Type == ElementType.Float));
        return found;
    }
}
