using System.Reflection;
using MlPipelines.Networks;

namespace MlPipelines;

/// <summary>A network that a package of this library brings along, so that it is there without a download.</summary>
/// <param name="Name">Its name in the literature.</param>
/// <param name="Package">The package.</param>
/// <param name="Path">Its file.</param>
/// <param name="Network">The network, with what it wants done with pixels.</param>
sealed record PackagedNetwork(string Name, string Package, string Path, GraphNetwork Network)
{
    const string ResNet18Package = "MlPipelines.ResNet18", ResNet18Type = "MlPipelines.Networks.ResNet18";

    /// <summary>What the command line calls it.</summary>
    public const string ShortName = "resnet18";

    /// <summary>The network of the package that the program references; null where it references none.</summary>
    /// <exception cref="FileNotFoundException">The package is there, its weights are not.</exception>
    public static PackagedNetwork? Find()
    {
        if (Type.GetType($"{ResNet18Type}, {ResNet18Package}", throwOnError: false) is not { } type)
            return null;
        var network = (GraphNetwork)type.GetMethod("Load")!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null)!;
        return new("ResNet-18", ResNet18Package, (string)type.GetProperty("FilePath")!.GetValue(null)!, network);
    }
}
