using MlPipelines.Layers;

namespace MlPipelines.Training;

/// <summary>Files of published networks in a folder.</summary>
static class PretrainedFile
{
    /// <summary>The network with what it wants done with pixels.</summary>
    /// <param name="name">Its name in the catalogue of models.</param>
    /// <param name="folder">Where its file lies; null for the user's folder of models.</param>
    /// <exception cref="FileNotFoundException">It is not there; the message says how it is fetched.</exception>
    public static Network Open(string name, string? folder)
    {
        var place = folder ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "MlPipelines", "models");
        var path = Path.Combine(place, $"{name}-7.onnx");
        return File.Exists(path) ? Network.FromOnnx(path, Preprocessing.ImageNetTorch)
            : throw new FileNotFoundException($"Arch: {path} is not there, and nothing is fetched while fitting. Fetch it with 'mlpipe models get {name}', or give a file of your own as Network.", path);
    }
}
