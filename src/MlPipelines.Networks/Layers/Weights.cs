using System.Text.RegularExpressions;
using MlPipelines.Graphs;

namespace MlPipelines.Networks;

/// <summary>The parameters of a graph that an optimizer may change, frozen or not; running statistics are none.</summary>
static class Weights
{
    /// <summary>Those that a value depends on; all for null.</summary>
    public static HashSet<Value> UpTo(Graph graph, Value? last) => last is null ? Of(graph)
        : [.. Graph.Sort([last]).SelectMany(node => node.Inputs).OfType<Value>().Where(Of(graph).Contains)];

    /// <summary>Those of a name in which * and ? stand for other letters.</summary>
    public static HashSet<Value> Named(Graph graph, string pattern)
    {
        var words = Regex.Escape(Check.Named(pattern))
            .Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal);
        var expression = new Regex($"^{words}$", RegexOptions.NonBacktracking | RegexOptions.Singleline);
        var all = Of(graph);
        HashSet<Value> found = [.. all.Where(weight => expression.IsMatch(graph.NameOf(weight)))];
        return found.Count > 0 || pattern == "*" ? found
            : throw new ArgumentException($"pattern: got '{pattern}', "
                + (all.Count == 0 ? "but the network has no weights."
                    : $"which fits none of the {all.Count} weights: {string.Join(", ", all.Take(6).Select(graph.NameOf))}, …"),
                nameof(pattern));
    }

    static HashSet<Value> Of(Graph graph)
    {
        var statistics = graph.Nodes.Where(node => node.Operator.Type == nameof(Op.BatchNormalization))
            .SelectMany(node => node.Inputs.Skip(3))
            .OfType<Value>().ToHashSet();
        return [.. graph.Parameters.Where(parameter => !statistics.Contains(parameter))];
    }
}
