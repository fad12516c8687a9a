using FsCheck;
using FsCheck.Fluent;

namespace MlPipelines.Tests.Data.Balancing;

public sealed class BalanceTests
{
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;

    [Fact]
    public void Tiny_classes_are_merged_large_ones_drawn_from_and_small_ones_repeated_in_one_statement()
    {
        var balanced = data.Balance(Labelled.Rows(("a", 250), ("b", 20), ("c", 3), ("d", 4)),
            new(AtMost: 100, AtLeast: 50, MergeBelow: 5, MergeInto: "others"));
        Assert.Equal(new() { ["a"] = 100, ["b"] = 50, ["others"] = 50 }, Labelled.Counts(balanced));
    }

    [Theory]
    [InlineData(ClassSize.Smallest, 4)]
    [InlineData(ClassSize.Median, 15)]
    [InlineData(ClassSize.Largest, 90)]
    public void All_classes_get_the_size_of_one(ClassSize size, int count) => Assert.All(
        Labelled.Counts(data.Balance(Labelled.Rows(("a", 90), ("b", 4), ("c", 10), ("d", 20)), new(EqualTo: size))),
        one => Assert.Equal(count, one.Value));

    [Fact]
    public void Every_sample_of_a_small_class_is_repeated_as_often_as_any_other_but_for_one_time()
    {
        var numbers = Labelled.Read(data.Balance(Labelled.Rows(("a", 7), ("b", 40)), new(AtLeast: 40)))
            .Where(row => row.Label == "a").CountBy(row => row.Number).ToDictionary();
        Assert.Equal(7, numbers.Count);
        Assert.Equal([5, 5, 6, 6, 6, 6, 6], numbers.Values.Order());
    }

    [Fact]
    public void Samples_keep_their_order_and_each_is_followed_by_its_copies()
    {
        var rows = Labelled.Rows(("a", 3), ("b", 5), ("", 2));
        var balanced = Labelled.Read(data.Balance(rows, new(AtLeast: 5)));
        Assert.Equal(12, balanced.Length);
        Assert.Equal(Labelled.Read(rows), balanced.Distinct());
        Assert.Equal([0, 1, 2], balanced.Where(row => row.Label == "a").Select(row => row.Number).Distinct());
        Assert.Equal(balanced.Take(5).OrderBy(row => row.Number), balanced.Take(5));
    }

    [Fact]
    public void Copies_are_samples_of_their_own_however_often_they_are_copied()
    {
        var balanced = data.Balance(Labelled.Rows(("a", 2), ("b", 9)), new(AtLeast: 9));
        Assert.Equal(18, Labelled.Ids(balanced).Distinct().Count());
        Assert.Equal(Labelled.Ids(balanced), Labelled.Ids(balanced));
        Assert.Equal(11, Labelled.Read(balanced).Distinct().Count());
        Assert.Equal(40, Labelled.Ids(data.Balance(balanced, new(AtLeast: 20))).Distinct().Count());
        Assert.Equal(400, Labelled.Ids(data.Balance(data.Balance(balanced, new(AtLeast: 20)), new(AtLeast: 200))).Distinct().Count());
    }

    [Fact]
    public void No_copy_is_in_another_part_than_its_sample()
    {
        var balanced = data.Balance(Labelled.Rows(("a", 10), ("b", 100)), new(AtLeast: 100));
        var split = data.TrainTestSplit(balanced, 0.2, stratificationColumn: "Label");
        Assert.Equal(new() { ["a"] = 20, ["b"] = 20 }, Labelled.Counts(split.TestSet));
        Assert.Empty(Labelled.Read(split.TrainSet).Intersect(Labelled.Read(split.TestSet)));
        Assert.All(data.CrossValidationSplit(balanced, 4, stratificationColumn: null),
            fold => Assert.Empty(Labelled.Read(fold.TrainSet).Intersect(Labelled.Read(fold.TestSet))));
    }

    [Fact]
    public void The_seed_draws_and_the_order_of_the_rows_does_not()
    {
        var rows = Labelled.Rows(("a", 100), ("b", 10));
        long[] Drawn(IDataView view, int seed) => [.. Labelled.Ids(data.Balance(view, new(AtMost: 10), seed: seed)).Order()];
        Assert.Equal(Drawn(rows, 5), Drawn(data.ShuffleRows(rows), 5));
        Assert.NotEqual(Drawn(rows, 5), Drawn(rows, 6));
        Assert.Equal(Drawn(rows, 1), Labelled.Ids(data.Balance(rows, new(AtMost: 10))));
    }

    [Fact]
    public void Classes_are_merged_by_name_before_they_are_merged_by_size()
    {
        var merged = data.Balance(Labelled.Rows(("kitten", 6), ("cat", 6), ("dog", 30), ("ant", 3), ("bee", 9)),
            new(MergeBelow: 10, MergeInto: "dog", Merge: new Dictionary<string, string> { ["kitten"] = "cat" }));
        Assert.Equal(new() { ["cat"] = 12, ["dog"] = 42 }, Labelled.Counts(merged));
    }

    [Fact]
    public void Rules_that_contradict_each_other_are_refused()
    {
        static string Message(Func<ClassBalance> rules) => Assert.ThrowsAny<ArgumentException>(rules).Message;
        Assert.StartsWith("ClassBalance: has no rule", Message(() => new()), StringComparison.Ordinal);
        Assert.StartsWith("AtLeast: got 6, needs a value from 1 to 5.", Message(() => new(AtMost: 5, AtLeast: 6)),
            StringComparison.Ordinal);
        Assert.StartsWith("AtMost: got 0, needs at least 1.", Message(() => new(AtMost: 0)), StringComparison.Ordinal);
        Assert.StartsWith("EqualTo: got Median beside AtLeast 6", Message(() => new(AtLeast: 6, EqualTo: ClassSize.Median)),
            StringComparison.Ordinal);
        Assert.StartsWith("MergeInto: got nothing", Message(() => new(MergeBelow: 6, MergeInto: " ")), StringComparison.Ordinal);
        Assert.StartsWith("Merge: 'a' becomes 'b', which is merged itself.",
            Message(() => new(Merge: new Dictionary<string, string> { ["a"] = "b", ["b"] = "c" })), StringComparison.Ordinal);
        Assert.StartsWith("Merge: 'a' becomes 'a'", Message(() => new(Merge: new Dictionary<string, string> { ["a"] = "a" })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_done_with_the_data_is_said()
    {
        var rows = Labelled.Rows(("a", 3), ("b", 4));
        Assert.StartsWith("Merge: 'c' is no class, the data has 'a', 'b'.",
            Assert.Throws<ArgumentException>(() => data.Balance(rows, new(Merge: new Dictionary<string, string> { ["c"] = "a" }))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("Balance: the 2 classes all become 'others'",
            Assert.Throws<ArgumentException>(() => data.Balance(rows, new(MergeBelow: 9))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Column 'Number': holds Int32, merging",
            Assert.Throws<ArgumentException>(() => data.Balance(rows, new(MergeBelow: 2), "Number")).Message, StringComparison.Ordinal);
        Assert.StartsWith("Column 'Class': not found",
            Assert.Throws<ArgumentException>(() => data.Balance(rows, new(AtMost: 2), "Class")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_has_the_size_that_the_rules_give_whatever_its_size_was()
    {
        var cases = from sizes in Gen.Choose(1, 40).ArrayOf()
            .Where(sizes => sizes.Length is > 0 and < 8)
                    from least in Gen.Choose(1, 60)
                    from more in Gen.Choose(0, 60)
                    select (sizes,
                least, most: least + more);
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var counts = Labelled.Counts(
                data.Balance(Labelled.Rows([.. one.sizes.Select((size, index) => ($"c{index}", size))]), new(one.most, one.least)));
            foreach (var (index, size) in one.sizes.Index())
                Assert.Equal(Math.Clamp(size, one.least, one.most), counts[$"c{index}"]);
        }).QuickCheckThrowOnFailure();
    }
}
