using MlPipelines.Graphs;

namespace MlPipelines.Autodiff;

/// <summary>The way on which a gradient flows, for error messages.</summary>
static class GradientPath
{
    const int Shown = 3;

    /// <summary>The shortest chain of nodes from <paramref name="y"/> back over <paramref name="node"/> to one of the values wanted; its
    /// middle is left out where it is long.</summary>
    public static string Over(Node node, Value y, IReadOnlyList<Value> wanted)
    {
        var above = Chain(y, value => value.Node == node);
        var goal = wanted.ToHashSet();
        var below = node.Inputs.OfType<Value>().Select(input => Chain(input, goal.Contains)).Where(chain => chain.Count > 0)
            .MinBy(chain => chain.Count) ?? [];
        string[] names = [.. above.SkipLast(1).Select(value => value.Node!.ToString())];
        string[] after = [.. below.SkipLast(1).Select(value => value.Node!.ToString())];
        return string.Join(" ← ",
            (string[])[.. Short(names), node.ToString(), .. Short(after), .. below.TakeLast(1).Select(value => $"'{value.Name}'")]);
    }

    /// <summary>The node at which what flows from <paramref name="y"/> towards <paramref name="wanted"/> ends;
    /// null where there is no way.</summary>
    public static Node? Cut(Value y, Value wanted, Func<Value, bool> reached)
    {
        Value[] chain = [.. Chain(y, value => value == wanted).Where(value => value.Node is not null)];
        return (chain.FirstOrDefault(value => GradientRules.Flat.Contains(value.Node!.Operator.Type))
            ?? chain.LastOrDefault(reached))?.Node;
    }

    static string[] Short(string[] names) => names.Length <= 2 * Shown ? names
        : [.. names.Take(Shown), $"… {names.Length - 2 * Shown} more …", .. names.TakeLast(Shown)];

    static List<Value> Chain(Value from, Func<Value, bool> found)
    {
        var cameFrom = new Dictionary<Value, Value?> { [from] = null };
        var queue = new Queue<Value>([from]);
        while (queue.TryDequeue(out var value))
        {
            if (found(value))
            {
                var chain = new List<Value>();
                for (var each = value; each is not null; each = cameFrom[each])
                    chain.Insert(0, each);
                return chain;
            }
            foreach (var input in value.Node?.Inputs.OfType<Value>() ?? [])
                if (cameFrom.TryAdd(input, value))
                    queue.Enqueue(input);
        }
        return [];
    }
}
