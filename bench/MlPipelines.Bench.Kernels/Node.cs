using Google.Protobuf;
using MlPipelines.Execution;
using MlPipelines.Execution.Kernels;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tensors;

namespace MlPipelines.Bench.Kernels;

/// <summary>One convolution node in a session, its input, weights and output in fixed buffers, as in a training step.</summary>
sealed class Node : IDisposable
{
    readonly Session session;
    readonly TensorBuffer[] buffers;
    readonly Binding binding;

    public Node(ConvShape s, string domain, int threads)
    {
        var (rows, columns) = (s.Window.Rows, s.Window.Columns);
        var node = new NodeProto { OpType = domain == "" ? "Conv" : "DirectConv", Domain = domain };
        node.Input.Add(["x", "w"]);
        node.Output.Add("y");
        node.Attribute.Add(
            [Ints("strides", rows.Stride, columns.Stride), Ints("pads", rows.Before, columns.Before, rows.After, columns.After),
            new AttributeProto { Name = "group", Type = AttributeProto.Types.AttributeType.Int, I = s.Groups }]);
        var graph = new GraphProto { Name = "node" };
        graph.Node.Add(node);
        graph.Input.Add([Value("x"), Value("w")]);
        graph.Output.Add(Value("y"));
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(
            [new OperatorSetIdProto { Domain = "", Version = 17 }, new OperatorSetIdProto { Domain = "mlpipelines", Version = 1 }]);
        session = new Session(model.ToByteArray(), new SessionSettings { Operators = KernelOperators.All, IntraOpThreads = threads });
        buffers =
        [
            new(ElementType.Float, [s.Batch, s.Channels, s.Height, s.Width]),
            new(ElementType.Float, [s.Filters, s.GroupChannels, rows.Kernel, columns.Kernel]),
            new(ElementType.Float, [s.Batch, s.Filters, s.OutHeight, s.OutWidth]),
        ];
        foreach (var buffer in buffers)
            buffer.Elements<float>().Fill(.1f);
        binding = session.Bind(new Dictionary<string, TensorBuffer> { ["x"] = buffers[0], ["w"] = buffers[1] },
            new Dictionary<string, TensorBuffer> { ["y"] = buffers[2] });
    }

    public void Run() => binding.Run();

    public void Dispose()
    {
        binding.Dispose();
        foreach (var buffer in buffers)
            buffer.Dispose();
        session.Dispose();
    }

    static ValueInfoProto Value(string name) =>
        new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } } };

    static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}
