using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Estimators in a row, each fitted on what those before it make of the data.</summary>
public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>> where TLastTransformer : class, ITransformer
{
    readonly ImmutableArray<EstimatorStep> steps;

    /// <summary>A chain without steps.</summary>
    public EstimatorChain() : this([]) { }

    EstimatorChain(ImmutableArray<EstimatorStep> steps) => this.steps = steps;

    /// <summary>This chain with one step more.</summary>
    public EstimatorChain<TNew> Append<TNew>(IEstimator<TNew> estimator) where TNew : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new(steps.Add(new(estimator.GetOutputSchema, estimator.Fit, Name(estimator))));
    }

    /// <summary>This chain, in which the steps appended later read what those before them made from memory.</summary>
    public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return steps.IsEmpty ? this : new(steps.SetItem(steps.Length - 1, steps[^1] with { Cached = true }));
    }

    /// <summary>Checks the columns of the whole chain, then fits step after step.</summary>
    /// <exception cref="ArgumentException">A step lacks a column, or a column is of another type; the message names the step.</exception>
    public TransformerChain<TLastTransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(input.Schema);
        var view = input;
        var transformers = ImmutableArray.CreateBuilder<ITransformer>(steps.Length);
        foreach (var step in steps)
        {
            var transformer = step.Fit(view);
            transformers.Add(transformer);
            if (transformers.Count == steps.Length)
                break;
            view = transformer is IFittingTransformer fitting ? fitting.TransformForFitting(view) : transformer.Transform(view);
            if (step.Cached)
                view = new CachedView(view);
        }
        return new(transformers.MoveToImmutable());
    }

    public DataViewSchema GetOutputSchema(DataViewSchema input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var schema = input;
        foreach (var (number, step) in steps.Index())
        {
            try
            {
                schema = step.Schema(schema);
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"Step {number + 1} ({step.Name}): {exception.Message}", exception);
            }
        }
        return schema;
    }

    static string Name(object estimator)
    {
        var type = estimator.GetType();
        var name = type.IsGenericType ? type.GetGenericArguments()[0].Name : type.Name;
        return name.Replace("Estimator", "", StringComparison.Ordinal).Replace("Transformer", "", StringComparison.Ordinal);
    }
}

sealed record EstimatorStep(Func<DataViewSchema, DataViewSchema> Schema, Func<IDataView, ITransformer> Fit, string Name, bool Cached = false);

/// <summary>What turns single steps into chains.</summary>
public static class LearningPipelineExtensions
{
    /// <summary>A chain of two steps.</summary>
    public static EstimatorChain<TNew> Append<TNew>(this IEstimator<ITransformer> start, IEstimator<TNew> estimator) where TNew : class, ITransformer =>
        new EstimatorChain<ITransformer>().Append(start).Append(estimator);

    /// <summary>A chain of one step, whose result the steps appended later read from memory.</summary>
    public static EstimatorChain<TTransformer> AppendCacheCheckpoint<TTransformer>(this IEstimator<TTransformer> start, MLContext context) where TTransformer : class, ITransformer =>
        new EstimatorChain<ITransformer>().Append(start).AppendCacheCheckpoint(context);

    /// <summary>A chain of two transformers.</summary>
    public static TransformerChain<TNew> Append<TNew>(this ITransformer start, TNew transformer) where TNew : class, ITransformer => new([start, transformer]);
}
