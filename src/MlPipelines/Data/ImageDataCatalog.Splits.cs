namespace MlPipelines;

public static partial class ImageDataCatalog
{
    /// <summary>Three parts of a data view.</summary>
    public sealed record TrainValidationTestData(IDataView TrainSet, IDataView ValidationSet, IDataView TestSet);

    /// <summary>Splits into a part to learn from and a part to test on.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="testFraction">Share of the rows that go to the test set, in (0, 1).</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together, as in ML.NET: a patient, a
    /// scene; not the class, which stratificationColumn divides.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is split by the same fraction.</param>
    /// <remarks>Of each stratum round(rows × fraction) rows go to the test set, but never all of them: a class with one row stays in the
    /// train set. Rows keep their order. With a sampling key beside it groups are not divided and each class comes as near to its
    /// fraction as whole groups allow. A set without rows, or without a class that the other has, is warned of.</remarks>
    public static DataOperationsCatalog.TrainTestData TrainTestSplit(this DataOperationsCatalog catalog, IDataView data,
        double testFraction = 0.1,
        string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        Fraction(testFraction, nameof(testFraction));
        var (division, host) = (new Division(samplingKeyColumnName, stratificationColumn, seed), catalog.Host());
        var parts = division.Parts(host, data, testFraction);
        foreach (var warning in division.Warnings(parts[0], ("test set", parts[1])))
            host.Warn(nameof(TrainTestSplit), warning);
        return InternalMembers.TrainTest(parts[0], parts[1]);
    }

    /// <summary>Splits into parts to learn from, to choose by and to test on; the rules are those of
    /// <see cref="TrainTestSplit"/>.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="validationFraction">Share of the rows that go to the validation set, in (0, 1).</param>
    /// <param name="testFraction">Share of the rows that go to the test set, in (0, 1).</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is split by the same fractions.</param>
    public static TrainValidationTestData TrainValidationTestSplit(this DataOperationsCatalog catalog, IDataView data,
        double validationFraction = 0.1, double testFraction = 0.1,
        string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        Fraction(validationFraction, nameof(validationFraction));
        Fraction(testFraction, nameof(testFraction));
        Fraction(validationFraction + testFraction, $"{nameof(validationFraction)} + {nameof(testFraction)}");
        var (division, host) = (new Division(samplingKeyColumnName, stratificationColumn, seed), catalog.Host());
        var parts = division.Parts(host, data, testFraction, validationFraction);
        foreach (var warning in division.Warnings(parts[0], ("validation set", parts[2]), ("test set", parts[1])))
            host.Warn(nameof(TrainValidationTestSplit), warning);
        return new(parts[0], parts[2], parts[1]);
    }

    /// <summary>Splits in <paramref name="numberOfFolds"/> ways such that each row is in one test set.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="numberOfFolds">Number of splits, at least 2.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is dealt evenly to the folds.</param>
    /// <remarks>A fold without rows, and a class that a fold does not test or does not learn, is warned of.</remarks>
    public static IReadOnlyList<DataOperationsCatalog.TrainTestData> CrossValidationSplit(this DataOperationsCatalog catalog,
        IDataView data, int numberOfFolds = 5,
        string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var (division, host) = (new Division(samplingKeyColumnName, stratificationColumn, seed), catalog.Host());
        var folds = division.Folds(host, data, numberOfFolds);
        foreach (var warning in division.Warnings(folds))
            host.Warn(nameof(CrossValidationSplit), warning);
        return folds;
    }

    static void Fraction(double fraction, string name)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(name, $"{name}: got {fraction}, needs a value between 0 and 1.");
    }
}
