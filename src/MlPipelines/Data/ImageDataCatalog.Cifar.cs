using MlPipelines.Imaging;

namespace MlPipelines;

public static partial class ImageDataCatalog
{
    /// <summary>Loads CIFAR-10 or CIFAR-100, in its binary or its Python version, as columns Image (32×32, RGB) and Label.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The folder of the batches, or the one that it lies in.</param>
    /// <param name="part">Which part.</param>
    /// <param name="coarse">True for the 20 coarse classes of CIFAR-100.</param>
    /// <exception cref="FileNotFoundException">A batch is missing.</exception>
    /// <exception cref="InvalidDataException">A batch is damaged, or holds Python objects other than arrays, lists and text; the message
    /// names it. Nothing in a file is executed.</exception>
    public static IDataView LoadFromCifar(this DataOperationsCatalog catalog, string path, DataPart part = DataPart.Train,
        bool coarse = false)
    {
        var batches = CifarBatch.ReadAll(Check.Named(path), part, coarse);
        var starts = new long[batches.Count + 1];
        foreach (var (i, batch) in batches.Index())
            starts[i + 1] = starts[i] + batch.Count;
        return new SourceView(starts[^1],
            SourceColumn.Pictures("Image", new ImageDataViewType(CifarBatch.Side, CifarBatch.Side),
                row => Of(row, (batch, record) => Image.FromPixels(CifarBatch.Side, CifarBatch.Side, 3, batch.Pixels(record)))),
            SourceColumn.Text("Label", row => Of(row, (batch, record) => batch.Label(record))));

        T Of<T>(long row, Func<CifarBatch, int, T> value)
        {
            var index = Array.BinarySearch(starts, row);
            var batch = index >= 0 ? index : ~index - 1;
            return value(batches[batch], (int)(row - starts[batch]));
        }
    }
}
