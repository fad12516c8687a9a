
namespace MlPipelines;

/// <summary>Transforms of whole columns.</summary>
public static class TransformExtensionsCatalog
{
    /// <summary>Gives a column under a second name.</summary>
    public static TrivialEstimator<ColumnCopyingTransformer> CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName) =>
        new(new(Check.Named(outputColumnName), Check.Named(inputColumnName)));

    /// <summary>Keeps these columns, in this order.</summary>
    public static TrivialEstimator<ColumnSelectingTransformer> SelectColumns(this TransformsCatalog catalog, params string[] columnNames) => new(new([.. columnNames]));

    /// <summary>Keeps all columns but these.</summary>
    public static TrivialEstimator<ColumnSelectingTransformer> DropColumns(this TransformsCatalog catalog, params string[] columnNames) => new(new([.. columnNames], Drop: true));
}
