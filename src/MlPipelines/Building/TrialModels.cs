using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>Models that trials on all images to learn from have left, in a folder, a file each with its epochs beside it.</summary>
/// <param name="host">Where they are loaded.</param>
/// <param name="folder">The folder; made with the first file.</param>
/// <param name="areWhole">Whether the images that candidates are chosen by are none that may be learnt from in the end.</param>
sealed class TrialModels(IHostEnvironment host, string folder, bool areWhole)
{
    /// <summary>Whether another training would learn from no more images, and so come to the same.</summary>
    public bool AreWhole => areWhole;

    /// <summary>Whether a trial of that candidate has left its model.</summary>
    public bool Has(string candidate) => File.Exists(PathOf(candidate, ".onnx"));

    /// <summary>Keeps the model of a trial.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Keep(string candidate, ITransformer model, DataViewSchema input, TrainingHistory history)
    {
        // The model comes last: where it is, all is.
        AtomicFile.WriteWithFolder(PathOf(candidate, ".csv"), history.ToCsv());
        OnnxModelFile.Save(host, model, input, PathOf(candidate, ".onnx"));
    }

    /// <summary>The model that a trial has left.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public (ITransformer Model, TrainingHistory History) Load(string candidate)
    {
        var path = PathOf(candidate, ".onnx");
        return (OnnxModelFile.Read(host, File.ReadAllBytes(path), path, out _), TrainingHistory.Read(PathOf(candidate, ".csv")));
    }

    string PathOf(string candidate, string extension) => Path.Combine(folder,
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(candidate)))[..16]}{extension}");
}
