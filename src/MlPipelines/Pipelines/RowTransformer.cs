using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>A transformer that computes columns of a row from that row alone.</summary>
public abstract record RowTransformer : ITransformer
{
    public DataViewSchema GetOutputSchema(DataViewSchema input) => MappedView.Extend(input, Map(input));

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Mixings, [.. Map(input.Schema)]);
    }

    /// <summary>How a trainer mixes the samples of a batch; none unless the transformer says otherwise.</summary>
    protected virtual ImmutableArray<ISampleMixing> Mixings => [];

    /// <summary>The columns that are added or replaced.</summary>
    /// <exception cref="ArgumentException">A column that is needed is missing or of another type.</exception>
    protected abstract IEnumerable<MappedColumn> Map(DataViewSchema input);

    /// <summary>The column of that name, which must be of one of the types named.</summary>
    protected static DataViewSchema.Column Needs<TType>(DataViewSchema input, string name, string needed) where TType : DataViewType
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Find(name);
        return column.Type is TType ? column : throw new ArgumentException($"Column '{name}': holds {column.Type}, {needed} is needed.");
    }
}
