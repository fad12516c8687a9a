using System.Text.Json.Nodes;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Evaluation;

public sealed class SortMistakesTests
{
    const string List = "mistakes.json";
    static readonly MulticlassClassificationCatalog Catalog = new MLContext(seed: 1).MulticlassClassification;

    [Fact]
    public void Wrong_images_are_copied_by_name_and_the_data_comes_back_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var view = Scored.Files((folder.With("cat/1.jpg", "one"), "cat", "dog"), (folder.With("dog/2.jpg", "two"), "dog", "dog"));
        var sorted = Sort(view, folder.File("miss"));

        Assert.Equal(["cat_to_dog_1.jpg", List], Names(folder));
        Assert.Equal("one", File.ReadAllText(folder.File("miss/cat_to_dog_1.jpg")));
        Assert.Equal("one", File.ReadAllText(folder.File("cat/1.jpg")));
        Assert.Equal(new Mistake(0, folder.File("cat/1.jpg"), "cat", "dog", 0.75f, "cat_to_dog_1.jpg"), sorted.Mistakes.Single());
        Assert.Equal((view.Schema, view.GetRowCount()), (sorted.Schema, sorted.GetRowCount()));
        Assert.Equal(["cat", "dog"], sorted.GetColumn<string>("Label"));
    }

    [Fact]
    public void Sorted_data_is_not_scored_again()
    {
        using var folder = new TemporaryFolder();
        var reads = 0;
        var view = Scored.Rows(1, Scored.Classes, _ => "cat", _ => "cat", _ => Interlocked.Increment(ref reads) > 0 ? [1, 0] : [],
            _ => "cat");
        var sorted = Sort(view, folder.File("miss"));

        Assert.Equal(1, Catalog.Report(sorted, cancellation: TestContext.Current.CancellationToken).MicroAccuracy);
        Assert.Equal(1, reads);
    }

    [Fact]
    public void Names_that_collide_are_kept_apart()
    {
        using var folder = new TemporaryFolder();
        folder.With("miss/cat_to_dog_1_2.jpg", "the user's");
        Sort(Scored.Files((folder.With("a/1.jpg", "a"), "cat", "dog"), (folder.With("b/1.jpg", "b"), "cat", "dog"),
            (folder.With("c/1.JPG", "c"), "cat", "dog")), folder.File("miss"));

        Assert.Equal(["cat_to_dog_1.jpg", "cat_to_dog_1_2.jpg", "cat_to_dog_1_3.jpg", "cat_to_dog_1_4.JPG", List], Names(folder));
        Assert.Equal("the user's", File.ReadAllText(folder.File("miss/cat_to_dog_1_2.jpg")));
    }

    [Fact]
    public void Running_again_replaces_the_mistakes_and_leaves_everything_else()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (folder.With("1.jpg", "one"), folder.With("2.jpg", "two"));
        folder.With("miss/notes.txt", "mine");
        folder.With("miss/cat_to_dog_9.jpg", "mine as well");
        Sort(Scored.Files((one, "cat", "dog"), (two, "dog", "cat")), folder.File("miss"));
        folder.With("miss/dog_to_cat_2.jpg", "changed by the user");
        Sort(Scored.Files((one, "dog", "cat")), folder.File("miss"));

        Assert.Equal(["cat_to_dog_9.jpg", "dog_to_cat_1.jpg", "dog_to_cat_2.jpg", List, "notes.txt"], Names(folder));
        Sort(Scored.Files((one, "dog", "dog")), folder.File("miss"));
        Assert.Equal(["cat_to_dog_9.jpg", "dog_to_cat_2.jpg", List, "notes.txt"], Names(folder));
    }

    [Fact]
    public void A_list_that_was_tampered_with_deletes_nothing_outside()
    {
        using var folder = new TemporaryFolder();
        var precious = folder.With("precious.txt", "keep");
        folder.With($"miss/{List}", $$"""{"mistakes":[{"file":"../precious.txt"},{"file":"{{precious}}"},{"file":".."}]}""");
        Sort(Scored.Files((folder.With("1.jpg", "one"), "cat", "dog")), folder.File("miss"));

        Assert.True(File.Exists(precious));
        folder.With($"miss/{List}", "not JSON");
        Assert.Contains("is not the list of mistakes",
            Assert.Throws<InvalidDataException>(() => Sort(Scored.Files(), folder.File("miss"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_and_file_names_stay_in_the_folder()
    {
        using var folder = new TemporaryFolder();
        var path = folder.With("a b?*.jpg", "x");
        var row = Scored.Rows(1, ["../../up", "con"], _ => "../../up", _ => "con", _ => [0, 1], _ => path);
        var file = Sort(row, folder.File("miss")).Mistakes.Single().File!;

        Assert.Equal("__.._up_to__con_a b__.jpg", file);
        Assert.True(File.Exists(folder.File($"miss/{file}")));
    }

    [Fact]
    public void Images_in_the_folder_itself_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        var path = folder.With("data/cat/1.jpg", "one");
        var error = Assert.Throws<ArgumentException>(() => Sort(Scored.Files((path, "cat", "dog")), folder.File("data")));

        Assert.Contains("holds the evaluated image", error.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(folder.File("data"), "*", SearchOption.AllDirectories));
        Directory.CreateSymbolicLink(folder.File("link"), folder.File("data"));
        Assert.Throws<ArgumentException>(() => Sort(Scored.Files((path, "cat", "dog")), folder.File("link")));
    }

    [Fact]
    public void What_cannot_be_read_or_copied_is_listed_with_its_reason()
    {
        using var folder = new TemporaryFolder();
        var sorted = Sort(Scored.Files(("broken.jpg", "cat", "dog"), (folder.File("gone.jpg"), "cat", "dog")), folder.File("miss"));
        var list = JsonNode.Parse(File.ReadAllText(folder.File($"miss/{List}")))!;

        Assert.Equal(["broken.jpg", folder.File("gone.jpg")], sorted.Skipped.Select(row => row.Path));
        Assert.Null(sorted.Mistakes.Single().File);
        Assert.Equal(2, list["skipped"]!.AsArray().Count);
        Assert.Equal([List], Names(folder));
    }

    [Fact, Trait("Category", "Runtime")]
    public void Images_without_a_file_are_written_by_their_row()
    {
        using var folder = new TemporaryFolder();
        Sort(Scored.Pictures((1, 1), (2, 1)), folder.File("miss"));

        Assert.Equal(["dog_to_cat_1.png", List], Names(folder));
        Assert.Equal([1, 255, 0, 1, 2, 3, 4, 5], Image.FromFile(folder.File("miss/dog_to_cat_1.png")).ToGrayscale().Pixels.ToArray());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_clear_error()
    {
        using var folder = new TemporaryFolder();
        var file = folder.With("file", "");
        var error = Assert.Throws<IOException>(() => Sort(Scored.Files(), Path.Combine(file, "miss")));
        Assert.StartsWith($"{file}/miss: cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    static SortedMistakes Sort(IDataView scored, string folder) =>
        Catalog.SortMistakes(scored, folder, cancellation: TestContext.Current.CancellationToken);

    static string[] Names(TemporaryFolder folder) =>
        [.. Directory.GetFileSystemEntries(folder.File("miss")).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];
}
