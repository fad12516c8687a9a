
namespace MlPipelines.Tests.Data;

public sealed class SplitTests
{
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;

    sealed class Sample
    {
        public string Label { get; init; } = "";
        public string Person { get; init; } = "";
    }

    IDataView Rows(params (string Label, int Count)[] classes) => data.LoadFromEnumerable(
        classes.SelectMany(entry => Enumerable.Range(0, entry.Count)
            .Select(i => new Sample { Label = entry.Label, Person = $"{entry.Label}{i / 3}" })).ToArray());

    static long[] Ids(IDataView view) => view.Ids();

    static Dictionary<string, int> Counts(IDataView view) => view.GetColumn<string>("Label").CountBy(label => label).ToDictionary();

    [Fact]
    public void Train_and_test_are_disjoint_complete_and_in_order()
    {
        var split = data.TrainTestSplit(Rows(("a", 100)), 0.2, stratificationColumn: null);
        var (train, test) = (Ids(split.TrainSet), Ids(split.TestSet));
        Assert.Equal(20, test.Length);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), train.Concat(test).Order());
        Assert.Equal(test.Order(), test);
        Assert.NotEqual(Enumerable.Range(0, 20).Select(i => (long)i), test);
    }

    [Fact]
    public void Stratified_split_takes_the_same_share_of_each_class_and_leaves_a_single_image_in_train()
    {
        var split = data.TrainTestSplit(Rows(("a", 100), ("b", 10), ("c", 1), ("d", 2)), 0.2, stratificationColumn: "Label");
        Assert.Equal(new() { ["a"] = 20, ["b"] = 2 }, Counts(split.TestSet));
        Assert.Equal(new() { ["a"] = 80, ["b"] = 8, ["c"] = 1, ["d"] = 2 }, Counts(split.TrainSet));
        var halves = data.TrainTestSplit(Rows(("c", 1), ("d", 2)), 0.9, stratificationColumn: "Label");
        Assert.Equal(new() { ["c"] = 1, ["d"] = 1 }, Counts(halves.TrainSet));
    }

    [Fact]
    public void Three_parts_have_their_shares()
    {
        var split = data.TrainValidationTestSplit(Rows(("a", 50), ("b", 20), ("c", 1)), 0.1, 0.2, stratificationColumn: "Label");
        Assert.Equal(new() { ["a"] = 10, ["b"] = 4 }, Counts(split.TestSet));
        Assert.Equal(new() { ["a"] = 5, ["b"] = 2 }, Counts(split.ValidationSet));
        Assert.Equal(new() { ["a"] = 35, ["b"] = 14, ["c"] = 1 }, Counts(split.TrainSet));
        Assert.Equal(71, Ids(split.TrainSet).Union(Ids(split.ValidationSet)).Union(Ids(split.TestSet)).Count());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Label")]
    public void Sampling_key_keeps_its_rows_together(string? strata)
    {
        var split = data.TrainTestSplit(Rows(("a", 60), ("b", 30)), 0.3, samplingKeyColumnName: "Person", stratificationColumn: strata);
        var train = split.TrainSet.GetColumn<string>("Person").ToHashSet();
        Assert.DoesNotContain(split.TestSet.GetColumn<string>("Person"), train.Contains);
        Assert.InRange(split.TestSet.CountRows(), 25, 29);
    }

    [Fact]
    public void Groups_stay_together_and_classes_keep_their_shares()
    {
        // Twenty people of 5 to 14 rows, each with all three classes in shares of its own.
        var rows = data.LoadFromEnumerable(Enumerable.Range(0, 20).SelectMany(person => Enumerable.Range(0, 5 + person % 10)
            .Select(row => new Sample { Person = $"{person}", Label = row % 5 < 1 + person % 3 ? "a" : row % 5 < 4 ? "b" : "c" }))
            .ToArray());
        var all = Counts(rows);
        var split = data.TrainValidationTestSplit(rows, 0.2, 0.3, samplingKeyColumnName: "Person", stratificationColumn: "Label");
        var people = new[] { split.TrainSet, split.ValidationSet, split.TestSet }
            .Select(part => part.GetColumn<string>("Person").ToHashSet()).ToArray();
        Assert.Equal(20, people.Sum(part => part.Count));
        Assert.Equal(20, people.SelectMany(part => part).Distinct().Count());
        foreach (var (part, share) in new[] { (split.TrainSet, 0.5), (split.ValidationSet, 0.2), (split.TestSet, 0.3) })
            foreach (var (name, count) in Counts(part))
                Assert.InRange(count / (double)all[name], share - 0.03, share + 0.03);
        Assert.Equal(Ids(split.TestSet),
            Ids(data.TrainValidationTestSplit(rows, 0.2, 0.3, "Person", stratificationColumn: "Label").TestSet));

        var folds = data.CrossValidationSplit(rows, 4, samplingKeyColumnName: "Person", stratificationColumn: "Label");
        Assert.Equal(20, folds.Sum(fold => fold.TestSet.GetColumn<string>("Person").Distinct().Count()));
        Assert.All(folds, fold => Assert.All(Counts(fold.TestSet), one => Assert.InRange(one.Value / (double)all[one.Key], 0.17, 0.33)));
    }

    [Fact]
    public void A_class_of_one_group_is_learnt_and_no_part_is_empty()
    {
        var rows = data.LoadFromEnumerable(new[] { ("1", "a"), ("2", "b"), ("2", "a"), ("3", "c") }
            .Select(row => new Sample { Person = row.Item1, Label = row.Item2 }).ToArray());
        var split = data.TrainTestSplit(rows, 0.1, samplingKeyColumnName: "Person", stratificationColumn: "Label");
        Assert.Equal(["a", "b", "c"], Counts(split.TrainSet).Keys.Order());
        Assert.Equal(["a"], Counts(split.TestSet).Keys);
    }

    [Fact]
    public void A_side_without_rows_or_without_a_class_is_warned_of()
    {
        var ml = new MLContext(1);
        var log = ml.Warnings();
        ml.Data.TrainTestSplit(Rows(("a", 40), ("b", 40)), 0.5, samplingKeyColumnName: "Label", stratificationColumn: null);
        Assert.Contains("class 'a' is not in the test set; class 'b' is in the test set alone, and so never learnt. 'Label' as the "
            + "sampling "
            + "key keeps each class whole; stratificationColumn: \"Label\" divides each of them.", Turned(Assert.Single(log)));
        log.Clear();
        ml.Data.TrainTestSplit(Rows(("a", 40)), 0.2, samplingKeyColumnName: "Label", stratificationColumn: null);
        Assert.StartsWith("the test set is empty: 'Label' keeps rows of equal value together", Assert.Single(log));
        log.Clear();
        ml.Data.TrainTestSplit(Rows(("a", 40), ("b", 1)), 0.2, stratificationColumn: "Label");
        Assert.Equal("class 'b' is not in the test set. It has too few rows to be divided.", Assert.Single(log));
        log.Clear();
        ml.Data.TrainTestSplit(Rows(("a", 40), ("b", 40)), 0.2, samplingKeyColumnName: "Person", stratificationColumn: "Label");
        Assert.Empty(log);

        // Which of the two is learnt depends on the seed.
        static string Turned(string text) => text.StartsWith("class 'b'", StringComparison.Ordinal)
            ? text.Replace("'a'", "'x'").Replace("'b'", "'a'").Replace("'x'", "'b'") : text;
    }

    [Fact]
    public void A_fold_without_rows_or_without_a_class_is_warned_of()
    {
        var ml = new MLContext(1);
        var log = ml.Warnings();
        ml.Data.CrossValidationSplit(Rows(("a", 40), ("b", 40), ("c", 40)), 3, samplingKeyColumnName: "Label", stratificationColumn: null);
        // Which fold a class is in depends on the seed.
        Assert.Equal(6, log.Count);
        Assert.Equal(3, log.Count(text => text.Contains(" alone, and so never learnt there. 'Label' as the sampling key")));
        Assert.Equal(3, log.Count(text => text.Contains(" is not in the test set of folds ")));
        log.Clear();
        ml.Data.CrossValidationSplit(Rows(("a", 2)), 4, stratificationColumn: "Label");
        Assert.Equal("the test set of folds 3, 4 is empty. Take fewer folds, or more rows.", Assert.Single(log));
        log.Clear();
        ml.Data.CrossValidationSplit(Rows(("a", 40), ("b", 3)), 4, stratificationColumn: "Label");
        Assert.Matches("^class 'b' is not in the test set of fold [1-4]. It has too few rows to be divided.$", Assert.Single(log));
        log.Clear();
        ml.Data.CrossValidationSplit(Rows(("a", 40), ("b", 1)), 2, stratificationColumn: "Label");
        Assert.Equal(2, log.Count);
        Assert.Matches("^class 'b' is in the test set of fold [12] alone, and so never learnt there. It has too few rows", log[0]);
        log.Clear();
        ml.Data.CrossValidationSplit(Rows(("a", 40), ("b", 40)), 4, stratificationColumn: "Label");
        Assert.Empty(log);
    }

    [Fact]
    public void Equal_seeds_split_equally_and_others_do_not()
    {
        var rows = Rows(("a", 200));
        Assert.Equal(Test(5), Ids(new MLContext(5).Data.TrainTestSplit(rows, stratificationColumn: null).TestSet));
        Assert.NotEqual(Test(5), Test(6));

        long[] Test(int seed) => Ids(data.TrainTestSplit(rows, seed: seed, stratificationColumn: null).TestSet);
    }

    [Fact]
    public void A_split_does_not_depend_on_the_order_of_the_rows()
    {
        var rows = Rows(("a", 90), ("b", 30));
        Assert.Equal(Ids(data.TrainTestSplit(rows, 0.25, stratificationColumn: "Label").TestSet),
            Ids(data.TrainTestSplit(data.ShuffleRows(rows, 9), 0.25, stratificationColumn: "Label").TestSet).Order());
    }

    [Fact]
    public void Each_row_is_tested_in_one_fold_and_classes_are_dealt_evenly()
    {
        var folds = data.CrossValidationSplit(Rows(("a", 53), ("b", 11)), 5, stratificationColumn: "Label");
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (long)i), folds.SelectMany(fold => Ids(fold.TestSet)).Order());
        Assert.All(folds, fold => Assert.Equal(64, fold.TrainSet.CountRows() + fold.TestSet.CountRows()));
        Assert.All(folds, fold => Assert.Empty(Ids(fold.TrainSet).Intersect(Ids(fold.TestSet))));
        Assert.All(folds, fold => Assert.InRange(Counts(fold.TestSet)["b"], 2, 3));
        Assert.All(folds, fold => Assert.InRange(Counts(fold.TestSet)["a"], 10, 11));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void A_fraction_outside_0_and_1_is_refused(double fraction) =>
        Assert.StartsWith($"testFraction: got {fraction}, needs a value between 0 and 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                data.TrainTestSplit(Rows(("a", 3)), fraction, stratificationColumn: "Label")).Message);

    [Fact]
    public void Shuffling_keeps_every_row_and_its_id()
    {
        var shuffled = Ids(data.ShuffleRows(Rows(("a", 50))));
        Assert.NotEqual(shuffled.Order(), shuffled);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), shuffled.Order());
    }

    [Fact]
    public void Taking_skipping_and_filtering_choose_rows()
    {
        var rows = Rows(("a", 3), ("b", 2));
        Assert.Equal([0, 1], Ids(data.TakeRows(rows, 2)));
        Assert.Equal([3, 4], Ids(data.SkipRows(rows, 3)));
        Assert.Equal([0, 1, 2, 3, 4], Ids(data.TakeRows(rows, 99)));
        Assert.Equal([3, 4], Ids(data.FilterByCustomPredicate<Named>(rows, row => row.Label == "a")));
    }

    sealed class Named
    {
        public string Label { get; set; } = "";
    }
}
