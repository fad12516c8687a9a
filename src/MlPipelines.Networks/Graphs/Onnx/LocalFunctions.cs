using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Puts the nodes of a file's own functions in the place of the nodes that call them.</summary>
/// <remarks>Source: ONNX's intermediate representation, functions of a model.</remarks>
static class LocalFunctions
{
    // Functions that call others multiply with each level. No network has as many nodes or levels, and no file as many bytes.
    const int MostNodes = 100_000, MostDepth = 64, MostBytes = int.MaxValue;

    /// <summary>Does so in a model.</summary>
    /// <returns>The operator sets of the nodes that came from functions.</returns>
    /// <exception cref="GraphException">Functions call themselves, or come to too many nodes.</exception>
    public static Dictionary<NodeProto, int> Inline(ModelProto model, string file)
    {
        var opsets = new Dictionary<NodeProto, int>(ReferenceEqualityComparer.Instance);
        if (model.Functions.Count == 0)
            return opsets;
        new Inlining(model.Functions.GroupBy(function => (function.Domain, function.Name, function.Overload))
            .ToDictionary(alike => alike.Key, alike => (alike.First(), alike.First().CalculateSize())), opsets, file).In(model.Graph, 0);
        return opsets;
    }

    sealed class Inlining(Dictionary<(string, string, string), (FunctionProto Function, int Bytes)> functions,
        Dictionary<NodeProto, int> opsets, string file)
    {
        long nodes, bytes;

        public void In(GraphProto graph, int within)
        {
            var (done, open) = (new List<NodeProto>(), new Stack<(NodeProto Node, int Depth)>());
            foreach (var node in graph.Node.Reverse())
                open.Push((node, within));
            while (open.TryPop(out var next))
            {
                var (node, depth) = next;
                if (!functions.TryGetValue((node.Domain, node.OpType, node.Overload), out var called))
                {
                    done.Add(node);
                    foreach (var attribute in node.Attribute.Where(attribute => attribute.G is not null))
                        In(attribute.G, depth);
                    continue;
                }
                var function = called.Function;
                (nodes, bytes) = (nodes + function.Node.Count, bytes + called.Bytes);
                if (depth == MostDepth || nodes > MostNodes || bytes > MostBytes)
                    throw new GraphException($"{function.Name} of the domain '{function.Domain}'",
                        $"is a function that {file} defines by itself, or by too many others. Export the model anew.");
                if (node.Input.Count > function.Input.Count)
                    throw new GraphException($"{node.Name} ({node.OpType})",
                        $"is given {node.Input.Count} inputs, its function in {file} takes {function.Input.Count}. Export the model anew.");
                foreach (var inner in Body(function, node).Reverse())
                {
                    open.Push((inner, depth + 1));
                    opsets[inner] = ModelReader.OpsetOf(function.OpsetImport);
                }
            }
            graph.Node.Clear();
            graph.Node.Add(done);
        }
    }

    static IEnumerable<NodeProto> Body(FunctionProto function, NodeProto call)
    {
        // A value is computed once, so that what a call gives tells it from others.
        var prefix = $"{call.Output.FirstOrDefault(output => output.Length > 0)}/{function.Name}/";
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (place, input) in function.Input.Index())
            names[input] = place < call.Input.Count ? call.Input[place] : "";
        foreach (var (place, output) in function.Output.Index())
            if (place < call.Output.Count && call.Output[place].Length > 0 && !names.TryAdd(output, call.Output[place]))
                // It hands on what it is given.
                yield return new() { OpType = "Identity", Name = call.Name, Input = { names[output] }, Output = { call.Output[place] } };
        foreach (var node in function.Node)
        {
            var copy = NodeCopy.Of(node, name => names.TryGetValue(name, out var outer) ? outer : prefix + name,
                attribute => Argument(attribute, function, call));
            copy.Name = $"{call.Name}/{node.Name}";
            yield return copy;
        }
    }

    // What stands for an argument of the function becomes what the call says, or else the function; null for nothing.
    static AttributeProto? Argument(AttributeProto attribute, FunctionProto function, NodeProto call)
    {
        if (attribute.RefAttrName.Length == 0)
            return attribute;
        var given = call.Attribute.Concat(function.AttributeProto).FirstOrDefault(other => other.Name == attribute.RefAttrName)?.Clone();
        if (given is not null)
            given.Name = attribute.Name;
        return given;
    }
}
