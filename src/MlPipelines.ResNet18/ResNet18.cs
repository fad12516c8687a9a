using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Tensors;

namespace MlPipelines.Networks;

/// <summary>A residual network of 18 layers with a last stage of three blocks, trained on ImageNet, without its classifier:
/// [N,3,224,224] → [N,512,1,1].</summary>
/// <remarks>The weights are those of ML.NET's package Microsoft.ML.DnnImageFeaturizer.ResNet18 (trained in CNTK, MIT licence), which
/// copies them beside the program. Source of the architecture: He, Zhang, Ren, Sun 2015, arXiv:1512.03385.</remarks>
public static class ResNet18
{
    /// <summary>The network with what it was trained with: colours in the order BGR less a mean picture, as its own file says.</summary>
    /// <exception cref="FileNotFoundException">The files are not beside the program.</exception>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static GraphNetwork Load() => Network.FromOnnx(Existing("ResNet18Onnx", "ResNet18.onnx"),
        new Preprocessing(order: ColourOrder.Bgr) { MeanImage = MeanImage(Existing("ResNetPrepOnnx", "ResNetPreprocess.onnx")) });

    /// <summary>Where the network's file lies: beside the program.</summary>
    public static string FilePath => PathOf("ResNet18Onnx", "ResNet18.onnx");

    static string PathOf(string folder, string file) => Path.Combine(AppContext.BaseDirectory, "DnnImageModels", folder, file);

    static string Existing(string folder, string file)
    {
        var path = PathOf(folder, file);
        return File.Exists(path) ? path
            : throw new FileNotFoundException($"{path}: not found, the weights of ResNet-18 are needed. The package MlPipelines.ResNet18 "
                + "copies them beside a program when it is built or published; copy the folder DnnImageModels with the program.", path);
    }

    static Tensor MeanImage(string path)
    {
        var graph = OnnxFile.Read(path).Graph;
        var picture = graph.Outputs[0].Value.Node is { Operator.Type: nameof(Op.Sub) } subtraction ? subtraction.Input(1).Known : null;
        return picture is { Shape: [1, 3, var height, var width] } ? picture.Reshape([3, height, width])
            : throw new InvalidDataException($"{path}: holds no mean picture [1,3,height,width]. Restore the package "
                + "Microsoft.ML.DnnImageFeaturizer.ResNet18 again.");
    }
}
