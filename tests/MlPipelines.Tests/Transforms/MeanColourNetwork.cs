using Google.Protobuf;
using MlPipelines.Graphs.Onnx.Wire;
using MlPipelines.Tests.Evaluation;

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

    /// <summary>Writes a model that loads files, scores them and names their classes.</summary>
    public static string Save(string path, byte[] onnx, params Augmentation[] trained)
    {
        var (ml, view) = (new MLContext(1), Scored.Files());
        var steps = ml.Transforms.LoadImages("Image", "", "ImagePath").Append(ml.Transforms.AugmentImages("Image", trained)).Fit(view)
            .Append(new ImageClassifier(onnx, ["red", "green", "blue"], "Image"));
        ml.Model.SaveAsOnnx(steps.Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(steps.Transform(view))), path,
            view.Schema);
        return path;
    }

    static ValueInfoProto Value(string name, params int?[] sizes) => new()
    {
        Name = name,
        Type = new()
        {
            TensorType = new()
            {
                ElemType = 1,
                Shape = new()
                {
                    Dim = { sizes.Select(size =>
                        size is { } known ? new TensorShapeProto.Types.Dimension { DimValue = known }
                        : new TensorShapeProto.Types.Dimension { DimParam = "N" }) },
                },
            },
        },
    };
}
