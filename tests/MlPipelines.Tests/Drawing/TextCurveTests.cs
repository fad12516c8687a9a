using System.Collections.Immutable;

namespace MlPipelines.Tests.Drawing;

public sealed class TextCurveTests
{
    static string[] Drawn(TextCurve curve, int width, int rows) =>
        [.. curve.Render(width, rows).Select(line => string.Concat(line.Select(part => part.Text)).TrimEnd())];

    static TextCurve Loss(params double[][] series) => new("loss", [.. series.Select(values => values.ToImmutableArray())]);

    [Fact]
    public void Values_go_from_the_largest_to_the_smallest() => Assert.Equal(
        [
            "loss  * 1.00",
            "3.00 *****",
            "1.00      **",
            "     1     3",
        ], Drawn(Loss([3, 2, 1]) with { IsAscii = true }, 12, 2));

    [Fact]
    public void Two_series_keep_marks_of_their_own() => Assert.Equal(
        [
            "loss  * 1.00  o 3.00",
            "3.00 ********ooooooo",
            "1.00 oooooooo*******",
            "     1             2",
        ], Drawn(Loss([3, 1], [1, 3]) with { IsAscii = true }, 20, 2));

    [Fact]
    public void Where_two_series_meet_both_are_seen()
    {
        Assert.Equal("2.00 ###", Drawn(Loss([2, 1, 2], [2, 2, 2]) with { IsAscii = true }, 20, 2)[1][..8]);
        // Its colour is that of the dotted one, which would be seen nowhere else.
        Assert.Equal(1, Assert.Single(Loss([1], [1]).Render(20, 1)[1], part => part.Series is not null).Series);
    }

    [Fact]
    public void One_value_is_one_dot() => Assert.Equal(
        ["loss", "0.500 ⠁", "0.250 ⡀", "      1"], Drawn(Loss([0.5], [0.25]), 12, 2));

    [Fact]
    public void What_is_not_finite_is_a_gap_and_is_said_in_the_title()
    {
        Assert.Equal(["loss  * NaN", "2.00     *", "1.00 *", "     1     5"],
            Drawn(Loss([1, double.NaN, double.PositiveInfinity, 2, double.NaN]) with { IsAscii = true }, 12, 2));
        Assert.Equal(["loss  ⠒⠒ ∞", "", "", " 1         2"], Drawn(Loss([double.NaN, double.PositiveInfinity]), 12, 2));
        Assert.Equal("loss  * -inf", Drawn(Loss([1, double.NegativeInfinity]) with { IsAscii = true }, 12, 2)[0]);
    }

    [Fact]
    public void Equal_values_are_a_line_in_the_middle() => Assert.Equal(
        ["accuracy  * 100.0%", "", "100.0% ***********", "", "       1         3"],
        Drawn(new TextCurve("accuracy", [[1, 1, 1]]) { IsShare = true, IsAscii = true }, 18, 3));

    [Fact]
    public void Orders_of_magnitude_are_drawn_by_their_logarithms()
    {
        var lines = Drawn(Loss([1000, 100, 10, 1]) with { IsAscii = true }, 14, 4);
        Assert.Equal("loss, log", lines[0]);
        Assert.StartsWith("1000 **", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("**", lines[4], StringComparison.Ordinal);
        // A loss that came to nothing lies where the smallest other one does.
        Assert.Equal("1.0e-6", Drawn(Loss([1, 1e-6, 0]), 30, 4)[4][..6]);
        Assert.Equal("loss  ⠒⠒ 0", Drawn(Loss([1, 0]), 30, 4)[0]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    [InlineData(200)]
    public void A_thousand_values_fill_the_width_and_no_more(int width)
    {
        var values = Enumerable.Range(0, 1000).Select(epoch => Math.Pow(10, -epoch / 200.0) * (1 + epoch % 2)).ToArray();
        var lines = Drawn(Loss(values, [.. values.Select(value => value * 3)]), width, 5);
        Assert.Equal(7, lines.Length);
        Assert.All(lines, line => Assert.InRange(DisplayText.Width(line), 1, width));
        Assert.Equal(width, DisplayText.Width(lines[^1]));
        Assert.EndsWith("1000", lines[^1], StringComparison.Ordinal);
        // Something in each column.
        var margin = lines[^1].IndexOf('1', StringComparison.Ordinal);
        Assert.All(Enumerable.Range(margin, width - margin),
            column => Assert.Contains(lines[1..^1], line => column < line.Length && line[column] != ' '));
    }

    [Fact]
    public void The_largest_numbers_that_there_are_are_drawn() =>
        Assert.StartsWith(" 1.8e308 ", Drawn(Loss([double.MaxValue, -double.MaxValue]), 40, 3)[1], StringComparison.Ordinal);
}
