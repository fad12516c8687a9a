using MlPipelines.Imaging;

namespace MlPipelines;

public static partial class ImageDataCatalog
{
    /// <summary>Loads MNIST, or a data set in its format (Fashion-MNIST, KMNIST), as columns Image (grey) and Label.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The folder of the IDX files, gzipped or not.</param>
    /// <param name="part">Which part.</param>
    /// <param name="classNames">Names of the classes in the order of their numbers; null for the numbers.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message says which names it may have.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    public static IDataView LoadFromMnist(this DataOperationsCatalog catalog, string path, DataPart part = DataPart.Train,
        params string[]? classNames)
    {
        var stem = part == DataPart.Train ? "train" : "t10k";
        var imageFile = DataSetFile.Find(path, "LoadFromMnist", $"{stem}-images-idx3-ubyte", $"{stem}-images.idx3-ubyte",
            $"{stem}-images-idx3-ubyte.gz", $"{stem}-images.idx3-ubyte.gz");
        var labelFile = DataSetFile.Find(path, "LoadFromMnist", $"{stem}-labels-idx1-ubyte", $"{stem}-labels.idx1-ubyte",
            $"{stem}-labels-idx1-ubyte.gz", $"{stem}-labels.idx1-ubyte.gz");
        var images = IdxFile.Read(imageFile, dimensions: 3);
        var labels = IdxFile.Read(labelFile, dimensions: 1);
        if (images.Sizes[0] != labels.Sizes[0])
            throw new InvalidDataException($"{labelFile}: has {labels.Sizes[0]} labels for the {images.Sizes[0]} images of {imageFile}, "
                + "one for each is needed. Fetch both again.");
        var names = classNames is { Length: > 0 } ? classNames : [.. Enumerable.Range(0, 256).Select(i => i.ToString())];
        if (labels.Data.Max() is var most && most >= names.Length)
            throw new InvalidDataException(
                $"{labelFile}: has the label {most}, {names.Length} classes are named. Give a name for each class.");
        var (height, width) = (images.Sizes[1], images.Sizes[2]);
        return new SourceView(images.Sizes[0],
            SourceColumn.Pictures("Image", new ImageDataViewType(height, width),
                row => Image.FromPixels(width, height, 1, images.Data.AsSpan((int)row * width * height, width * height).ToArray())),
            SourceColumn.Text("Label", row => names[labels.Data[row]]));
    }
}
