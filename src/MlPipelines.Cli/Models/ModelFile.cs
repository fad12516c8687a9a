using MlPipelines.Execution;

namespace MlPipelines.Cli;

/// <summary>The model file that a command names.</summary>
static class ModelFile
{
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Existing(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a model file (.zip or "
            + ".onnx) is needed. Check the path, or make one with 'mlpipe train'.");

    /// <summary>The model, its networks on that device, and the columns that it was fitted on (null if they were left out).</summary>
    /// <exception cref="InvalidDataException">The file is damaged or no model; the message names it.</exception>
    public static ITransformer Load(MLContext ml, string path, Device device, out DataViewSchema? inputSchema)
    {
        var model = ml.Model.LoadModel(Existing(path), out inputSchema);
        return device == Device.Cpu ? model
            : new TransformerChain<ITransformer>(
                [.. model.ScoringSteps().Select(step => step is ImageClassifier classifier ? classifier.On(device) : step)]);
    }
}
