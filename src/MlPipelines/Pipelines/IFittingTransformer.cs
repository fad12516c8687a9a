
namespace MlPipelines;

/// <summary>A step that changes which rows the steps after it learn from, and leaves alone what a fitted pipeline is given.</summary>
public interface IFittingTransformer : ITransformer
{
    /// <summary>The rows that later steps of the same fit learn from.</summary>
    IDataView TransformForFitting(IDataView input);
}
