
namespace MlPipelines;

/// <summary>A step that learns from data and becomes a transformer.</summary>
public interface IEstimator<out TTransformer> where TTransformer : ITransformer
{
    TTransformer Fit(IDataView input);

    /// <summary>The columns after this step, checked before any data flows.</summary>
    /// <exception cref="ArgumentException">A column that the step needs is missing or of another type.</exception>
    DataViewSchema GetOutputSchema(DataViewSchema input);
}

/// <summary>A step that turns one data view into another, lazily.</summary>
public interface ITransformer
{
    DataViewSchema GetOutputSchema(DataViewSchema input);
    IDataView Transform(IDataView input);
}
