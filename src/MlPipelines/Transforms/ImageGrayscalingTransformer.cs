using MlPipelines.Imaging;

namespace MlPipelines;

/// <summary>Turns images grey, one channel.</summary>
/// <param name="OutputColumn">Column of the grey images.</param>
/// <param name="InputColumn">Column of the images.</param>
public sealed record ImageGrayscalingTransformer(string OutputColumn, string InputColumn) : RowTransformer
{
    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        var column = Needs<ImageDataViewType>(input, InputColumn, "an image");
        yield return new(OutputColumn, column.Type, row => ((Image)row.GetValue(column.Index)).ToGrayscale());
    }
}
