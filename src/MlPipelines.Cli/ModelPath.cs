using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>The model file that a command names.</summary>
static class ModelPath
{
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Checked(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a model file (.zip or .onnx) is needed. Check the path, or make one with 'mlpipe train'.");

    /// <summary>The model, its networks on that device.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no model; the message names it.</exception>
    public static ITransformer Load(MLContext ml, string path, Device device)
    {
        var model = ml.Model.LoadModel(Checked(path));
        return device == Device.Cpu ? model
            : new TransformerChain<ITransformer>([.. model.ScoringSteps().Select(step => step is ImageClassifier classifier ? classifier.On(device) : step)]);
    }
}
