namespace MlPipelines.Interop;

/// <summary>Pipelines as ML.NET runs them while it fits.</summary>
static class TrainingSteps
{
    /// <summary>What the steps after it see while a chain is fitted.</summary>
    public static IDataView TransformForTraining(this ITransformer step, IDataView input) =>
        step is ITransformerWithDifferentMappingAtTrainingTime training ? training.TransformForTrainingPipeline(input)
        : step.Transform(input);

    /// <summary>The steps of a pipeline in order, those of chains in it included.</summary>
    public static IEnumerable<ITransformer> Steps(this ITransformer pipeline) =>
        pipeline is ITransformerChainAccessor chain ? chain.Transformers.SelectMany(Steps) : [pipeline];

    /// <summary>The steps that act when a fitted chain transforms: those that were appended for training alone are left out.</summary>
    public static IEnumerable<ITransformer> ScoringSteps(this ITransformer pipeline) => pipeline is ITransformerChainAccessor chain
        ? chain.Transformers.Zip(chain.Scopes).Where(step => step.Second.HasFlag(TransformerScope.Scoring))
            .SelectMany(step => step.First.ScoringSteps()) : [pipeline];
}
