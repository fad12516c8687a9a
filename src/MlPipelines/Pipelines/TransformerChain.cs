using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Transformers in a row: a fitted pipeline.</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformer, IReadOnlyList<ITransformer>, IStepsReplaceable, IDisposable where TLastTransformer : class, ITransformer
{
    readonly ImmutableArray<ITransformer> transformers;

    public TransformerChain(params IEnumerable<ITransformer> transformers) => this.transformers = [.. transformers];

    /// <summary>The last step, typed.</summary>
    /// <exception cref="InvalidOperationException">The chain has no steps.</exception>
    public TLastTransformer LastTransformer => transformers is [.., TLastTransformer last] ? last : throw new InvalidOperationException("TransformerChain: has no steps, so it has no last one.");

    public int Count => transformers.Length;
    public ITransformer this[int index] => transformers[index];

    public DataViewSchema GetOutputSchema(DataViewSchema input) => transformers.Aggregate(input, (schema, transformer) => transformer.GetOutputSchema(schema));

    public IDataView Transform(IDataView input) => transformers.Aggregate(input, (view, transformer) => transformer.Transform(view));

    ITransformer IStepsReplaceable.Replace(Func<ITransformer, ITransformer> replacement) =>
        new TransformerChain<TLastTransformer>(transformers.Select(step => step is IStepsReplaceable chain ? chain.Replace(replacement) : replacement(step)));

    /// <summary>Disposes of the steps that hold a network.</summary>
    public void Dispose()
    {
        foreach (var transformer in transformers)
            (transformer as IDisposable)?.Dispose();
    }

    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)transformers).GetEnumerator();
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A chain of any type of last step.</summary>
interface IStepsReplaceable
{
    /// <summary>The same chain with another step in the place of each, those of chains in it included.</summary>
    ITransformer Replace(Func<ITransformer, ITransformer> replacement);
}
