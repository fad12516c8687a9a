using System.Text.RegularExpressions;
using System.Xml.Linq;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Reports;

/// <summary>Matrices as heat maps.</summary>
public sealed partial class MatrixChartTests
{
    static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    static (string Fill, string Tip)[] Cells(MatrixChart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants(svg + "rect").Where(cell => cell.Element(svg + "title") is not null)
            .Select(cell => (cell.Attribute("fill")!.Value, cell.Element(svg + "title")!.Value))];

    [Fact]
    public void Every_number_has_a_cell_of_its_colour_and_a_tip()
    {
        var chart = new MatrixChart("m", new double[,] { { 0, 5 }, { 10, double.NaN } }) { ColourMap = ColourMap.Grey };
        Assert.Equal([("#000000", "0, 0: 0"), ("#808080", "0, 1: 5"), ("#ffffff", "1, 0: 10"), ("#dddddd", "1, 1: NaN")], Cells(chart));
    }

    [Fact]
    public void The_scale_can_be_given_and_what_lies_beyond_has_the_colour_of_its_end()
    {
        var chart = new MatrixChart("m", new double[,] { { -100, 5, 100 } }) { ColourMap = ColourMap.Grey, Minimum = 0, Maximum = 10 };
        Assert.Equal(["#000000", "#808080", "#ffffff"], Cells(chart).Select(cell => cell.Fill));
    }

    [Fact]
    public void Names_are_data()
    {
        var chart = new MatrixChart("<b>", new double[,] { { 1, -0.001 } })
        {
            RowNames = ["<script>"],
            ColumnNames = ["a&b", "\"c\""],
            WritesNumbers = true,
            Format = "0.0",
        };
        Assert.Equal(["<script>, a&b: 1.0", "<script>, \"c\": 0.0"], Cells(chart).Select(cell => cell.Tip));
        Assert.Empty(XDocument.Parse(chart.ToSvg()).Descendants(svg + "script"));
    }

    [Fact]
    public void A_matrix_of_many_numbers_is_one_picture_with_a_pixel_for_each()
    {
        var values = new double[70, 90];
        values[3, 5] = 1;
        var picture = XDocument.Parse(new MatrixChart("m", values) { ColourMap = ColourMap.Grey }.ToSvg()).Descendants(svg + "image")
            .Single();
        var image = Image.FromBytes(Convert.FromBase64String(Data().Match(picture.Attribute("href")!.Value).Groups[1].Value));
        Assert.Equal((90, 70), (image.Width, image.Height));
        Assert.Equal(3 * (3 * 90 + 5), image.Pixels.IndexOf((byte)255));
    }

    [Fact]
    public void An_image_is_its_pixels_between_0_and_255()
    {
        var chart = MatrixChart.Of("7", Image.FromPixels(2, 1, 1, [0, 200]));
        Assert.Equal(["0, 0: 0", "0, 1: 200"], Cells(chart).Select(cell => cell.Tip));
        Assert.Equal((0, 255), (chart.Minimum, chart.Maximum));
    }

    [Fact]
    public void A_picture_of_a_matrix_is_as_large_as_it_says()
    {
        using var folder = new Data.TemporaryFolder();
        var chart = new MatrixChart("m", new double[3, 100]) { RowNames = ["a", "b", "c"] };
        var file = Path.Combine(folder.Path, "m.png");
        chart.Save(file);
        var image = Image.FromFile(file);
        Assert.Equal(((int)Math.Ceiling(chart.Width), (int)Math.Ceiling(chart.Height)), (image.Width, image.Height));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("needs a number at least", Assert.Throws<ArgumentException>(() => new MatrixChart("m", new double[0, 3])).Message);
        Assert.Contains("RowNames: got 1 names, needs 2.",
            Assert.Throws<ArgumentException>(() => new MatrixChart("m", new double[2, 3]) { RowNames = ["a"] }).Message);
    }

    [GeneratedRegex("base64,(.*)")]
    private static partial Regex Data();
}
