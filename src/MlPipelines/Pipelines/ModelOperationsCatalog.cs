namespace MlPipelines.Pipelines;

/// <summary>What <c>MLContext.Model</c> can do: save, load, predict one by one.</summary>
public sealed partial class ModelOperationsCatalog(MLContext context)
{
    public MLContext Context { get; } = context;
}
