
namespace MlPipelines.Tests.Data.Sources;

public sealed class FlatFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_label_is_taken_from_the_name_and_what_does_not_fit_is_listed()
    {
        foreach (var name in new[]
        {
            "cat_2.jpg",
            "big dog_10.PNG",
            "cat_1.jpg",
            "cat.jpg",
            "_1.jpg",
            "notes_1.txt",
            "inner/cat_3.jpg",
            ".cat_4.jpg",
        })
            folder.Write(name, 1);
        var view = data.LoadFromFlatFolder(folder.Path, "^(?<label>[^_]+)_");
        Assert.Equal(["big dog_10.PNG", "cat_1.jpg", "cat_2.jpg"],
            view.GetColumn<string>("ImagePath").Select(path => Path.GetFileName(path)));
        Assert.Equal(["big dog", "cat", "cat"], view.GetColumn<string>("Label"));
        Assert.Equal(["_1.jpg", "cat.jpg", "inner", "notes_1.txt"], view.Ignored.Select(file => Path.GetFileName(file.Path)));
        Assert.Contains("has a name that gives no label by '^(?<label>[^_]+)_'", view.Ignored[1].Reason);
    }

    [Fact]
    public void A_pattern_that_takes_for_ever_is_given_up()
    {
        folder.Write(new string('a', 60) + "!.jpg", 1);
        folder.Write("b_1.jpg", 1);
        var view = data.LoadFromFlatFolder(folder.Path, "^(?<label>[a-z]([-.\\w]*[a-z])*)$");
        Assert.Equal(["b_1.jpg"], view.Classes);
        Assert.Contains("takes more than 1 s for", view.Ignored.Single().Reason);
    }

    [Fact]
    public void A_pattern_without_a_label_and_a_folder_without_a_fit_are_named()
    {
        Assert.Contains("needs a group named label",
            Assert.Throws<ArgumentException>(() => data.LoadFromFlatFolder(folder.Path, "^[a-z]+")).Message);
        Assert.Contains("needs a regular expression",
            Assert.Throws<ArgumentException>(() => data.LoadFromFlatFolder(folder.Path, "(")).Message);
        Assert.Contains("there is none",
            Assert.Throws<InvalidDataException>(() => data.LoadFromFlatFolder(folder.Path, "(?<label>x)")).Message);
        Assert.Contains("not found",
            Assert.Throws<DirectoryNotFoundException>(() =>
                data.LoadFromFlatFolder(Path.Combine(folder.Path, "no"), "(?<label>x)")).Message);
    }
}
