using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace MlPipelines.Tests.Data.Sources;

public sealed class CsvImagesTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<string> warnings;
    readonly DataOperationsCatalog data;

    public CsvImagesTests()
    {
        var ml = new MLContext(1);
        (warnings, data) = (ml.Warnings(), ml.Data);
        foreach (var name in new[] { "a.jpg", "more/b, c.jpg", "more/ü.jpg" })
            folder.Write(name, 1);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("path,label\na.jpg,cat\n\"more/b, c.jpg\",\"a \"\"big\"\" dog\"\n")]
    [InlineData("\uFEFFpath,label\r\na.jpg,cat\r\n\"more/b, c.jpg\",\"a \"\"big\"\" dog\"")]
    [InlineData("path,label\r\rXa.jpg,cat\r\"more/b, c.jpg\",\"a \"\"big\"\" dog\"\r")]
    public void Quotes_marks_and_line_ends_are_read_as_the_standard_says(string text)
    {
        var path = Write("list.csv", text.Replace("\r\rX", "\r"));
        var view = data.LoadFromCsv(path);
        Assert.Equal([Path.Combine(folder.Path, "a.jpg"), Path.Combine(folder.Path, "more/b, c.jpg")], view.GetColumn<string>("ImagePath"));
        Assert.Equal(["cat", "a \"big\" dog"], view.GetColumn<string>("Label"));
        Assert.Empty(view.Ignored);
    }

    [Fact]
    public void Lines_that_are_no_image_are_listed_by_their_number()
    {
        var path = Write("list.csv",
            "id,Label,File\n1,cat,a.jpg\n\n2,cat\n3,,a.jpg\n4,dog,\n5,\"two\nlines\",none.jpg\n6,dog,../x.jpg\n7,dog,more\\ü.jpg\n");
        var view = data.LoadFromCsv(path, new() { PathColumn = "file", LabelColumn = "Label" });
        Assert.Equal(["cat", "dog"], view.GetColumn<string>("Label"));
        Assert.Equal(
            [(4, "has 2 cells, column 3 is needed"), (5, "has no label"), (6, "has no path"),
                (7, $"'none.jpg' is not there, looked for at {Path.Combine(folder.Path, "none.jpg")}"),
                (9, $"'../x.jpg' lies outside {folder.Path}")],
            view.Ignored.Select(line => (int.Parse(line.Path[(path.Length + 1)..]), line.Reason)));
        Assert.Equal(5, warnings.Count);
    }

    [Fact]
    public void Tags_of_ml_net_have_tabs_and_no_header()
    {
        var path = Write("tags.tsv", "a.jpg\tcat\nmore/ü.jpg\tdog\n");
        Assert.Equal(["cat", "dog"], data.LoadFromCsv(path, new() { HasHeader = false }).Classes);
        Assert.Equal(["cat", "dog"],
            data.LoadFromCsv(Write("turned.txt", "cat\ta.jpg\ndog\tmore/ü.jpg\n"),
                new() { PathColumn = "2", LabelColumn = "1", HasHeader = false }).Classes);
    }

    [Fact]
    public void A_first_line_that_is_an_image_is_not_swallowed_as_header() =>
        Assert.Contains("tags.tsv:1: 'a.jpg' looks like an image",
            Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(Write("tags.tsv", "a.jpg\tcat\n"))).Message);

    [Theory]
    [InlineData("path,label\n\"a.jpg,cat\n", "list.csv:2: a quote is opened and not closed")]
    [InlineData("path,label\n\"a\"x.jpg,cat\n", "list.csv:2: 'x' follows a closing quote")]
    [InlineData("path;label\na.jpg;cat\n", "none of its 1 rows is an image with a label")]
    [InlineData("", "is empty, a header")]
    [InlineData("path,label\n", "none of its 0 rows")]
    public void A_bad_table_is_named_with_its_line(string text, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(Write("list.csv", text))).Message);

    [Fact]
    public void Columns_that_are_not_there_are_named()
    {
        var path = Write("list.csv", "path,label\na.jpg,cat\n");
        Assert.Contains("has the columns 'path', 'label', 'class' is needed",
            Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(path, new() { LabelColumn = "class" })).Message);
        Assert.Contains("needs the number of a column",
            Assert.Throws<ArgumentException>(() => data.LoadFromCsv(path, new() { PathColumn = "path", HasHeader = false })).Message);
        Assert.Contains("not found",
            Assert.Throws<FileNotFoundException>(() => data.LoadFromCsv(Path.Combine(folder.Path, "no.csv"))).Message);
        folder.Write("list.csv", [.. "path,label\na.jpg,"u8, 0xE9, (byte)'\n']);
        Assert.Contains("is no UTF-8", Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(path)).Message);
    }

    [Fact]
    public void Rows_of_several_lines_are_numbered_by_their_first()
    {
        var path = Write("any.csv", "a,\"b\r\nc\rd\ne\"\r\n\r\nf,5\" disc\rg,\"\"\n\"\"\"h\"\"\",i");
        Assert.Equal([(1, "a|b\r\nc\rd\ne"), (6, "f|5\" disc"), (7, "g|"), (8, "\"h\"|i")],
            new CsvReader(path, ',').Read().Select(row => (row.Line, string.Join('|', row.Cells))));
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_cost_the_memory_of_the_file()
    {
        var path = Write("any.csv", $"a,b\n5\" disc,\"{new string('x', 34_000_000)}");
        Assert.Contains("any.csv:2: a row has more than 16,777,216 bytes", Refusal(path));
        Assert.Contains("any.csv:2: a quote is opened and not closed", Refusal(Write("any.csv", "a,b\n5\" disc,\"x\ny")));

        static string Refusal(string path) => Assert.Throws<InvalidDataException>(() => new CsvReader(path, ',').Read().Count()).Message;
    }

    [Theory, InlineData('§'), InlineData('"'), InlineData('\n')]
    public void A_separator_is_a_character_of_ASCII(char separator) =>
        Assert.Contains("an ASCII character other than a quote",
            Assert.Throws<ArgumentException>(() => new CsvReader("any.csv", separator).Read().Count()).Message);

    [Fact]
    public void What_is_written_is_read_again() => Prop.ForAll(Gen.Elements("", "a", "\"", ",", "\n", "\r", "\r\n", " ", "ü", "'").ArrayOf()
        .Select(string.Concat).ArrayOf().Where(row => row.Length > 0 && row is not [""]).ToArbitrary(), row =>
    {
        var text = string.Join(',', row.Select(cell => $"\"{cell.Replace("\"", "\"\"")}\"")) + "\r\nnext";
        var rows = new CsvReader(Write("any.csv", text), ',').Read().ToArray();
        Assert.Equal(row, rows[0].Cells);
        Assert.Equal(["next"], rows[1].Cells);
    }).QuickCheckThrowOnFailure();

    string Write(string name, string text) => folder.Write(name, Encoding.UTF8.GetBytes(text));
}
