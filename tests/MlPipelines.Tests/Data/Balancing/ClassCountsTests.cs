using System.Text.Json.Nodes;

namespace MlPipelines.Tests.Data.Balancing;

public sealed class ClassCountsTests
{
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;

    ClassCounts Count(params (string Label, int Count)[] classes) => data.CountClasses(Labelled.Rows(classes));

    static ClassProblem[] Problems(ClassCounts counts) => [.. counts.Warnings.Select(warning => warning.Problem)];

    [Fact]
    public void Counts_and_shares_are_by_name_and_rows_without_a_label_are_apart()
    {
        var counts = Count(("dog", 30), ("", 7), ("cat", 90));
        Assert.Equal([new("cat", 90, 0.75), new("dog", 30, 0.25)], counts.Classes);
        Assert.Equal((120, 7, 3), (counts.Total, counts.Unlabelled, counts.Imbalance));
        Assert.Equal((90, 0), (counts["cat"], counts["bird"]));
        Assert.Equal("cat        90   75.0%\ndog        30   25.0%\n", counts.ToString());
    }

    [Fact]
    public void A_key_column_names_its_classes_in_its_own_order()
    {
        var ml = new MLContext(1);
        var keyed = ml.Transforms.Conversion.MapValueToKey("Key", "Label",
            keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
            .Fit(Labelled.Rows(("z", 3), ("a", 2))).Transform(Labelled.Rows(("a", 40), ("new", 5)));
        var counts = data.CountClasses(keyed, "Key");
        Assert.Equal([("z", 0L), ("a", 40L)], counts.Classes.Select(one => (one.Name, one.Count)));
        Assert.Equal(5, counts.Unlabelled);
    }

    [Fact]
    public void Classes_of_good_size_give_no_warning() => Assert.Empty(Count(("a", 30), ("b", 299)).Warnings);

    [Theory]
    [InlineData(4, ClassProblem.Tiny)]
    [InlineData(5, ClassProblem.Small)]
    [InlineData(29, ClassProblem.Small)]
    public void A_small_class_is_named_by_how_small_it_is(int size, ClassProblem problem)
    {
        var warning = Assert.Single(Count(("a", size), ("b", 31), ("c", 31)).Warnings);
        Assert.Equal((problem, "a"), (warning.Problem, Assert.Single(warning.Classes)));
        Assert.Contains($"'a' ({size})", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_of_ten_times_the_smallest_dominates_and_less_than_a_tenth_of_an_equal_share_is_rare()
    {
        Assert.Empty(Count(("a", 30), ("b", 299), ("c", 299)).Warnings);
        Assert.Equal([ClassProblem.Dominant], Problems(Count(("a", 30), ("b", 300), ("c", 299))));
        Assert.Equal([ClassProblem.Dominant], Problems(Count(("a", 50), ("b", 110), ("c", 50))));
        Assert.Equal([ClassProblem.Rare, ClassProblem.Dominant], Problems(Count(("a", 33), ("b", 480), ("c", 487))));
        Assert.Equal([ClassProblem.Dominant], Problems(Count(("a", 34), ("b", 480), ("c", 486))));
        var message = Count(("a", 30), ("b", 90), ("c", 480)).Warnings[^1].Message;
        Assert.StartsWith("'c' has 80.0% of the images, 16 times as many as 'a'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_part_is_missing_classes_or_has_more_of_them()
    {
        var counts = data.CountClasses(Labelled.Rows(("a", 40), ("x", 40)), expected: ["b", "a"]);
        Assert.Equal(["b", "a", "x"], counts.Classes.Select(one => one.Name));
        Assert.Equal([ClassProblem.Missing, ClassProblem.Unexpected], Problems(counts));
        Assert.Equal(["b", "x"], counts.Warnings.SelectMany(warning => warning.Classes));
    }

    [Fact]
    public void One_class_or_none_is_no_data_to_classify()
    {
        Assert.Equal([ClassProblem.Single], Problems(Count(("a", 50))));
        Assert.Equal([ClassProblem.Single], Problems(Count()));
        Assert.Equal(1, Count().Imbalance);
    }

    [Fact]
    public void A_column_of_something_else_is_refused()
    {
        var vectors = MadeUp.Rows(1, MadeUp.Vector("Label", _ => new float[1], 1));
        Assert.StartsWith("Column 'Label': holds Single[1], a column of classes needs",
            Assert.Throws<ArgumentException>(() => data.CountClasses(vectors)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<int> Golden() => [.. Enumerable.Range(0, Cases().Count)];

    [Theory, MemberData(nameof(Golden))]
    public void Weights_agree_with_scikit_learn(int number)
    {
        var golden = Cases()[number]!;
        double[] Of(string name) => [.. golden[name]!.AsArray().Select(value => (double)value!)];
        var counts = Count([.. Of("counts").Select((count, index) => ($"c{index}", (int)count))]);

        Assert.Equal(Of("balanced"), counts.Weights(ClassWeighting.Balanced), Near);
        Assert.Equal(Of("squareRoot"), counts.Weights(ClassWeighting.SquareRoot), Near);
        Assert.All(counts.Weights(ClassWeighting.None), weight => Assert.Equal(1, weight));
    }

    [Fact]
    public void A_class_without_samples_does_not_change_the_weights_of_the_others()
    {
        var counts = data.CountClasses(Labelled.Rows(("a", 10), ("b", 30)), expected: ["a", "none", "b"]);
        Assert.Equal([2, 1, 2.0 / 3], counts.Weights(ClassWeighting.Balanced), Near);
    }

    static bool Near(double one, double other) => Math.Abs(one - other) < 1e-12 * Math.Max(1, Math.Abs(one));

    static JsonArray Cases() => JsonNode.Parse(Repository.Read("tests/golden/class_weights.json"))!["cases"]!.AsArray();
}
