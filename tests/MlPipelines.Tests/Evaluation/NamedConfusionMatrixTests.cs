using System.Xml.Linq;

namespace MlPipelines.Tests.Evaluation;

public sealed class NamedConfusionMatrixTests
{
    static readonly NamedConfusionMatrix Pets = new(["cat", "dog"], [0, 0, 0, 1, 1], [0, 0, 1, 1, 0]);

    [Fact]
    public void Counts_are_by_true_then_by_predicted_class()
    {
        Assert.Equal([[2, 1], [1, 1]], Pets.Counts);
        Assert.Equal((1, 1, 2), (Pets.GetCountForClassPair(1, 0), Pets.GetCountForClassPair("dog", "cat"), Pets.NumberOfClasses));
        Assert.Equal(["cat", "dog"], Pets.ClassNames);
        Assert.Contains("got class 'cow', needs one of cat, dog",
            Assert.Throws<ArgumentException>(() => Pets.GetCountForClassPair("cow", "cat")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Pets.GetCountForClassPair(2, 0));
    }

    [Fact]
    public void Text_shows_names_counts_recall_and_precision() => Assert.Equal(
        "actual \\ predicted    cat    dog  recall\n" +
        "cat                     2      1   66.7%\n" +
        "dog                     1      1   50.0%\n" +
        "precision           66.7%  50.0%   60.0%\n", Pets.ToString());

    [Fact]
    public void Long_and_wide_names_keep_the_columns_in_line()
    {
        var matrix = new NamedConfusionMatrix(["a name that goes on and on without end", "猫の写真", "e\u0301clair", "line\nbreak"],
            [0, 1, 2, 3], [0, 1, 2, 3]);
        var lines = matrix.GetFormattedConfusionTable().TrimEnd('\n').Split('\n');

        Assert.Equal(6, lines.Length);
        Assert.Single(lines.Select(DisplayText.Width).Distinct());
        Assert.Contains("…", lines[0], StringComparison.Ordinal);
        Assert.Contains("猫の写真", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Many_classes_are_numbered_so_that_the_table_stays_readable()
    {
        var matrix = new NamedConfusionMatrix([.. Enumerable.Range(1, 40).Select(n => $"class {n}")], [0], [39]);
        Assert.Contains("#40", matrix.ToString().Split('\n')[0], StringComparison.Ordinal);
        Assert.StartsWith("#1 class 1 ", matrix.ToString().Split('\n')[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_name_never_becomes_a_formula_in_csv()
    {
        var csv = new NamedConfusionMatrix(["=1+1", "a,\"b\""], [0, 1], [1, 1]).ToCsv();
        Assert.Equal("actual \\ predicted,'=1+1,\"a,\"\"b\"\"\"\r\n'=1+1,0,1\r\n\"a,\"\"b\"\"\",0,1\r\n", csv);
    }

    [Fact]
    public void A_class_name_never_becomes_markup_in_svg()
    {
        var matrix = new NamedConfusionMatrix(["</text><script>alert(1)</script>", "\" onload=\"x\u0001", "猫<b>"], [0, 1, 2, 0],
            [0, 1, 2, 1]);
        var svg = XDocument.Parse(matrix.ToSvg());

        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script" or "b");
        Assert.DoesNotContain(svg.Descendants().Attributes(), attribute => attribute.Name.LocalName == "onload");
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "text" && element.Value == "猫<b>");
        Assert.Contains(svg.Descendants(),
            element => element.Value == "</text><script>alert(1)</script> predicted as </text><script>alert(1)</script>: 1 (50.0%)");
    }

    [Fact]
    public void Picture_has_one_cell_for_each_pair()
    {
        var cells = XDocument.Parse(Pets.ToSvg()).Descendants().Count(element => element.Name.LocalName == "rect" && element.HasElements);
        Assert.Equal(4, cells);
    }

    [Fact]
    public void An_empty_matrix_has_a_table_and_a_picture()
    {
        var matrix = new NamedConfusionMatrix([], [], []);
        Assert.Contains("0.0%", matrix.ToString(), StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(matrix.ToSvg()).Root);
    }

    [Theory]
    [InlineData(".txt"), InlineData(".csv"), InlineData(".svg")]
    public void Saves_by_extension(string extension)
    {
        using var folder = new TemporaryFolder();
        Pets.Save(folder.File($"new/matrix{extension}"));
        var expected = extension switch { ".txt" => Pets.ToString(), ".csv" => Pets.ToCsv(), _ => Pets.ToSvg() };
        Assert.Equal(expected, File.ReadAllText(folder.File($"new/matrix{extension}")));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Saves_a_png_with_letters_in_it()
    {
        using var folder = new TemporaryFolder();
        Pets.Save(folder.File("matrix.png"));
        var picture = MlPipelines.Imaging.Image.FromFile(folder.File("matrix.png")).ToGrayscale();
        var ink = 0;
        foreach (var pixel in picture.Pixels[..(picture.Width * 40)])
            ink += pixel < 128 ? 1 : 0;
        Assert.InRange(ink, 100, 5000);
    }

    [Fact]
    public void Another_extension_is_refused() =>
        Assert.Equal("m.bmp: got the extension '.BMP', needs one of .txt, .csv, .svg, .png. (Parameter 'path')",
            Assert.Throws<ArgumentException>(() => Pets.Save("m.bmp")).Message);
}
