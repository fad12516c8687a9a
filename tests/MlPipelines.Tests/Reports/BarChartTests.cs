using System.Globalization;
using System.Xml.Linq;
using MlPipelines.Imaging;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Reports;

public sealed class BarChartTests
{
    [Fact]
    public void Bars_are_as_long_as_their_values() =>
    Assert.Equal([100, 50, 25],
        Lengths(new("t", new("a", 4), new("b", 2), new("c", 1)))
        .Select(length => Math.Round(100 * length / Lengths(new("t", new Bar("a", 4))).Single())));

    [Theory]
    [InlineData(new double[0], 0)]
    [InlineData(new[] { 0.0, 0.0 }, 0)]
    [InlineData(new[] { double.NaN, -1, double.PositiveInfinity }, 0)]
    [InlineData(new[] { 1e-30, 1e30, double.NaN }, 2)]
    public void Odd_values_have_no_bar_and_no_number_that_svg_cannot_read(double[] values, int bars)
    {
        var chart = new BarChart("t", [.. values.Select(value => new Bar("x", value))]);
        Assert.Equal(bars, Lengths(chart).Length);
        Assert.All(Lengths(chart), length => Assert.InRange(length, 1, chart.Width));
        Assert.True(chart.Height > 0);
    }

    [Fact]
    public void Names_never_become_markup_and_stay_beside_their_bars()
    {
        var chart = new BarChart("<i>", new Bar("</svg><script/>", 1), new Bar(new string('n', 500), 2), new Bar("猫\u202e\n", 3));
        Assert.DoesNotContain(XDocument.Parse(chart.ToSvg()).Descendants(), element => element.Name.LocalName is "script" or "i");
        Assert.True(chart.Width < 1000);
    }

    [Fact]
    public void A_chart_is_saved_as_svg_and_as_a_picture_of_its_size()
    {
        using var folder = new TemporaryFolder();
        var chart = new BarChart("t", new Bar("a", 1), new Bar("b", 2));
        chart.Save(folder.File("new/bars.svg"));
        chart.Save(folder.File("bars.PNG"));
        Assert.Equal(chart.ToSvg(), File.ReadAllText(folder.File("new/bars.svg")));
        var picture = Image.FromFile(folder.File("bars.PNG"));
        Assert.Equal((Math.Round(chart.Width), chart.Height), (picture.Width, picture.Height));
        Assert.Equal("bars.gif: got the extension '.GIF', needs .svg or .png. (Parameter 'path')",
            Assert.Throws<ArgumentException>(() => chart.Save("bars.gif")).Message);
    }

    [Fact]
    public void Classes_are_counted_by_name_from_text_and_from_keys()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromEnumerable(new[] { "dog", "cat", "dog" }.Select(label => new { Label = label }));
        var keys = ml.Transforms.Conversion.MapValueToKey("Key", "Label",
            keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(rows).Transform(rows);
        ml.Data.SaveClassCounts(rows, folder.File("text.svg"));
        ml.Data.SaveClassCounts(keys, folder.File("keys.svg"), "Key");
        Assert.Equal(["cat: 1", "dog: 2"],
            XDocument.Load(folder.File("text.svg")).Descendants().Where(element => element.Name.LocalName == "title")
            .Select(title => title.Value));
        Assert.Equal(File.ReadAllText(folder.File("text.svg")), File.ReadAllText(folder.File("keys.svg")));
    }

    static double[] Lengths(BarChart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Root!.Elements().Where(element => element.Name.LocalName == "rect").Skip(1)
            .Select(bar => double.Parse(bar.Attribute("width")!.Value, CultureInfo.InvariantCulture))];
}
