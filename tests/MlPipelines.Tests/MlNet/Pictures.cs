using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.MlNet;

/// <summary>Files of stripes, one folder a class, as the programs of this folder expect them.</summary>
static class Pictures
{
    public static string[] Save(string folder, int count, int seed = 5,
        int size = 24) => [.. Patterns.Stripes(count, seed, size).Select((picture, number) =>
    {
        var path = Path.Combine(folder, picture.Label, $"{number:D2}.png");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        picture.Image!.Save(path);
        return path;
    })];
}
