using System.Security.Cryptography;

namespace MlPipelines.Tests.Layers;

/// <summary>Real networks that are too large for the repository: in the folder that MLPIPELINES_MODELS names,
/// or in shared/models beside the repository.</summary>
static class ImportedNetworks
{
    /// <summary>The file of that name; the test is skipped where there is none, or another.</summary>
    public static string Path(string name, string sha256)
    {
        var path = Folders().Select(folder => System.IO.Path.Combine(folder, name + ".onnx")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name}.onnx is not here. Set MLPIPELINES_MODELS to the folder that holds it.");
        using var file = File.OpenRead(path!);
        Assert.SkipUnless(Convert.ToHexStringLower(SHA256.HashData(file)) == sha256,
            $"{path} is not the file that tests/golden/imported.py read.");
        return path!;
    }

    static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("MLPIPELINES_MODELS") is { Length: > 0 } named)
            yield return named;
        for (var folder = new DirectoryInfo(Repository.Root).Parent; folder is not null; folder = folder.Parent)
            yield return System.IO.Path.Combine(folder.FullName, "shared", "models");
    }
}
