using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>What a column of pictures says of itself before rows are read.</summary>
static class PictureColumns
{
    /// <summary>How a trainer mixes the samples of a batch.</summary>
    public static ImmutableArray<ISampleMixing> MixingsOf(IDataView view, string column)
    {
        var (cursor, _, mixings) = ReadingEpoch.Open(0, () => view.GetRowCursor([view.Schema[column]]));
        cursor.Dispose();
        return mixings;
    }

    /// <summary>Whether a column holds pictures of this library.</summary>
    public static bool IsOfThisLibrary(IDataView view, string column)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        return Of(cursor, column) is not null;
    }

    /// <summary>The pictures of this library behind a column; null where they are others'.</summary>
    public static PictureGetter? Of(DataViewRow row, string column) =>
        row.Schema[column] is { Type: ImageDataViewType } found ? PictureGetter.Of(row.GetGetter<MLImage>(found)) : null;
}
