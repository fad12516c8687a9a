using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Sources;

public sealed class LabelledImagesTests : IDisposable
{
    const string Composed = "caf\u00E9", Decomposed = "cafe\u0301";

    readonly TemporaryFolder folder = new();
    readonly MLContext ml = new(1);

    public void Dispose() => folder.Dispose();

    DataOperationsCatalog Data => ml.Data;

    string At(string name) => Path.Combine(folder.Path, name);

    LabelledImages Listed(params string[] files)
    {
        foreach (var file in files)
            folder.Write(file, 1);
        return Data.LoadFromImages(folder.Path);
    }

    [Fact]
    public void A_file_is_an_image_by_its_content_whatever_its_name()
    {
        var jpeg = Pictures.Quarters(8, 8).Encode(".jpg");
        foreach (var name in (string[])["1.jfif", "2.jpe", "3.JPG", "4.picture", "5"])
            folder.Write($"a/{name}", jpeg);
        folder.Write("a/6.dib", Pictures.Quarters(8, 8).ToBmp());
        folder.Write("a/7.dat", [.. "P5\n1 1\n255\n"u8, 9]);
        folder.Write("a/8.pgm", [.. "P5\n1 1\n255\n"u8, 9]);
        folder.Write("a/9.txt", "no picture"u8.ToArray());
        folder.Write("a/empty");
        folder.Write("a/drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray());
        var images = ImageFolder.List(folder.Path);
        Assert.Equal(["1.jfif", "2.jpe", "3.JPG", "4.picture", "5", "6.dib", "7.dat", "8.pgm"],
            images.GetColumn<string>("ImagePath").Select(Path.GetFileName));
        Assert.Equal(["9.txt", "drawing.svg", "empty"], images.Ignored.Select(file => Path.GetFileName(file.Path)));
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    public void An_archives_entry_is_an_image_by_its_content(string kind)
    {
        (string, byte[])[] entries = [("a/1.jfif", Pictures.Quarters(8, 8).Encode(".jpg")), ("a/2", [.. "P5\n1 1\n255\n"u8, 9]),
            ("a/3.txt", "no picture"u8.ToArray()), ("b/4.png", [1])];
        var path = folder.Write($"all.{kind}", kind == "zip" ? Packing.Zip(entries) : Packing.Tar(entries));
        var images = Data.LoadFromImages(path);
        Assert.Equal([$"{path}/a/1.jfif", $"{path}/a/2", $"{path}/b/4.png"], images.GetColumn<string>("ImagePath"));
        Assert.Equal(8, images.ImageAt(0).Width);
        Assert.Equal("'.txt' is no image format read here", Assert.Single(images.Ignored).Reason);
    }

    [Theory]
    [InlineData("train", "val", "test")]
    [InlineData("Training", "validation", "Testing")]
    public void Folders_named_as_parts_are_parts(string train, string validation, string test)
    {
        var images = Listed($"{train}/a/1.png", $"{train}/b/2.png", $"{validation}/a/3.png", $"{test}/b/4.png", $"{test}/b/5.txt",
            "beside");
        Assert.Equal(["a", "b"], images.Classes);
        Assert.Equal(4, images.RowCount);
        Assert.Equal([("test", 1), ("train", 2), ("validation", 1)],
            images.Parts.OrderBy(part => part.Key).Select(part => (part.Key, (int)part.Value.RowCount)));
        Assert.Equal(At(validation), images.Parts["validation"].Path);
        Assert.Equal(["5.txt"], images.Parts["test"].Ignored.Select(file => Path.GetFileName(file.Path)));
        Assert.Equal(["5.txt", "beside"], images.Ignored.Select(file => Path.GetFileName(file.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Images_without_classes_are_no_part_and_two_names_of_a_part_are_refused()
    {
        var images = Listed("train/a/1.png", "train/b/2.png", "test/3.png");
        Assert.Equal(["train"], images.Parts.Keys);
        Assert.Equal(["a", "b"], images.Classes);
        Assert.Contains("no sub-folders of classes", Assert.Single(images.Ignored).Reason);
        Assert.Contains("holds 'val' and 'valid', which both mean the part 'validation'",
            Assert.Throws<InvalidDataException>(() => Listed("val/a/1.png", "valid/a/1.png")).Message);
    }

    [Fact]
    public void Classes_that_are_named_like_parts_stay_classes()
    {
        Assert.Empty(Listed("train/1.png", "bus/2.png").Parts);
        Directory.Delete(At("bus"), recursive: true);
        Assert.Equal(["test", "train"], Listed("test/1.png").Classes);
    }

    [Fact]
    public void The_verb_of_folders_warns_of_parts_that_it_takes_for_classes()
    {
        var log = ml.Warnings();
        Listed("train/a/1.png", "test/a/2.png");
        Assert.Equal(["test", "train"], Data.LoadFromImageFolder(folder.Path).Classes);
        Assert.Contains("test, train are taken for classes", Assert.Single(log));
    }

    [Fact]
    public void An_archive_has_parts_as_a_folder_has()
    {
        var path = folder.Write("all.zip",
            Packing.Zip(("set/train/a/1.png", [1]), ("set/train/b/2.png", [2]), ("set/val/a/more/3.png", [3]), ("set/val/x.txt", [4])));
        var images = Data.LoadFromImages(path);
        Assert.Equal(["a", "b"], images.Classes);
        Assert.Equal([$"{path}/set/val/a/more/3.png"], images.Parts["validation"].GetColumn<string>("ImagePath"));
        Assert.Equal($"{path}/set/val", images.Parts["validation"].Path);
        Assert.Equal($"{path}/set/val/x.txt", Assert.Single(images.Parts["validation"].Ignored).Path);
        Assert.Contains("a/more/3.png: begins with",
            Assert.Throws<InvalidDataException>(() => images.Parts["validation"].ImageAt(0).Width).Message);
    }

    [Fact]
    public void Names_that_look_alike_are_one_class_and_are_named_by_the_check()
    {
        var images = Listed($"train/{Composed}/1.png", $"train/{Decomposed}/2.png", "train/b/3.png", $"test/{Decomposed}/4.png");
        Assert.Equal(["b", Composed], images.Classes);
        Assert.Equal([Composed], images.Parts["test"].Classes);
        var finding = Assert.Single(new SimilarClassNames().Find(DataSurvey.Of(FolderParts.List(folder.Path), workers: 1)));
        Assert.Equal($"the class '{Composed}' is written in 2 ways that look alike: 'cafe\\u0301' in test and train, 'caf\\u00E9' in train",
            finding.Found);
    }

    [Fact]
    public void Names_are_compared_in_normal_form_wherever_they_come_from()
    {
        var rows = MadeUp.Rows(4, MadeUp.Text("Label", row => row < 2 ? Composed : Decomposed));
        Assert.Equal((1, 4), (Data.CountClasses(rows).Classes.Length, Data.CountClasses(rows)[Decomposed]));
        Assert.Empty(Data.CountClasses(rows, expected: [Decomposed]).Warnings.Where(warning => warning.Problem == ClassProblem.Unexpected));
        var merged = Data.Balance(MadeUp.Rows(4, MadeUp.Text("Label", row => row < 2 ? Composed : row < 3 ? "a" : "b")),
            new(Merge: new Dictionary<string, string> { [Decomposed] = "b" }));
        Assert.Equal(["b", "b", "a", "b"], merged.GetColumn<string>("Label"));
        Assert.Equal([Composed, "b"], new ImageClassifier(new byte[] { 1 }, [Decomposed, "b"], "Image").Labels);
        var report = ml.MulticlassClassification.Report(Evaluation.Scored.Rows(2, [Composed, "b"], _ => Decomposed, _ => Composed,
            _ => [0.9f, 0.1f]));
        Assert.Equal((1, 0), (report.MicroAccuracy, report.UnknownClassRowCount));
    }

    [Fact]
    public void A_table_names_files_in_either_normal_form()
    {
        folder.Write($"{Decomposed}/{Decomposed}.png", 1);
        folder.Write("list.csv", System.Text.Encoding.UTF8.GetBytes(
            $"path,label\n{Composed}/{Composed}.png,{Decomposed}\n{Composed}/none.png,a\n"));
        var images = Data.LoadFromImages(At("list.csv"));
        Assert.Equal([At($"{Decomposed}/{Decomposed}.png")], images.GetColumn<string>("ImagePath"));
        Assert.Equal([Composed], images.Classes);
        Assert.Single(images.Ignored);
    }

    [Fact]
    public void Groups_are_read_off_names_or_paths()
    {
        var images = Listed("cat/p1_a.png", "cat/p1_b.png", "dog/p1_c.png", "dog/p2_d.png", "dog/other.png");
        string[] Groups(string pattern) => [.. images.GroupedBy(pattern).GetColumn<string>("Group")];
        Assert.Equal([At("cat/p1_a.png"), At("dog/other.png")], [images.GetColumn<string>("ImagePath").First(), Groups("^(p\\d)_")[2]]);
        Assert.Equal(["1", "1", "1", "2"], Groups("^p(\\d)_").Where(group => group.Length == 1));
        Assert.Equal(["p1", "p1", "p1", "p2"], Groups("p\\d").Where(group => group.Length == 2));
        Assert.Equal(["a", "b", "c", "d"], Groups("p(\\d)_(?<group>.)").Where(group => group.Length == 1));
        Assert.Equal(["cat/p1", "cat/p1", "dog/p1", "dog/p2"], Groups("^(.*/p\\d)").Where(group => group.Length == 6));
        Assert.Equal([At("dog/other.png")], images.GroupedBy("^(p\\d)_").Ungrouped);
        Assert.DoesNotContain(At($"cat/{Composed}.png"), Listed($"cat/{Composed}.png").GroupedBy(Decomposed).Ungrouped);
        Assert.Contains("no image has a name that fits 'x(y)'",
            Assert.Throws<InvalidDataException>(() => images.GroupedBy("x(y)")).Message);
        Assert.Contains("needs a regular expression", Assert.Throws<ArgumentException>(() => images.GroupedBy("(")).Message);
    }
}
