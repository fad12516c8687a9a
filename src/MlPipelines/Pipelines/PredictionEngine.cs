
namespace MlPipelines;

/// <summary>Predicts for objects of a user's class. Any number of threads may use one engine at once.</summary>
public sealed class PredictionEngine<TSrc, TDst> : IDisposable where TSrc : class where TDst : class, new()
{
    const int BatchSize = 1024;

    readonly ITransformer transformer;
    readonly bool owns;
    readonly Func<TSrc[], SourceView> view;
    readonly RowBinding<TDst> binding;

    /// <exception cref="ArgumentException">A class lacks a column, or a member is of another type.</exception>
    public PredictionEngine(ITransformer transformer, PredictionEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(options);
        this.transformer = transformer;
        owns = options.OwnsTransformer;
        view = Objects<TSrc>.Bind(options.InputSchemaDefinition ?? SchemaDefinition.Create(typeof(TSrc)));
        OutputSchema = transformer.GetOutputSchema(view([]).Schema);
        binding = RowBinding<TDst>.Of(OutputSchema, options.OutputSchemaDefinition ?? SchemaDefinition.Create(typeof(TDst)), options.IgnoreMissingColumns);
    }

    /// <summary>The columns after the model.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>The prediction for one object.</summary>
    /// <exception cref="InvalidDataException">Its image cannot be read.</exception>
    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>The prediction for one object, written into <paramref name="prediction"/>.</summary>
    /// <exception cref="InvalidDataException">Its image cannot be read.</exception>
    public void Predict(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        binding.Fill(transformer.Transform(view([example])).GetRow(0), prediction ??= new());
    }

    /// <summary>The predictions for many objects, in their order, in batches read by several threads.</summary>
    /// <param name="examples">The objects; taken as they are needed.</param>
    /// <param name="skipped">Told of the objects that cannot be read, by their place (from 0); null to end with an exception at the first.</param>
    /// <exception cref="InvalidDataException">An image cannot be read, and <paramref name="skipped"/> is null.</exception>
    public IEnumerable<TDst> PredictBatch(IEnumerable<TSrc> examples, Action<SkippedRow>? skipped = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Batches();

        IEnumerable<TDst> Batches()
        {
            var start = 0L;
            foreach (var batch in examples.Chunk(BatchSize))
            {
                var first = start;
                var reading = new RowReading { Fatal = skipped is null, Skipped = row => skipped?.Invoke(row with { Id = first + row.Id }) };
                foreach (var prediction in transformer.Transform(view(batch)).Read(Filled, reading))
                    yield return prediction;
                start += batch.Length;
            }
        }
    }

    /// <summary>Disposes of the model if the options say that it is the engine's.</summary>
    public void Dispose()
    {
        if (owns)
            (transformer as IDisposable)?.Dispose();
    }

    TDst Filled(DataViewRow row)
    {
        var prediction = new TDst();
        binding.Fill(row, prediction);
        return prediction;
    }
}

/// <summary>How a prediction engine meets the user's classes.</summary>
public sealed record PredictionEngineOptions
{
    /// <summary>True to leave members of the output class without a column as they are.</summary>
    public bool IgnoreMissingColumns { get; init; } = true;

    /// <summary>Names of the columns of the input class, where its attributes do not say them.</summary>
    public SchemaDefinition? InputSchemaDefinition { get; init; }

    /// <summary>Names of the columns of the output class, where its attributes do not say them.</summary>
    public SchemaDefinition? OutputSchemaDefinition { get; init; }

    /// <summary>True to dispose of the model with the engine; unlike in ML.NET it is not by default, since several engines may share one model.</summary>
    public bool OwnsTransformer { get; init; }
}
