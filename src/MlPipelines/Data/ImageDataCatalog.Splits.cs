using Microsoft.ML.Runtime;

namespace MlPipelines;

public static partial class ImageDataCatalog
{
    /// <summary>Three parts of a data view.</summary>
    public sealed record TrainValidationTestData(IDataView TrainSet, IDataView ValidationSet, IDataView TestSet);

    /// <summary>Splits into a part to learn from and a part to test on.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="testFraction">Share of the rows that go to the test set, in (0, 1).</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together, as in ML.NET;
    /// it does not stratify.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is split by the same fraction.</param>
    /// <remarks>Of each stratum round(rows × fraction) rows go to the test set, but never all of them: a class with one row stays in the
    /// train set. Rows keep their order.</remarks>
    public static DataOperationsCatalog.TrainTestData TrainTestSplit(this DataOperationsCatalog catalog, IDataView data,
        double testFraction = 0.1,
        string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        Fraction(testFraction, nameof(testFraction));
        var parts = Split(catalog.Host(), data, samplingKeyColumnName, seed, stratificationColumn, testFraction);
        return InternalMembers.TrainTest(parts[0], parts[1]);
    }

    internal static DataOperationsCatalog.TrainTestData Split(this IHostEnvironment host, IDataView data, double testFraction,
        string stratificationColumn)
    {
        var parts = Split(host, data, null, null, stratificationColumn, testFraction);
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
        var parts = Split(catalog.Host(), data, samplingKeyColumnName, seed, stratificationColumn, testFraction, validationFraction);
        return new(parts[0], parts[2], parts[1]);
    }

    /// <summary>Splits in <paramref name="numberOfFolds"/> ways such that each row is in one test set.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The rows.</param>
    /// <param name="numberOfFolds">Number of splits, at least 2.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is dealt evenly to the folds.</param>
    public static IReadOnlyList<DataOperationsCatalog.TrainTestData> CrossValidationSplit(this DataOperationsCatalog catalog,
        IDataView data, int numberOfFolds = 5,
        string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Host().Folds(data, numberOfFolds, samplingKeyColumnName, seed, stratificationColumn);
    }

    internal static IReadOnlyList<DataOperationsCatalog.TrainTestData> Folds(this IHostEnvironment host, IDataView data, int numberOfFolds,
        string? samplingKeyColumnName, int? seed, string? stratificationColumn)
    {
        ArgumentNullException.ThrowIfNull(data);
        Check.AtLeast(numberOfFolds, 2);
        var folds = Enumerable.Range(0, numberOfFolds).Select(_ => new List<int>()).ToArray();
        var (strata, rows) = Strata.Of(data, samplingKeyColumnName, stratificationColumn, SplitDice(host, seed));
        foreach (var stratum in strata)
        {
            var held = new int[numberOfFolds];
            foreach (var unit in stratum)
            {
                var fold = Enumerable.Range(0, numberOfFolds).MinBy(i => (held[i], folds[i].Count));
                held[fold] += unit.Length;
                folds[fold].AddRange(unit);
            }
        }
        return [.. folds.Select(test => InternalMembers.TrainTest(
            PickedView.Of(data, folds.Where(fold => fold != test).SelectMany(fold => fold), rows), PickedView.Of(data, test, rows)))];
    }

    static PickedView[] Split(IHostEnvironment host, IDataView data, string? groups, int? seed, string? strata, params double[] fractions)
    {
        ArgumentNullException.ThrowIfNull(data);
        var parts = Enumerable.Range(0, fractions.Length + 1).Select(_ => new List<int>()).ToArray();
        var (found, count) = Strata.Of(data, groups, strata, SplitDice(host, seed));
        foreach (var stratum in found)
        {
            var rows = stratum.Sum(unit => unit.Length);
            var left = stratum;
            for (var part = 1; part <= fractions.Length; part++)
                left = Draw(left, (int)Math.Round(rows * fractions[part - 1], MidpointRounding.AwayFromZero), parts[part]);
            parts[0].AddRange(left.SelectMany(unit => unit));
        }
        return [.. parts.Select(part => PickedView.Of(data, part, count))];
    }

    // Takes the first units that bring the number of rows nearer to the target, never the last one left.
    static int[][] Draw(int[][] units, int target, List<int> part)
    {
        var left = new List<int[]>(units.Length);
        for (var (i, rows, taken) = (0, 0, 0); i < units.Length; i++)
        {
            if (taken == units.Length - 1 || Math.Abs(rows + units[i].Length - target) >= Math.Abs(rows - target))
            {
                left.Add(units[i]);
                continue;
            }
            rows += units[i].Length;
            taken++;
            part.AddRange(units[i]);
        }
        return [.. left];
    }

    static Dice SplitDice(IHostEnvironment host, int? chosen) => Dice.For(chosen ?? host.Seed(), SplitKey);

    const long SplitKey = 2;

    static void Fraction(double fraction, string name)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(name, $"{name}: got {fraction}, needs a value between 0 and 1.");
    }
}
