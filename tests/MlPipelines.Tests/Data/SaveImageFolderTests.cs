using MlPipelines.Imaging;

namespace MlPipelines.Tests.Data;

public sealed class SaveImageFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<string> warnings;
    readonly DataOperationsCatalog data;

    public SaveImageFolderTests()
    {
        var ml = new MLContext(seed: 1);
        (warnings, data) = (ml.Warnings(), ml.Data);
    }

    public void Dispose() => folder.Dispose();

    sealed class Labelled
    {
        public string ImagePath { get; init; } = "";
        public string Label { get; init; } = "";
    }

    string Out => Path.Combine(folder.Path, "out");

    string[] Written() =>
        [.. Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Out, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    IDataView Rows(params (string Path, string Label)[] rows) =>
        data.LoadFromEnumerable(rows.Select(row => new Labelled { ImagePath = row.Path, Label = row.Label }));

    [Fact]
    public void Files_are_copied_as_they_are_and_loaded_again()
    {
        folder.Write("in/cat/x.jpg", 1, 2, 3);
        folder.Write("in/cat/deep/y.png", 4);
        folder.Write("in/dog/x.jpg", 5, 6);
        var saved = data.SaveImageFolder(data.LoadFromImageFolder(Path.Combine(folder.Path, "in")), Out);

        Assert.Equal((Out, 3L), (saved.Path, saved.Count));
        Assert.Equal(["cat/x.jpg", "cat/y.png", "dog/x.jpg"], Written());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(Out, "cat/x.jpg")));
        Assert.Equal([5, 6], File.ReadAllBytes(Path.Combine(Out, "dog/x.jpg")));
        Assert.Equal(["cat", "cat", "dog"], data.LoadFromImageFolder(Out).GetColumn<string>("Label"));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Files_of_the_same_name_and_copies_get_numbers()
    {
        var (one, other, third) = (folder.Write("in/1/a.jpg", 1), folder.Write("in/2/A.JPG", 2), folder.Write("in/3/a_2.jpg", 3));
        data.SaveImageFolder(Rows((one, "c"), (other, "c"), (third, "c"), (one, "c")), Out);
        Assert.Equal(["c/A_2.JPG", "c/a.jpg", "c/a_2_2.jpg", "c/a_3.jpg"], Written());
    }

    [Fact]
    public void Pictures_without_a_file_become_png_files_with_the_same_pixels()
    {
        var pictures = Enumerable.Range(0, 3).Select(number => Image.FromPixels(2, 1, 3, [(byte)number, 1, 2, 3, 4, 255])).ToArray();
        var rows = MadeUp.Pictures(pictures, ["ship", "ship", "ship"]);
        data.SaveImageFolder(rows, Out);
        Assert.Equal(["ship/000000.png", "ship/000001.png", "ship/000002.png"], Written());
        Assert.All(pictures.Index(),
            one => Assert.Equal(one.Item.Pixels.ToArray(),
                Image.FromFile(Path.Combine(Out, $"ship/00000{one.Index}.png")).Pixels.ToArray()));
    }

    [Fact]
    public void Hostile_names_stay_in_the_folder_and_are_told_apart()
    {
        var file = folder.Write("in/evil.jpg", 1);
        var saved = data.SaveImageFolder(
            Rows((file, "../../up"), (file, "a/b"), (file, "a:b"), (file, "CON"), (file, ".hidden"), (file, "A:B")), Out);
        Assert.Equal(6, Directory.GetFileSystemEntries(Out).Length);
        Assert.Equal(6, saved.Classes.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
        Assert.Equal(6, data.LoadFromImageFolder(Out).Classes.Length);
        Assert.Contains("class 'a/b' is in the folder 'a_b'.", warnings);
    }

    [Fact]
    public void What_cannot_be_read_is_left_out_and_named()
    {
        var file = folder.Write("in/a.jpg", 1);
        var missing = Path.Combine(folder.Path, "in", "gone.jpg");
        var saved = data.SaveImageFolder(Rows((file, "c"), (missing, "c"), (file, "")), Out);
        Assert.Equal(1, saved.Count);
        Assert.Equal([missing, file], saved.Skipped.Select(row => row.Path));
        Assert.Equal(2, warnings.Count);
        Assert.Equal(["c/a.jpg"], Written());
    }

    [Fact]
    public void Nothing_is_written_into_a_folder_that_holds_something_or_among_the_data()
    {
        var file = folder.Write("in/cat/a.jpg", 1);
        folder.Write("out/mine.txt", 1);
        Assert.Contains("holds something already", Assert.Throws<IOException>(() => data.SaveImageFolder(Rows((file, "cat")), Out)).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<IOException>(() => data.SaveImageFolder(Rows((file, "cat")), file)).Message,
            StringComparison.Ordinal);
        foreach (var inside in new[] { "in/mini", "in/cat/mini", "in/../in/mini/deep" })
            Assert.Contains("lies in the data folder",
                Assert.Throws<ArgumentException>(() =>
                    data.SaveImageFolder(Rows((file, "cat")), Path.Combine(folder.Path, inside))).Message, StringComparison.Ordinal);
        Assert.Equal(["in", "out"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(["mine.txt"], Written());
        Assert.Single(Directory.GetFileSystemEntries(Path.Combine(folder.Path, "in")));
    }

    [Fact]
    public void What_has_no_end_is_not_copied()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /dev/zero.");
        var saved = data.SaveImageFolder(Rows([(folder.Write("in/0.jpg", 1), "a"), ("/dev/zero", "a")]), Out);
        Assert.Equal((1L, "/dev/zero: cannot be copied: holds nothing (0 bytes)"), (saved.Count, Assert.Single(saved.Skipped).ToString()));
    }

    [Fact]
    public void Classes_whose_names_are_one_folders_name_have_the_same_folders_in_all_parts()
    {
        var rows = Rows([.. Enumerable.Range(0, 4).Select(number =>
            (folder.Write($"in/{number}.jpg", (byte)number), number is 0 or 3 ? "a/b" : "a_b"))]);
        data.SaveImageFolders([new("train", data.TakeRows(rows, 2)), new("test", data.SkipRows(rows, 2))], Out);
        // The order in which a part has them does not matter: 2 is of the class of 1.
        Assert.Equal(["test/a_b/3.jpg", "test/a_b_2/2.jpg", "train/a_b/0.jpg", "train/a_b_2/1.jpg"], Written());
    }

    [Fact]
    public void Parts_become_folders_of_one_new_folder()
    {
        var rows = Rows(
            [.. Enumerable.Range(0, 10).Select(number => (folder.Write($"in/{number % 2}/{number}.jpg", (byte)number), $"{number % 2}"))]);
        var told = new List<long>();
        var saved = data.SaveImageFolders([new("train", data.TakeRows(rows, 7)), new("none", data.SkipRows(rows, 10)),
            new("test", data.SkipRows(rows, 7))], Out, progress: new Told(told.Add));
        Assert.Equal([7L, 3L], saved.Select(part => part.Count));
        Assert.Equal(["test/0/8.jpg", "test/1/7.jpg", "test/1/9.jpg"], Written()[..3]);
        Assert.Equal(Enumerable.Range(1, 10).Select(count => (long)count), told);
        Assert.Throws<IOException>(() => data.SaveImageFolders([new("more", rows)], Out));
        Assert.StartsWith("parts: '../up' is no name",
            Assert.Throws<ArgumentException>(() => data.SaveImageFolders([new("../up", rows)], Out + "2")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_is_left_of_a_folder_whose_writing_was_ended(bool there)
    {
        if (there)
            Directory.CreateDirectory(Out);
        var rows = Rows([.. Enumerable.Range(0, 20).Select(number => (folder.Write($"in/c/{number}.jpg", (byte)number), "c"))]);
        foreach (var write in new Action<IProgress<long>, CancellationToken>[]
        {
            (progress, token) => data.SaveImageFolder(rows, Out, progress: progress, cancellation: token),
            (progress, token) =>
                data.SaveImageFolders([new("train", data.TakeRows(rows, 3)), new("test", data.SkipRows(rows, 3))], Out, progress: progress,
                    cancellation: token),
        })
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => write(new Told(count =>
            {
                Assert.DoesNotContain(Written(), file => !file.StartsWith('.'));
                if (count == 5)
                    stop.Cancel();
            }), stop.Token));
            Assert.Equal(there, Directory.Exists(Out));
            Assert.Empty(there ? Directory.GetFileSystemEntries(Out) : []);
        }
        Assert.Equal(20, data.SaveImageFolder(rows, Out).Count);
        Assert.Equal(20, Written().Length);
    }

    [Fact]
    public void A_class_in_another_folder_is_said_once_for_all_parts()
    {
        var rows = Rows((folder.Write("in/a.jpg", 1), "a:b"), (folder.Write("in/b.jpg", 2), "a:b"));
        data.SaveImageFolders([new("train", data.TakeRows(rows, 1)), new("test", data.SkipRows(rows, 1))], Out);
        Assert.Equal("class 'a:b' is in the folder 'a_b'.", Assert.Single(warnings));
    }

    [Fact]
    public void Rows_without_files_and_pictures_are_refused() =>
    Assert.StartsWith("Column 'ImagePath': not found, and there is no column of images",
        Assert.Throws<ArgumentException>(() => data.SaveImageFolder(Balancing.Labelled.Rows(("a", 1)), Out)).Message,
        StringComparison.Ordinal);

    sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
