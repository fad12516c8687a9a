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
                (9, $"'../x.jpg' is not there, looked for at {Path.Combine(folder.Path, "../x.jpg")}")],
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

    [Theory]
    [InlineData("label,path\ncat,a.jpg\n")]
    [InlineData("path,split,label\na.jpg,train,cat\n")]
    [InlineData("image,width,height,class\na.jpg,48,48,cat\n")]
    [InlineData("id,Image Path,Class_Name,score\n7,a.jpg,cat,1\n")]
    [InlineData("target;FILENAME\ncat;a.jpg\n")]
    [InlineData("category\timage\ncat\ta.jpg\n")]
    [InlineData("path,kind of animal\na.jpg,cat\n")]
    [InlineData("cat or dog,path\ncat,a.jpg\n")]
    public void Columns_are_found_by_their_names_in_any_order(string text)
    {
        var view = data.LoadFromCsv(Write("list.csv", text));
        Assert.Equal([Path.Combine(folder.Path, "a.jpg")], view.GetColumn<string>("ImagePath"));
        Assert.Equal(["cat"], view.GetColumn<string>("Label"));
    }

    [Theory]
    [InlineData("path,label,class\na.jpg,cat,1\n", "has the columns 'path', 'label', 'class', of which 'label' and 'class' may be meant")]
    [InlineData("path,image,label\na.jpg,a.jpg,cat\n", "'path' and 'image' may be meant")]
    [InlineData("one,two\na.jpg,cat\n", "has the columns 'one', 'two', of which none is known to hold the paths")]
    [InlineData("path,width,height\na.jpg,48,48\n", "of which none is known to hold the labels. Name it by LabelColumn (--label-column)")]
    [InlineData("path,label,split\na.jpg,cat,monday\n", "list.csv:2: belongs to the part 'monday', train, validation or test is needed")]
    [InlineData("path,label,label\na.jpg,cat,cat\n", "'label' and 'label' may be meant")]
    public void What_leaves_a_choice_is_refused_with_the_columns(string text, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(Write("list.csv", text))).Message);

    [Fact]
    public void Columns_that_are_named_leave_no_choice()
    {
        var path = Write("list.csv", "path,label,class,subset\na.jpg,cat,1,monday\n");
        Assert.Equal(["1"], data.LoadFromCsv(path, new() { LabelColumn = "class", SplitColumn = CsvOptions.NoColumn }).Classes);
        Assert.Equal(["monday"], data.LoadFromCsv(path, new() { LabelColumn = "subset", SplitColumn = "none" }).Classes);
    }

    [Fact]
    public void A_column_says_parts_and_another_one_groups()
    {
        var path = Write("list.csv", "path,label,split,patient\na.jpg,cat,Train,7\n\"more/b, c.jpg\",dog,val,8\nmore/ü.jpg,cat,,9\n");
        var view = data.LoadFromCsv(path, new() { GroupColumn = "patient" });
        Assert.Equal(["train", "validation"], view.Parts.Keys.Order());
        Assert.Equal(["dog"], view.Parts["validation"].Classes);
        Assert.Equal(["8"], view.Parts["validation"].GetColumn<string>("Group"));
        Assert.Equal([$"{path}:4"], view.Ignored.Select(line => line.Path));
        Assert.Equal("does not say to which part it belongs", view.Ignored[0].Reason);
    }

    [Fact]
    public void Without_a_header_an_image_tells_its_column()
    {
        Assert.Equal(["cat", "dog"],
            data.LoadFromCsv(Write("turned.csv", "cat,a.jpg\ndog,more/ü.jpg\n"), new() { HasHeader = false }).Classes);
        var three = Write("three.csv", "7,a.jpg,cat\n");
        Assert.Contains("has 3 columns and no header, of which none is known to hold the labels",
            Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(three, new() { HasHeader = false })).Message);
        Assert.Equal(["cat"], data.LoadFromCsv(three, new() { HasHeader = false, LabelColumn = "3" }).Classes);
    }

    [Fact]
    public void A_first_line_that_is_an_image_is_not_swallowed_as_header() =>
        Assert.Contains("tags.tsv:1: 'a.jpg' looks like an image",
            Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(Write("tags.tsv", "a.jpg\tcat\n"))).Message);

    [Theory]
    [InlineData("path,label\n\"a.jpg,cat\n", "list.csv:2: a quote is opened and not closed")]
    [InlineData("path,label\n\"a\"x.jpg,cat\n", "list.csv:2: 'x' follows a closing quote")]
    [InlineData("path|label\na.jpg|cat\n", "has the column 'path|label', of which none is known to hold the paths")]
    [InlineData("", "is empty, a header")]
    [InlineData("path,label\n", "holds no row, a path and a label in each are needed.")]
    public void A_bad_table_is_named_with_its_line(string text, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(Write("list.csv", text))).Message);

    [Fact]
    public void A_path_may_lead_out_of_the_tables_folder()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "lists"));
        var view = data.LoadFromCsv(Write("lists/some.csv", "path,label\n../a.jpg,cat\n"));
        Assert.Equal([Path.Combine(folder.Path, "lists/../a.jpg")], view.GetColumn<string>("ImagePath"));
    }

    [Fact]
    public void Where_no_row_fits_the_columns_are_named()
    {
        var path = Write("list.csv", "path,label\na.jpg,cat\n");
        Assert.StartsWith($"{path}: no row of 1 is an image with a label, with paths from 'label' and labels from 'path' ({path}:2: "
            + "'cat' is "
            + "not there", Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(path, new() { LabelColumn = "path" })).Message);
    }

    [Fact]
    public void One_column_is_not_both() => Assert.Contains("list.csv: 'path' is said to hold both the paths and the labels.",
        Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(Write("list.csv", "path,label\na.jpg,cat\n"),
            new() { PathColumn = "path", LabelColumn = "path" })).Message);

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
        Assert.Contains("list.csv:2: is no UTF-8", Assert.Throws<InvalidDataException>(() => data.LoadFromCsv(path)).Message);
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
