using System.Collections;
using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>One fold of a cross-validation.</summary>
/// <param name="Model">What was fitted on the other folds.</param>
/// <param name="Metrics">How it does on this one.</param>
/// <param name="ScoredHoldOutSet">Its predictions for this one.</param>
/// <param name="Fold">Number of the fold, from 0.</param>
public sealed record FoldReport(ITransformer Model, ClassificationReport Metrics, IDataView ScoredHoldOutSet, int Fold);

/// <summary>The folds of a cross-validation in order, and all of their rows together. The folds' models are yours to dispose of.</summary>
public sealed class CrossValidationReport : IReadOnlyList<FoldReport>
{
    readonly ImmutableArray<FoldReport> folds;

    internal CrossValidationReport(ImmutableArray<(FoldReport Report, ScoredRows Rows)> judged)
    {
        folds = [.. judged.Select(fold => fold.Report)];
        PooledRows = ScoredRows.Pooled([.. judged.Select(fold => fold.Rows)]);
        Pooled = EvaluationVerbs.Judge(PooledRows);
    }

    /// <summary>The evaluation of all rows, each as the model says that has not seen it. Its intervals are of models that learnt from
    /// somewhat less than all rows.</summary>
    public ClassificationReport Pooled { get; }

    /// <summary>A fold, from 0.</summary>
    public FoldReport this[int index] => folds[index];

    /// <summary>Number of folds.</summary>
    public int Count => folds.Length;

    /// <inheritdoc/>
    public IEnumerator<FoldReport> GetEnumerator() => folds.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ScoredRows PooledRows { get; }
}

/// <summary>Cross-validation on the catalog of classifiers.</summary>
public static class CrossValidationVerbs
{
    /// <summary>Fits a pipeline once for each fold on all others, and evaluates it on that fold, so that each row is judged once by a model
    /// that has not seen it.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">The rows.</param>
    /// <param name="estimator">The pipeline, with its trainer. A trainer with a workspace needs another one for each fold,
    /// so leave it out.</param>
    /// <param name="numberOfFolds">At least 2.</param>
    /// <param name="labelColumnName">Column of the true classes in what the pipeline makes of the rows.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay in one fold.</param>
    /// <param name="seed">Seed of the folds; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is dealt evenly to the folds.</param>
    /// <returns>The folds in order, and what all their rows come to. The models are yours to dispose of.</returns>
    /// <exception cref="InvalidDataException">A fold has no row.</exception>
    public static CrossValidationReport CrossValidateByClass(this MulticlassClassificationCatalog catalog, IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds = 5, string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null,
        string? stratificationColumn = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(estimator);
        var (division, host) = (new Division(samplingKeyColumnName, stratificationColumn, seed), catalog.Host());
        var folds = division.Folds(host, data, numberOfFolds);
        if (folds.ToList().FindIndex(fold => fold.TestSet.CountRows() == 0) is >= 0 and var empty)
            throw new InvalidDataException(
                $"CrossValidateByClass: fold {empty + 1} of {numberOfFolds} has none of the {data.CountRows()} rows. Take fewer folds.");
        foreach (var warning in division.Warnings(folds))
            host.Warn(nameof(CrossValidateByClass), warning);
        return new([.. folds.Select((fold, number) =>
            Judged(catalog, estimator.Fit(fold.TrainSet), fold.TestSet, labelColumnName, number))]);
    }

    static (FoldReport Report, ScoredRows Rows) Judged(MulticlassClassificationCatalog catalog, ITransformer model, IDataView heldOut,
        string label, int fold)
    {
        var scored = model.Transform(heldOut);
        var rows = EvaluationVerbs.Rows(catalog, scored, new(label));
        return (new(model, EvaluationVerbs.Judge(rows), scored, fold), rows);
    }
}
