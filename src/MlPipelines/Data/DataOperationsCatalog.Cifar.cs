using MlPipelines.Imaging;

namespace MlPipelines;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Loads CIFAR-10 or CIFAR-100, in its binary or its Python version, as columns Image (32×32, RGB) and Label.</summary>
    /// <param name="path">The folder of the batches, or the one that it lies in.</param>
    /// <param name="part">Which part.</param>
    /// <param name="coarse">True for the 20 coarse classes of CIFAR-100.</param>
    /// <exception cref="FileNotFoundException">A batch is missing.</exception>
    /// <exception cref="InvalidDataException">A batch is damaged, or holds Python objects other than arrays, lists and text; the message names it. Nothing in a file is executed.</exception>
    public IDataView LoadFromCifar(string path, DataPart part = DataPart.Train, bool coarse = false)
    {
        var batches = CifarBatch.ReadAll(Check.Named(path), part, coarse);
        var starts = new long[batches.Count + 1];
        foreach (var (i, batch) in batches.Index())
            starts[i + 1] = starts[i] + batch.Count;
        return new SourceView(new(new("Image", new ImageDataViewType(CifarBatch.Side, CifarBatch.Side)), new("Label", new TextDataViewType())), starts[^1], Cell);

        object Cell(long row, int column)
        {
            var index = Array.BinarySearch(starts, row);
            var batch = index >= 0 ? index : ~index - 1;
            var inBatch = (int)(row - starts[batch]);
            return column == 0 ? Image.FromPixels(CifarBatch.Side, CifarBatch.Side, 3, batches[batch].Pixels(inBatch)) : batches[batch].Label(inBatch);
        }
    }
}
