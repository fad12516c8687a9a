using System.Xml.Linq;

namespace MlPipelines.Tests.Reports;

public sealed class ChartTests
{
    static readonly TrainingHistory History = new(Epochs.Of(1, 2, 0.5, 2.5, 0.4),
        Epochs.Of(2, 1, 0.75) with { Seconds = 4 }, Epochs.Of(3, 0.5, 0.8, 1.5, 0.6) with { LearningRate = 0.001f, Seconds = 4.5 });

    [Fact]
    public void History_is_a_table_whose_unknown_values_are_empty() => Assert.Equal(
        "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,samples,seconds,phase,kept\r\n"
            + "1,2,0.5,2.5,0.4,0.01,100,5,,\r\n2,1,0.75,,,0.01,100,4,,\r\n3,0.5,0.8,1.5,0.6,0.001,100,4.5,,\r\n", History.ToCsv());

    [Fact]
    public void A_history_of_two_phases_says_which_epoch_was_kept() => Assert.Equal(
        "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,samples,seconds,phase,kept\r\n"
            + "1,2,0.5,2.5,0.4,0.01,100,5,head,0\r\n2,1,0.75,,,0.01,100,5,network,1\r\n",
        new TrainingHistory(Epochs.Of(1, 2, 0.5, 2.5, 0.4) with { Phase = "head" }, Epochs.Of(2, 1, 0.75) with { Phase = "network" })
        {
            KeptEpoch = 2,
        }.ToCsv());

    [Fact]
    public void History_is_drawn_as_loss_above_accuracy()
    {
        var chart = History.ToChart();
        var svg = XDocument.Parse(chart.ToSvg()).Root!;

        Assert.Equal(2 * new LineChart("", "", []).Height, chart.Height);
        Assert.Equal(["Loss", "Accuracy"],
            svg.Elements().Attributes("aria-label").Select(label => label.Value).Where(label => label is "Loss" or "Accuracy"));
    }

    [Fact]
    public void A_line_goes_down_as_the_values_do()
    {
        var svg = XDocument.Parse(new LineChart("t", "x", [1, 2, 3], new Series("falling", [3, 2, 1])).ToSvg()).Root!;
        var line = svg.Elements().Select(element => element.Attribute("points")?.Value.Split(' ')).Single(points => points?.Length == 3)!;
        var heights = line.Select(point => double.Parse(point.Split(',')[1])).ToArray();

        Assert.Equal(heights.Order(), heights);
        Assert.Equal(heights[2] - heights[1], heights[1] - heights[0], 1e-2);
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { double.NaN })]
    [InlineData(new[] { 1.0 })]
    [InlineData(new[] { 0.0, 0.0 })]
    [InlineData(new[] { 1e30, double.PositiveInfinity, -1e30 })]
    public void Odd_values_are_drawn_without_numbers_that_svg_cannot_read(double[] values)
    {
        var svg = new LineChart("t", "x", [.. values.Select((_, index) => (double)index)], new Series("s", values)).ToSvg();
        Assert.DoesNotMatch("NaN|Infinity|∞", svg);
        Assert.NotNull(XDocument.Parse(svg).Root);
    }

    [Fact]
    public void Names_never_become_markup() =>
        Assert.DoesNotContain(XDocument.Parse(new LineChart("<b>猫", "<i>", [1], new Series("</svg><script/>", [1])).ToSvg()).Descendants(),
            element => element.Name.LocalName is "script" or "b" or "i");

    [Fact]
    public void Bars_are_as_long_as_their_values() => Assert.Equal(
        "cat   ████  1\ndog   ██    0.5\nnone        NaN\nhalf  ▌     0.125\n",
        TextBars.Render([("cat", 1), ("dog", 0.5), ("none", double.NaN), ("half", 0.125)], width: 4));
}
