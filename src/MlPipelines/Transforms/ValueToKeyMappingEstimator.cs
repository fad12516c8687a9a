using System.Collections.Immutable;
using System.Globalization;

namespace MlPipelines;

/// <summary>Lists the different values of a column and numbers them from 1.</summary>
/// <param name="outputColumnName">Column of the numbers.</param>
/// <param name="inputColumnName">Column of the values: text, numbers or truth values; null for the same column.</param>
/// <param name="maximumNumberOfKeys">Values beyond that many get 0.</param>
/// <param name="keyOrdinality">What the order of the values is.</param>
/// <param name="keyData">One column with the values, in their order; null to take them from the data.</param>
public sealed class ValueToKeyMappingEstimator(string outputColumnName, string? inputColumnName = null, int maximumNumberOfKeys = 1_000_000,
    ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.KeyOrdinality.ByValue, IDataView? keyData = null) : IEstimator<ValueToKeyMappingTransformer>
{
    /// <summary>Order of the values of a key.</summary>
    public enum KeyOrdinality
    {
        /// <summary>As they occur in the data, so that it changes when the data are shuffled.</summary>
        ByOccurrence = 0,

        /// <summary>Text in ordinal order, numbers by size.</summary>
        ByValue = 1,
    }

    readonly string outputName = Check.Named(outputColumnName);
    readonly string inputName = Check.Named(inputColumnName ?? outputColumnName);
    readonly int most = Check.AtLeast(maximumNumberOfKeys, 1);

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        var values = keyData is null ? Values(input, input.Schema.Find(inputName)) : Values(keyData, keyData.Schema[0]);
        return new(outputName, inputName, [.. values.Take(most)]);
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Find(inputName) is { Type: not (TextDataViewType or PrimitiveDataViewType) } column)
            throw new ArgumentException($"Column '{column.Name}': holds {column.Type}, text, a number or a truth value is needed.");
        if (keyData is { Schema.Count: not 1 })
            throw new ArgumentException($"keyData: has {keyData.Schema.Count} columns, one with the values is needed. Select it with SelectColumns.");
        return input.With(new(outputName, new KeyDataViewType()));
    }

    IEnumerable<string> Values(IDataView data, DataViewSchema.Column column)
    {
        var values = data.Read(row => row.GetValue(column.Index)).Distinct().Where(value => value is not "");
        if (keyOrdinality == KeyOrdinality.ByOccurrence || keyData is not null)
            return values.Select(Text);
        return column.Type is TextDataViewType ? values.Select(Text).Order(StringComparer.Ordinal) : values.Order().Select(Text);
    }

    internal static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}

/// <summary>Replaces each value by its number in a list, from 1, or by 0 if it is not in the list. Data without the column pass through, so that unlabelled data can be scored.</summary>
/// <param name="OutputColumn">Column of the numbers.</param>
/// <param name="InputColumn">Column of the values.</param>
/// <param name="KeyValues">The list.</param>
public sealed record ValueToKeyMappingTransformer(string OutputColumn, string InputColumn, ImmutableArray<string> KeyValues) : RowTransformer
{
    protected override IEnumerable<MappedColumn> Map(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.GetColumnOrNull(InputColumn) is not { } column)
            yield break;
        var keys = KeyValues.Index().ToDictionary(value => value.Item, value => (object)(uint)(value.Index + 1), StringComparer.Ordinal);
        yield return new(OutputColumn, new KeyDataViewType(KeyValues), row => keys.GetValueOrDefault(ValueToKeyMappingEstimator.Text(row.GetValue(column.Index)), 0u));
    }
}
