using Google.Protobuf.Collections;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Nodes of a file with other names for their values.</summary>
static class NodeCopy
{
    /// <summary>A copy of a node and of the graphs in its attributes.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The new name of a value; an empty one stands for none and stays.</param>
    /// <param name="attribute">What stands for an attribute; null to leave it out. Left out itself, attributes stay.</param>
    public static NodeProto Of(NodeProto node, Func<string, string> name, Func<AttributeProto, AttributeProto?>? attribute = null)
    {
        var copy = node.Clone();
        Rename(copy.Input, name);
        Rename(copy.Output, name);
        copy.Attribute.Clear();
        foreach (var own in node.Attribute)
            if ((attribute is null ? own : attribute(own))?.Clone() is { } taken)
            {
                // One that a call hands in speaks of values by their names there.
                if (taken.G is not null && own.RefAttrName.Length == 0)
                    taken.G = Of(taken.G, name, attribute);
                copy.Attribute.Add(taken);
            }
        return copy;
    }

    static GraphProto Of(GraphProto graph, Func<string, string> name, Func<AttributeProto, AttributeProto?>? attribute)
    {
        var copy = graph.Clone();
        copy.Node.Clear();
        copy.Node.Add(graph.Node.Select(node => Of(node, name, attribute)));
        foreach (var value in copy.Input.Concat(copy.Output))
            value.Name = name(value.Name);
        foreach (var tensor in copy.Initializer)
            tensor.Name = name(tensor.Name);
        return copy;
    }

    static void Rename(RepeatedField<string> values, Func<string, string> name)
    {
        for (var i = 0; i < values.Count; i++)
            if (values[i].Length > 0)
                values[i] = name(values[i]);
    }
}
