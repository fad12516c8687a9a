using System.Collections.Immutable;

namespace MlPipelines;

/// <summary>Comparisons of models, and of kinds of images, on the catalog of classifiers.</summary>
public static class ComparisonVerbs
{
    /// <summary>Evaluates the rows of each value of a column on their own: is the model as good on each camera, hospital or year?</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="data">Scored data: the output of a model.</param>
    /// <param name="cohortColumnName">Column that divides the rows: text, a key or a number.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    /// <returns>One report a value, in their order.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidDataException">There is no row to evaluate, or none of a class that the model knows.</exception>
    public static ImmutableArray<CohortReport> ReportByCohort(this MulticlassClassificationCatalog catalog, IDataView data,
        string cohortColumnName, ScoredColumns? columns = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var rows = EvaluationVerbs.Rows(catalog, data, (columns ?? new()) with { Cohort = Check.Named(cohortColumnName) });
        return CohortReport.Of(rows);
    }

    /// <summary>Compares two models on the same images, which are matched by their files, or else by their places.</summary>
    /// <param name="catalog">Where the verb is found.</param>
    /// <param name="first">The images, scored by one model.</param>
    /// <param name="second">The same images, scored by another.</param>
    /// <param name="columns">The columns; null for ML.NET's usual ones.</param>
    /// <param name="progress">Told of the number of rows read, those of both counted together.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidDataException">They are not the same images, or have other labels.</exception>
    public static ModelComparison Compare(this MulticlassClassificationCatalog catalog, IDataView first, IDataView second,
        ScoredColumns? columns = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var counted = progress is null ? null : new TwoPasses(progress);
        var rows = EvaluationVerbs.Rows(catalog, first, columns, counted, cancellation);
        counted?.Turn();
        return new(rows, EvaluationVerbs.Rows(catalog, second, columns, counted, cancellation));
    }

    // The second pass is counted on from where the first has ended.
    sealed class TwoPasses(IProgress<long> whole) : IProgress<long>
    {
        long before, last;

        public void Turn() => before = last;

        public void Report(long value) => whole.Report(last = before + value);
    }
}
