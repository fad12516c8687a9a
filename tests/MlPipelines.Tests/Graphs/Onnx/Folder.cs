namespace MlPipelines.Tests.Graphs.Onnx;

/// <summary>A folder that goes when the test does.</summary>
sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlpipelines-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
