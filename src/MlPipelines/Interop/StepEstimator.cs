using Microsoft.ML.Runtime;

namespace MlPipelines.Interop;

/// <summary>An estimator that has nothing to learn: fitting checks the columns and gives the step.</summary>
public sealed class StepEstimator<TStep> : IEstimator<TStep> where TStep : Step
{
    internal StepEstimator(IHostEnvironment host, TStep step) => Step = (TStep)(((Step)step) with { Host = host });

    internal TStep Step { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public TStep Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Step.GetOutputSchema(input.Schema);
        return Step;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Step.Shape(inputSchema);
    }
}
