
namespace MlPipelines.Tests.Data.Balancing;

public sealed class MiniSetTests
{
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;
    readonly IDataView rows = Labelled.Rows(("a", 50), ("b", 20), ("c", 31), ("", 9));

    [Fact]
    public void A_set_has_equal_numbers_of_each_class_in_the_order_of_the_data()
    {
        var set = data.MiniSet(rows, 30);
        Assert.Equal(new() { ["a"] = 10, ["b"] = 10, ["c"] = 10 }, Labelled.Counts(set));
        Assert.Equal(Labelled.Ids(set).Order(), Labelled.Ids(set));
        Assert.Equal(30, Labelled.Ids(set).Distinct().Count());
        Assert.NotEqual(Enumerable.Range(0, 10), set.GetColumn<int>("Number").Take(10));
    }

    [Fact]
    public void What_is_left_over_goes_to_classes_that_the_seed_draws()
    {
        var favoured = Enumerable.Range(0, 12).Select(seed => Labelled.Counts(data.MiniSet(rows, 31, new() { Seed = seed }))).ToArray();
        Assert.All(favoured, counts => Assert.Equal([10, 10, 11], counts.Values.Order()));
        Assert.Equal(3, favoured.Select(counts => counts.Single(one => one.Value == 11).Key).Distinct().Count());
    }

    [Fact]
    public void The_seed_draws_and_the_order_of_the_rows_does_not()
    {
        Assert.Equal(Labelled.Ids(data.MiniSet(rows, 30, new() { Seed = 4 })),
            Labelled.Ids(data.MiniSet(data.ShuffleRows(rows), 30, new() { Seed = 4 })).Order());
        Assert.NotEqual(Labelled.Ids(data.MiniSet(rows, 30, new() { Seed = 4 })), Labelled.Ids(data.MiniSet(rows, 30, new() { Seed = 5 })));
    }

    [Fact]
    public void Disjoint_sets_share_no_row_and_what_is_left_over_goes_round()
    {
        var sets = data.MiniSets(rows, 20, 3);
        Assert.Equal(60, sets.SelectMany(set => Labelled.Ids(set)).Distinct().Count());
        Assert.All(sets, set => Assert.Equal([6, 7, 7], Labelled.Counts(set).Values.Order()));
        Assert.All(sets.SelectMany(Labelled.Counts).GroupBy(one => one.Key, one => one.Value), group => Assert.Equal(20, group.Sum()));
    }

    [Fact]
    public void Independent_sets_are_drawn_from_all_rows()
    {
        var sets = data.MiniSets(rows, 45, 4, disjoint: false);
        Assert.All(sets, set => Assert.Equal([15, 15, 15], Labelled.Counts(set).Values));
        Assert.Equal(4, sets.Select(set => string.Join(' ', Labelled.Ids(set))).Distinct().Count());
        Assert.InRange(sets.SelectMany(set => Labelled.Ids(set)).Distinct().Count(), 60, 101);
    }

    [Fact]
    public void A_class_that_is_too_small_is_named_or_taken_whole()
    {
        Assert.StartsWith("MiniSet: class 'b' has 20 images, 21 are needed for one set of 63 with equal numbers of 3 classes.",
            Assert.Throws<ArgumentException>(() => data.MiniSet(rows, 63)).Message, StringComparison.Ordinal);
        Assert.StartsWith("MiniSet: class 'b' has 20 images, 30 are needed for 3 disjoint sets of 30",
            Assert.Throws<ArgumentException>(() => data.MiniSets(rows, 30, 3)).Message, StringComparison.Ordinal);
        Assert.Equal(new() { ["a"] = 30, ["b"] = 20, ["c"] = 30 },
            Labelled.Counts(data.MiniSet(rows, 90, options: new() { AllowFewer = true })));
        var sets = data.MiniSets(rows, 30, 3, options: new() { AllowFewer = true });
        Assert.Equal([7, 7, 6], sets.Select(set => Labelled.Counts(set)["b"]));
        Assert.Equal(80, sets.SelectMany(set => Labelled.Ids(set)).Distinct().Count());
    }

    [Fact]
    public void A_set_of_fewer_images_than_classes_or_of_none_is_refused()
    {
        Assert.StartsWith("MiniSet: got 2 images for 3 classes", Assert.Throws<ArgumentException>(() => data.MiniSet(rows, 2)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("count: got 0", Assert.Throws<ArgumentOutOfRangeException>(() => data.MiniSet(rows, 0)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("MiniSet: none of the 3 rows has a class",
            Assert.Throws<ArgumentException>(() => data.MiniSet(Labelled.Rows(("", 3)), 2)).Message, StringComparison.Ordinal);
    }
}
