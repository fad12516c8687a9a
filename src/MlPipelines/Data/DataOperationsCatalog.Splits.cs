namespace MlPipelines;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Two parts of a data view.</summary>
    public sealed record TrainTestData(IDataView TrainSet, IDataView TestSet);

    /// <summary>Three parts of a data view.</summary>
    public sealed record TrainValidationTestData(IDataView TrainSet, IDataView ValidationSet, IDataView TestSet);

    /// <summary>Splits into a part to learn from and a part to test on.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="testFraction">Share of the rows that go to the test set, in (0, 1).</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together, as in ML.NET; it does not stratify.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is split by the same fraction.</param>
    /// <remarks>Of each stratum round(rows × fraction) rows go to the test set, but never all of them: a class with one row stays in the train set. Rows keep their order.</remarks>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        Fraction(testFraction, nameof(testFraction));
        var parts = Split(data, samplingKeyColumnName, seed, stratificationColumn, testFraction);
        return new(parts[0], parts[1]);
    }

    /// <summary>Splits into parts to learn from, to choose by and to test on; the rules are those of <see cref="TrainTestSplit"/>.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="validationFraction">Share of the rows that go to the validation set, in (0, 1).</param>
    /// <param name="testFraction">Share of the rows that go to the test set, in (0, 1).</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is split by the same fractions.</param>
    public TrainValidationTestData TrainValidationTestSplit(IDataView data, double validationFraction = 0.1, double testFraction = 0.1,
        string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        Fraction(validationFraction, nameof(validationFraction));
        Fraction(testFraction, nameof(testFraction));
        Fraction(validationFraction + testFraction, $"{nameof(validationFraction)} + {nameof(testFraction)}");
        var parts = Split(data, samplingKeyColumnName, seed, stratificationColumn, testFraction, validationFraction);
        return new(parts[0], parts[2], parts[1]);
    }

    /// <summary>Splits in <paramref name="numberOfFolds"/> ways such that each row is in one test set.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="numberOfFolds">Number of splits, at least 2.</param>
    /// <param name="samplingKeyColumnName">Rows with the same value in this column stay together.</param>
    /// <param name="seed">Seed of the choice; null for the context's.</param>
    /// <param name="stratificationColumn">Each value of this column is dealt evenly to the folds.</param>
    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string? samplingKeyColumnName = null, int? seed = null, string? stratificationColumn = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        Check.AtLeast(numberOfFolds, 2);
        var folds = Enumerable.Range(0, numberOfFolds).Select(_ => new List<long>()).ToArray();
        foreach (var stratum in Strata.Of(data, samplingKeyColumnName, stratificationColumn, SplitDice(seed)))
        {
            var held = new int[numberOfFolds];
            foreach (var unit in stratum)
            {
                var fold = Enumerable.Range(0, numberOfFolds).MinBy(i => (held[i], folds[i].Count));
                held[fold] += unit.Length;
                folds[fold].AddRange(unit);
            }
        }
        return [.. folds.Select(test => new TrainTestData(Part(data, folds.Where(fold => fold != test).SelectMany(fold => fold)), Part(data, test)))];
    }

    IDataView[] Split(IDataView data, string? groups, int? seed, string? strata, params double[] fractions)
    {
        ArgumentNullException.ThrowIfNull(data);
        var parts = Enumerable.Range(0, fractions.Length + 1).Select(_ => new List<long>()).ToArray();
        foreach (var stratum in Strata.Of(data, groups, strata, SplitDice(seed)))
        {
            var rows = stratum.Sum(unit => unit.Length);
            var left = stratum;
            for (var part = 1; part <= fractions.Length; part++)
                left = Draw(left, (int)Math.Round(rows * fractions[part - 1], MidpointRounding.AwayFromZero), parts[part]);
            parts[0].AddRange(left.SelectMany(unit => unit));
        }
        return [.. parts.Select(part => Part(data, part))];
    }

    // Takes the first units that bring the number of rows nearer to the target, never the last one left.
    static long[][] Draw(long[][] units, int target, List<long> part)
    {
        var left = new List<long[]>(units.Length);
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

    Dice SplitDice(int? chosen) => Dice.For(chosen ?? DefaultSeed, SplitKey);

    static IndexedView Part(IDataView data, IEnumerable<long> positions) => new(data, positions.Order());

    static void Fraction(double fraction, string name)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(name, $"{name}: got {fraction}, needs a value between 0 and 1.");
    }
}
