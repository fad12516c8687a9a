using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Tests.Execution;

/// <summary>Tiny models, as bytes.</summary>
static class Models
{
    /// <summary>y = x + x for x [N,3]; metadata "colours" is "RGB".</summary>
    internal static byte[] Doubling() => Of([Node("Add", ["x", "x"], ["y"])], ["x"], ["y"], "N", 3);

    internal static byte[] Of(NodeProto[] nodes, string[] inputs, string[] outputs, params object[] shape)
    {
        var graph = new GraphProto { Name = "tiny" };
        graph.Node.Add(nodes);
        graph.Input.Add(inputs.Select(name => Value(name, shape)));
        graph.Output.Add(outputs.Select(name => Value(name)));
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "mlpipelines", Version = 1 });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "colours", Value = "RGB" });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = "[\"Schäfer\"]" });
        return model.ToByteArray();
    }

    internal static NodeProto Node(string operation, string[] inputs, string[] outputs, string domain = "",
        params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = operation, Domain = domain };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes);
        return node;
    }

    static ValueInfoProto Value(string name, params object[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = 1 };
        if (shape.Length > 0)
        {
            tensor.Shape = new TensorShapeProto();
            foreach (var size in shape)
                tensor.Shape.Dim.Add(size is int number ? new TensorShapeProto.Types.Dimension { DimValue = number }
                    : new TensorShapeProto.Types.Dimension { DimParam = (string)size });
        }
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
