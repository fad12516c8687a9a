using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>Models as other tools write them, made field by field.</summary>
static class Files
{
    public static ModelProto Model(int opset, int[] input, string[] outputs, params NodeProto[] nodes)
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = "another tool", Graph = new GraphProto { Name = "g" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        model.Graph.Input.Add(Info("x", input));
        model.Graph.Output.Add(outputs.Select(name => Info(name, null)));
        model.Graph.Node.Add(nodes);
        return model;
    }

    public static ModelProto With(this ModelProto model, params TensorProto[] stored)
    {
        model.Graph.Initializer.Add(stored);
        return model;
    }

    public static NodeProto Node(string type, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = $"the_{type}" };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes);
        return node;
    }

    /// <summary>The same model whose nodes have names of their own, as ONNX Runtime wants them.</summary>
    public static ModelProto Named(this ModelProto model)
    {
        Name(model.Graph, "");
        return model;

        static void Name(GraphProto graph, string within)
        {
            foreach (var (place, node) in graph.Node.Index())
            {
                node.Name = $"{within}the_{node.OpType}_{place}";
                foreach (var attribute in node.Attribute.Where(attribute => attribute.G is not null))
                    Name(attribute.G, $"{node.Name}/{attribute.Name}/");
            }
        }
    }

    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Float(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Stored(string name, TensorProto value) =>
        new() { Name = name, T = value, Type = AttributeProto.Types.AttributeType.Tensor };

    public static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    public static AttributeProto Floats(string name, params float[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        attribute.Floats.Add(values);
        return attribute;
    }

    public static TensorProto Numbers(string name, long[] shape, params float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Float };
        tensor.Dims.Add(shape);
        tensor.FloatData.Add(values);
        return tensor;
    }

    public static TensorProto Whole(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)ElementType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.Add(values);
        return tensor;
    }

    /// <summary>The first output of a model for numbers that are the same for the same shape.</summary>
    public static Tensor Run(byte[] model, int[] input)
    {
        using var session = new Session(model);
        var dice = Dice.For(1);
        var shape = Shape.Create(input);
        var numbers = new float[shape.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)dice.Uniform(-3, 3);
        return session.Run(new Dictionary<string, Tensor> { [session.Inputs[0].Name] = Tensor.Of<float>(shape, numbers) })[0];
    }

    public static ValueInfoProto Info(string name, int[]? shape)
    {
        var type = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float };
        if (shape is not null)
        {
            type.Shape = new TensorShapeProto();
            type.Shape.Dim.Add(shape.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        }
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }
}
