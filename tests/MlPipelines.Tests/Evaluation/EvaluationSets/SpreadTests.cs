namespace MlPipelines.Tests.Evaluation.EvaluationSets;

public sealed class SpreadTests
{
    [Fact]
    public void Range_and_deviation_have_their_closed_forms()
    {
        double[] sums = [30, 40, 80];
        Assert.Equal(0.5, SpreadMeasure.Range.Of(sums, 100), 1e-12);
        // Mean 0.5, deviations −0.2, −0.1, 0.3.
        Assert.Equal(Math.Sqrt((0.04 + 0.01 + 0.09) / 3), SpreadMeasure.Deviation.Of(sums, 100), 1e-12);
    }

    [Fact]
    public void Reversed_are_pairs_in_the_opposite_order_and_not_those_that_are_equal()
    {
        Assert.Equal(1, Spreads.Reversal([1, 2, 3], [3, 2, 1]));
        Assert.Equal(0, Spreads.Reversal([1, 2, 3], [1, 2, 3]));
        Assert.Equal(1 / 3.0, Spreads.Reversal([1, 2, 3], [2, 1, 3]), 1e-12);
        Assert.Equal(0, Spreads.Reversal([1, 1, 1], [3, 2, 1]));
    }

    [Fact]
    public void Shares_and_disagreement_are_those_counted_by_hand()
    {
        // Four pictures of classes 0 and 1; two members of type a, one of b.
        var table = Table([0, 0, 1, 1], ("a1", "a", [0, 0, 1, 1]), ("a2", "a", [0, 1, 1, 0]), ("b1", "b", [1, 1, 1, -1]));
        var shares = TypeShares.Of(table, [0, 1, 2]);
        Assert.Equal(["a", "b"], shares.Types);
        Assert.Equal([[1, 0], [0.5, 0], [1, 1], [0.5, 0]], shares.Shares);
        Assert.Equal([2, 1, 3, 1], shares.RightCounts);
        Assert.Equal([0.75, 0.25], shares.Accuracies([0, 1, 2, 3]));
        // a1–b1 differ on three pictures, a2–b1 on two; a1–a2 are of one type.
        Assert.Equal((3 + 2) / 8.0, table.Disagreement([0, 1, 2], [0, 1, 2, 3]), 1e-12);
        Assert.Equal(0.5, table.Disagreement([0, 1], [0, 1, 2, 3]), 1e-12);
    }

    [Theory]
    [InlineData(SpreadMeasure.Range)]
    [InlineData(SpreadMeasure.Deviation)]
    public void The_search_finds_the_best_of_all_balanced_sets(SpreadMeasure measure)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var dice = Dice.For(seed);
            int[] labels = [.. Enumerable.Range(0, 14).Select(picture => picture % 2)];
            var table = Table(labels, [.. Enumerable.Range(0, 4).Select(member => ($"m{member}", $"t{member}",
                labels.Select(label => dice.Chance(0.4) ? 1 - label : label).ToArray()))]);
            var shares = TypeShares.Of(table, [0, 1, 2, 3]);
            var pool = new BalancedPool(Enumerable.Range(0, labels.Length), labels, ["a", "b"], 6, dice);
            var search = new DirectedSearch(shares, pool, measure);
            var found = search.Find(Dice.For(seed, 1));
            Assert.Equal(3, found.Count(picture => labels[picture] == 0));
            Assert.Equal(6, found.Distinct().Count());
            var best = Sets(labels).Max(set => search.SpreadOn(set));
            Assert.Equal(best, search.SpreadOn(found), 1e-9);
        }
    }

    [Fact]
    public void Pools_give_as_many_of_each_class_and_name_one_that_has_too_few()
    {
        int[] labels = [.. Enumerable.Range(0, 30).Select(picture => picture % 3)];
        var pool = new BalancedPool(Enumerable.Range(0, 30), labels, ["a", "b", "c"], 10, Dice.For(1));
        var drawn = pool.Draw(Dice.For(2));
        Assert.Equal([3, 3, 4], drawn.CountBy(picture => labels[picture]).Select(one => one.Value).Order());
        var draws = pool.Draws(2, Dice.For(3));
        Assert.Empty(draws[0].Intersect(draws[1]));
        Assert.Equal(10, pool.Draws(9, Dice.For(3))[8].Length);
        Assert.Equal("class 'a' has 10 pictures that a set can be made of, 11 are needed for one of 33. Ask for fewer pictures.",
            Assert.Throws<InvalidDataException>(() =>
                new BalancedPool(Enumerable.Range(0, 30), labels, ["a", "b", "c"], 33, Dice.For(1))).Message);
    }

    [Fact]
    public void Doubtful_is_a_label_that_most_members_contradict_with_confidence()
    {
        int[] labels = [0, 0, 0, 1, 1, 1];
        var noise = new LabelNoise(6, 2);
        for (var member = 0; member < 4; member++)
        {
            // All say that picture 2 is of class 1; one of them is wrong about picture 4 as well.
            int[] said = [0, 0, 1, 1, member == 0 ? 0 : 1, 1];
            noise.Add((picture, of) => said[picture] == of ? 0.9f : 0.1f, [.. said.Select(of => new TableAnswer(of, 0.9f))]);
        }
        Assert.Equal([(2, 1)], noise.Find(labels));
    }

    [Theory]
    [InlineData(0.3f, false)]
    [InlineData(0.2f, true)]
    public void Members_that_give_the_label_more_than_chance_do_not_doubt_it(float own, bool isDoubtful)
    {
        int[] labels = [0, 1, 2, 3, 0];
        var noise = new LabelNoise(5, 4);
        for (var member = 0; member < 4; member++)
            noise.Add((picture, of) => picture == 4 ? of == 0 ? own : of == 1 ? 0.6f : 0.05f : of == labels[picture] ? 0.5f : 0.1f,
                [.. labels.Select((of, picture) => new TableAnswer(picture == 4 ? 1 : of, 0.6f))]);
        Assert.Equal(isDoubtful ? [(4, 1)] : [], noise.Find(labels));
    }

    static AnswerTable Table(int[] labels, params (string Name, string Type, int[] Says)[] members) => new(["a", "b"], labels,
        [.. members.Select(member => new TableMember(member.Name, member.Type, false))],
        [.. members.Select(member => member.Says.Select(of => new TableAnswer(of, 1)).ToArray())]);

    // All sets of three of the first class and three of the second.
    static IEnumerable<int[]> Sets(int[] labels)
    {
        int[][] Triples(int of) => [.. from a in Enumerable.Range(0, labels.Length)
                                       from b in Enumerable.Range(a + 1, labels.Length - a - 1)
                                       from c in Enumerable.Range(b + 1, labels.Length - b - 1)
                                       where labels[a] == of && labels[b] == of && labels[c] == of
                                       select new[] { a, b, c }];
        return Triples(0).SelectMany(first => Triples(1), (first, second) => (int[])[.. first, .. second]);
    }
}
