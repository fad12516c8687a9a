
namespace MlPipelines;

/// <summary>An estimator that has nothing to learn: fitting checks the columns and returns the transformer.</summary>
public class TrivialEstimator<TTransformer>(TTransformer transformer) : IEstimator<TTransformer> where TTransformer : class, ITransformer
{
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input) => transformer.GetOutputSchema(input);
}
