
namespace MlPipelines.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Class_is_the_first_level_folder_and_order_is_ordinal()
    {
        foreach (var file in (string[])["b/2.JPG", "b/10.jpeg", "a/deep/er/x.Png", "a/y.webp", "Z/k.AVIF"])
            folder.Write(file);
        var images = ImageFolder.List(folder.Path);
        Assert.Equal(["Z/k.AVIF", "a/deep/er/x.Png", "a/y.webp", "b/10.jpeg", "b/2.JPG"],
            images.GetColumn<string>("ImagePath").Select(path => Path.GetRelativePath(folder.Path, path).Replace('\\', '/')));
        Assert.Equal(["Z", "a", "a", "b", "b"], images.GetColumn<string>("Label"));
        Assert.Equal(["Z", "a", "b"], images.Classes);
        Assert.Equal(2, images.Counts["b"]);
        Assert.Empty(images.Ignored);
    }

    [Fact]
    public void What_is_left_out_is_named_with_its_reason_but_hidden_files_are_not()
    {
        foreach (var file in (string[])["a/1.jpg", "a/notes.txt", "a/README", "a/.hidden.jpg", ".git/x.jpg", "beside.jpg"])
            folder.Write(file);
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));
        var images = ImageFolder.List(folder.Path);
        Assert.Equal(1, images.RowCount);
        Assert.Equal([("README", "has no extension"), ("notes.txt", "'.txt' is no image format read here"),
            ("beside.jpg", "lies beside the class folders"), ("empty", "class folder without images")],
            images.Ignored.Select(file => (Path.GetFileName(file.Path), file.Reason)));
        Assert.Equal(["a"], images.Classes);
        Assert.Equal([".git", ".hidden.jpg"], images.Hidden.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_was_being_written_is_no_data()
    {
        var part = Path.GetDirectoryName(Path.GetDirectoryName(folder.Write($".{Guid.NewGuid():N}.part/a/1.jpg")))!;
        Assert.StartsWith($"{part}: is being written", Assert.Throws<InvalidDataException>(() => ImageFolder.List(part)).Message);
    }

    [Fact]
    public void A_name_that_is_no_UTF_8_is_told_of()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere names are text.");
        folder.Write("a/1.jpg");
        Shell($"touch \"$(printf '{folder.Path}/a/caf\\351.jpg')\"");
        var images = ImageFolder.List(folder.Path);
        Shell($"rm '{folder.Path}/a/'caf*");
        Assert.Equal(1, images.RowCount);
        Assert.Contains("no valid UTF-8", Assert.Single(images.Ignored).Reason, StringComparison.Ordinal);
    }

    static void Shell(string command)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", command]);
        shell.WaitForExit();
    }

    [Theory]
    [InlineData("a, \"quoted\" class")]
    [InlineData("<script>")]
    [InlineData("naïve 日本語 🐈")]
    [InlineData("=cmd()")]
    public void Odd_class_names_stay_as_they_are(string name)
    {
        folder.Write($"{name}/1.png");
        Assert.Equal([name], ImageFolder.List(folder.Path).GetColumn<string>("Label"));
    }

    [Fact]
    public void A_missing_folder_says_so()
    {
        var path = Path.Combine(folder.Path, "nowhere");
        Assert.Equal($"{path}: not found, a folder with one sub-folder a class is needed. Check the path.",
            Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.List(path)).Message);
        var file = folder.Write("file.jpg");
        Assert.StartsWith($"{file}: is a file", Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.List(file)).Message);
    }

    [Fact]
    public void A_folder_without_classes_says_what_it_found_and_what_to_do()
    {
        Assert.Equal($"{folder.Path}: has no sub-folder, needs one for each class. Move the images of each class into a folder with the "
            + "class's name.",
            Assert.Throws<InvalidDataException>(() => ImageFolder.List(folder.Path)).Message);
        folder.Write("cat.jpg");
        Assert.Contains("(found 1 other entries, such as cat.jpg)",
            Assert.Throws<InvalidDataException>(() => ImageFolder.List(folder.Path)).Message);
    }

    [Fact]
    public void A_folder_of_text_files_says_which_formats_are_read()
    {
        folder.Write("a/1.txt");
        var message = Assert.Throws<InvalidDataException>(() => ImageFolder.List(folder.Path)).Message;
        Assert.StartsWith($"{folder.Path}: its 1 sub-folders hold no image (found 2 other entries, such as 1.txt, a)", message);
        Assert.Contains("needs files of JPEG, PNG,", message);
    }

    [Fact]
    public void A_link_to_a_folder_above_is_not_followed()
    {
        folder.Write("a/1.jpg");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "a", "loop"), folder.Path);
        var images = ImageFolder.List(folder.Path);
        Assert.Equal(1, images.RowCount);
        Assert.Equal("links to a folder that it lies in", Assert.Single(images.Ignored).Reason);
    }

    [Fact]
    public void Links_that_lead_round_outside_the_data_are_followed_once()
    {
        folder.Write("data/a/1.jpg");
        folder.Write("other/2.jpg");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "data", "a", "linked"), Path.Combine(folder.Path, "other"));
        foreach (var loop in (string[])["self", "again"])
            Directory.CreateSymbolicLink(Path.Combine(folder.Path, "other", loop), Path.Combine(folder.Path, "other"));
        var images = ImageFolder.List(Path.Combine(folder.Path, "data"));
        Assert.Equal(["1.jpg", "2.jpg"], images.GetColumn<string>("ImagePath").Select(Path.GetFileName));
        Assert.Equal(["again", "self"], images.Ignored.Select(file => Path.GetFileName(file.Path)));
    }

    [Fact]
    public void A_folder_that_cannot_be_named_is_left_out_and_told_of_and_refused_where_it_is_a_class()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Names are any bytes there alone.");
        folder.Write("a/1.jpg");
        Shell("mkdir \"$(printf 'a/bad\\377')\"");
        Assert.StartsWith("its name is no valid UTF-8", Assert.Single(ImageFolder.List(folder.Path).Ignored).Reason,
            StringComparison.Ordinal);
        Shell("mv a/bad* .");
        Assert.Equal($"{Path.Combine(folder.Path, "bad\uFFFD")}: its name is no valid UTF-8, so it cannot be opened. Rename it.",
            Assert.Throws<InvalidDataException>(() => ImageFolder.ListDivided(folder.Path)).Message);
        Shell("rmdir bad*");

        void Shell(string command)
        {
            using var shell = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = folder.Path })!;
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }
    }

    [Fact]
    public void The_catalog_names_in_the_log_what_it_left_out()
    {
        folder.Write("a/1.jpg");
        folder.Write("a/x.doc");
        var ml = new MLContext(1);
        var log = ml.Warnings();
        Assert.Single(ml.Data.LoadFromImageFolder(folder.Path).Classes);
        Assert.Equal($"{Path.Combine(folder.Path, "a", "x.doc")}: skipped, '.doc' is no image format read here.", Assert.Single(log));
    }
}
