
namespace MlPipelines;

/// <summary>Conversions between values and keys.</summary>
public static class ConversionsExtensionsCatalog
{
    /// <summary>Numbers the different values of a column from 1.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">Column of the numbers.</param>
    /// <param name="inputColumnName">Column of the values; null for the same column.</param>
    /// <param name="maximumNumberOfKeys">Values beyond that many get 0.</param>
    /// <param name="keyOrdinality">By value unless told otherwise, unlike ML.NET's, so that the order of the classes does not depend on the order of the rows.</param>
    /// <param name="keyData">One column with the values, in their order; null to take them from the data.</param>
    public static ValueToKeyMappingEstimator MapValueToKey(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string? inputColumnName = null,
        int maximumNumberOfKeys = 1_000_000, ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByValue, IDataView? keyData = null) =>
        new(outputColumnName, inputColumnName, maximumNumberOfKeys, keyOrdinality, keyData);

    /// <summary>Turns the numbers of a key back into text.</summary>
    public static TrivialEstimator<KeyToValueMappingTransformer> MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string? inputColumnName = null) =>
        new(new(Check.Named(outputColumnName), inputColumnName ?? outputColumnName));
}
