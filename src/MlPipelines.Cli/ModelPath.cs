namespace MlPipelines.Cli;

/// <summary>The model file that a command names.</summary>
static class ModelPath
{
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Checked(string path) => File.Exists(path)
        ? path
        : throw new FileNotFoundException($"{path}: {(Directory.Exists(path) ? "is a folder" : "not found")}, a model file (.onnx) is needed. Check the path, or make one with 'mlpipe train'.");
}
