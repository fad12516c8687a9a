using System.Text;
using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Graphs.Onnx;

/// <summary>Graph → ONNX message.</summary>
static class ModelWriter
{
    /// <summary>Who wrote a file; in such a file the notes of the initializers say what each is.</summary>
    public const string Producer = "mlpipelines";

    public const string ConstantNote = "constant", StatisticNote = "not trained";

    const int FormatVersion = 8;
    const long LargestFile = int.MaxValue - (1 << 24);

    public static ModelProto Write(Graph graph, IReadOnlyDictionary<string, string>? metadata, bool parametersAsInputs)
    {
        var model = new ModelProto { IrVersion = FormatVersion, ProducerName = Producer, Graph = new GraphProto { Name = "graph" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Operator.Opset });
        if (graph.Nodes.Any(node => node.Operator.Domain == Operator.OwnDomain))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = Operator.OwnDomain, Version = 1 });
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

        model.Graph.Input.Add(graph.Inputs.Concat(parametersAsInputs ? graph.Parameters : [])
            .Select(input => Describe(graph.NameOf(input), input)));
        model.Graph.Output.Add(graph.Outputs.Select(output => Describe(output.Name, output.Value)));
        if (!parametersAsInputs)
            model.Graph.Initializer.Add(graph.Parameters.Select(parameter =>
                Store(graph.NameOf(parameter), Content(graph, parameter), parameter.IsTrainable ? null : StatisticNote)));
        model.Graph.Initializer.Add(graph.Constants.Select(constant => Store(graph.NameOf(constant), constant.Known!, ConstantNote)));
        CheckSize(model.Graph);

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
            model.Graph.Node.Add(Write(graph, node, Unique(node.Name, names)));
        foreach (var (name, value) in graph.Outputs.Where(output => graph.NameOf(output.Value) != output.Name))
            model.Graph.Node.Add(new NodeProto
            {
                OpType = "Identity",
                Name = Unique(name, names),
                Input = { graph.NameOf(value) },
                Output = { name },
            });
        return model;
    }

    static Tensor Content(Graph graph, Value parameter) => parameter.Initializer!.Content
        ?? throw new GraphException($"parameter '{graph.NameOf(parameter)}'",
            "has no value yet. Call Initialize on the graph first, or write its parameters as inputs.");

    static void CheckSize(GraphProto graph)
    {
        var bytes = graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);
        if (bytes > LargestFile)
            throw new GraphException($"The graph holds {bytes} bytes of weights; one ONNX file takes at most {LargestFile}.");
    }

    static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;
        for (var i = 1; !taken.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    static ValueInfoProto Describe(string name, Value value)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(value.Shape.Select((size, axis) => size != Shape.Unknown ? new TensorShapeProto.Types.Dimension { DimValue = size }
            : new TensorShapeProto.Types.Dimension { DimParam = axis == 0 ? "N" : $"{name}.{axis}" }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Type, Shape = shape } },
        };
    }

    static TensorProto Store(string name, Tensor tensor, string? note = null)
    {
        var stored = new TensorProto { Name = name, DataType = (int)tensor.Type, RawData = UnsafeByteOperations.UnsafeWrap(tensor.Bytes) };
        stored.Dims.Add(tensor.Shape.Select(size => (long)size));
        if (note is not null)
            stored.DocString = note;
        return stored;
    }

    static NodeProto Write(Graph graph, Node node, string name)
    {
        var written = new NodeProto { OpType = node.Operator.Type, Name = name, Domain = node.Operator.Domain };
        written.Input.Add(node.Inputs.Take(node.Inputs.Length - node.Inputs.Reverse().TakeWhile(input => input is null).Count())
            .Select(input => input is null ? "" : graph.NameOf(input)));
        written.Output.Add(node.Outputs.Select(graph.NameOf));
        written.Attribute.Add(node.Attributes.Select(attribute => Write(attribute.Key, attribute.Value)));
        return written;
    }

    static AttributeProto Write(string name, object value)
    {
        var written = new AttributeProto { Name = name };
        switch (value)
        {
            case long number:
                (written.I, written.Type) = (number, AttributeProto.Types.AttributeType.Int);
                break;
            case float number:
                (written.F, written.Type) = (number, AttributeProto.Types.AttributeType.Float);
                break;
            case string text:
                (written.S, written.Type) = (ByteString.CopyFromUtf8(text), AttributeProto.Types.AttributeType.String);
                break;
            case long[] numbers:
                written.Ints.Add(numbers);
                written.Type = AttributeProto.Types.AttributeType.Ints;
                break;
            case float[] numbers:
                written.Floats.Add(numbers);
                written.Type = AttributeProto.Types.AttributeType.Floats;
                break;
            case string[] texts:
                written.Strings.Add(texts.Select(text => ByteString.CopyFrom(text, Encoding.UTF8)));
                written.Type = AttributeProto.Types.AttributeType.Strings;
                break;
            case Tensor tensor:
                (written.T, written.Type) = (Store("", tensor), AttributeProto.Types.AttributeType.Tensor);
                break;
        }
        return written;
    }
}
