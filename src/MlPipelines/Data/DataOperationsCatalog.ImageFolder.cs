namespace MlPipelines.Data;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Lists a folder of images with one sub-folder a class, as columns ImagePath and Label.</summary>
    /// <param name="path">The folder. A class is the name of a first-level sub-folder; images in folders below it belong to it.</param>
    /// <returns>Names, in <see cref="LabelledImages.Ignored"/>, every file that is not part of the data, and why.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It holds no sub-folder, or no image in any.</exception>
    public ImageFolder LoadFromImageFolder(string path) => Told("LoadFromImageFolder", ImageFolder.List(path));
}
