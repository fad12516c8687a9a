using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace MlPipelines;

/// <summary>Predicts for objects of a user's class, by any number of threads at once and in batches. ML.NET's PredictionEngine is for one
/// thread and one object at a time.</summary>
/// <typeparam name="TSrc">Its members are the columns that the model takes.</typeparam>
/// <typeparam name="TDst">Its members are columns that the model gives.</typeparam>
public sealed class Predictor<TSrc, TDst> : IDisposable where TSrc : class where TDst : class, new()
{
    const int BatchSize = 1024;

    readonly IHostEnvironment host;
    readonly ITransformer model;
    readonly Func<PredictionEngine<TSrc, TDst>> create;
    // An engine is for one thread at a time: it is taken out while it is used. There are as many as were used at once.
    readonly ConcurrentBag<PredictionEngine<TSrc, TDst>> idle = [];
    readonly bool ignoreMissingColumns;

    internal Predictor(ModelOperationsCatalog catalog, ITransformer model, bool ignoreMissingColumns)
    {
        (host, this.model, this.ignoreMissingColumns) = (catalog.Host(), model, ignoreMissingColumns);
        create = () =>
            catalog.CreatePredictionEngine<TSrc, TDst>(model,
                new PredictionEngineOptions { IgnoreMissingColumns = ignoreMissingColumns, OwnsTransformer = false });
        var first = create();
        OutputSchema = first.OutputSchema;
        idle.Add(first);
    }

    /// <summary>The columns after the model.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>The prediction for one object. Where its picture cannot be read, scores are NaN, the class is missing,
    /// and a warning in the log says why.</summary>
    public TDst Predict(TSrc example)
    {
        ArgumentNullException.ThrowIfNull(example);
        var engine = idle.TryTake(out var waiting) ? waiting : create();
        try
        {
            return engine.Predict(example);
        }
        finally
        {
            idle.Add(engine);
        }
    }

    /// <summary>The predictions for many objects, in their order, in batches whose pictures several threads decode.</summary>
    /// <param name="examples">The objects; taken as they are needed.</param>
    /// <param name="skipped">Told of the objects whose pictures cannot be read, by their place (from 0), which get no prediction; null to
    /// end with an exception at the first.</param>
    /// <exception cref="InvalidDataException">A picture cannot be read, and <paramref name="skipped"/> is null.</exception>
    public IEnumerable<TDst> PredictBatch(IEnumerable<TSrc> examples, Action<SkippedRow>? skipped = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Batches();

        IEnumerable<TDst> Batches()
        {
            var (data, start) = (host.DataCatalog(), 0L);
            foreach (var batch in examples.Chunk(BatchSize))
            {
                var first = start;
                var scored = new ReadableRows(model.Transform(data.LoadFromEnumerable(batch)),
                    // A batch numbers its rows from 0.
                    row => (skipped ?? throw new InvalidDataException(row.Reason))(row with { Id = first + row.Id }));
                foreach (var prediction in data.CreateEnumerable<TDst>(scored, reuseRowObject: false, ignoreMissingColumns))
                    yield return prediction;
                start += batch.Length;
            }
        }
    }

    /// <summary>Frees what the engines hold; the model is its owner's.</summary>
    public void Dispose()
    {
        while (idle.TryTake(out var engine))
            engine.Dispose();
    }
}

/// <summary>The rows of a view whose pictures can be read; the others are told of.</summary>
sealed class ReadableRows(IDataView source, Action<SkippedRow> skipped) : IDataView
{
    public DataViewSchema Schema => source.Schema;
    public bool CanShuffle => false;
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var scores = Schema.Where(column => column.Type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Single)
            .ToArray();
        var path = Schema.FindText(RowSelection.PathColumn) is { } found ? [found] : Array.Empty<DataViewSchema.Column>();
        return new Cursor(source.GetRowCursor(needed.Concat(scores).Concat(path).DistinctBy(column => column.Index)), scores, skipped);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    sealed class Cursor : WrappingCursor
    {
        readonly (ValueGetter<VBuffer<float>> Getter, IFailing Known)[] scores;
        readonly Func<RowValues> take;
        readonly Action<SkippedRow> skipped;
        VBuffer<float> value;

        public Cursor(DataViewRowCursor input, DataViewSchema.Column[] columns, Action<SkippedRow> skipped) : base(input)
        {
            // Only getters of this library know why a value is missing.
            scores = [.. columns.Select(column => input.GetGetter<VBuffer<float>>(column)).Where(getter => getter.Target is IFailing)
                .Select(getter => (getter, (IFailing)getter.Target!))];
            (take, this.skipped) = (new RowSelection(input.Schema, []).Reader(input), skipped);
        }

        public override bool MoveNext()
        {
            while (Input.MoveNext())
            {
                var row = take();
                if (Failure() is not { } reason)
                    return true;
                skipped(new(row.Id, row.Name, reason));
            }
            return false;
        }

        string? Failure()
        {
            foreach (var (getter, known) in scores)
            {
                getter(ref value);
                if (known.Failure is { } reason)
                    return reason;
            }
            return null;
        }
    }
}

/// <summary>Predictors on the catalog of models.</summary>
public static class PredictorCatalog
{
    /// <summary>A predictor for objects of your own class, for any number of threads and in batches.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">The model; the predictor does not dispose of it.</param>
    /// <param name="ignoreMissingColumns">True to leave members of <typeparamref name="TDst"/> without a column as they are.</param>
    public static Predictor<TSrc, TDst> CreatePredictor<TSrc, TDst>(this ModelOperationsCatalog catalog, ITransformer model,
        bool ignoreMissingColumns = true)
        where TSrc : class where TDst : class, new()
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        return new(catalog, model, ignoreMissingColumns);
    }
}
