using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;

namespace MlPipelines.Tests.Transforms;

/// <summary>A network whose scores are the softmax of the mean of each channel, so that they can be told by hand.</summary>
static class MeanColourNetwork
{
    public static byte[] Onnx(int size = 2, string scoring = "Softmax") => new ModelProto
    {
        IrVersion = 8,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
        Graph = new()
        {
            Name = "mean colour",
            Input = { Value("x", null, 3, size, size) },
            Output = { Value("Score", null, 3) },
            Node =
            {
                new NodeProto { OpType = "GlobalAveragePool", Input = { "x" }, Output = { "mean" } },
                new NodeProto { OpType = "Flatten", Input = { "mean" }, Output = { "flat" } },
                new NodeProto { OpType = scoring, Input = { "flat" }, Output = { "Score" } },
            },
        },
    }.ToByteArray();

    static ValueInfoProto Value(string name, params int?[] sizes) => new()
    {
        Name = name,
        Type = new()
        {
            TensorType = new()
            {
                ElemType = 1,
                Shape = new() { Dim = { sizes.Select(size => size is { } known ? new TensorShapeProto.Types.Dimension { DimValue = known } : new TensorShapeProto.Types.Dimension { DimParam = "N" }) } },
            },
        },
    };
}
