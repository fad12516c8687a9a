using MlPipelines.Cli;
using MlPipelines.Tests.Evaluation;

namespace MlPipelines.Tests.Cli;

/// <summary>mlpipe dataset stats, balance, split and mini. The files are no images, since none of them opens one.</summary>
public sealed class DatasetBalancingTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string Data(params (string Label, int Count)[] classes)
    {
        foreach (var (label, count) in classes)
            for (var number = 0; number < count; number++)
                folder.With($"data/{label}/{number}.jpg", $"{label} {number}");
        return folder.File("data");
    }

    string New => folder.File("new");

    static (int Exit, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (CommandLine.Run(["dataset", .. args], output, error, TestContext.Current.CancellationToken), output.ToString(),
            error.ToString());
    }

    Dictionary<string, int> Counts(string part = "") =>
        Directory.GetDirectories(Path.Combine(New, part))
        .ToDictionary(place => Path.GetFileName(place)!, place => Directory.GetFiles(place).Length);

    static string[] Lines(string text) => text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Stats_counts_with_bars_and_says_what_is_doubtful()
    {
        var (exit, output, error) = Run("stats", Data(("cat", 60), ("dog", 30), ("emu", 3)));
        Assert.Equal(0, exit);
        Assert.StartsWith($"{folder.File("data")}: 93 images of 3 classes, the largest 20 times the smallest", output,
            StringComparison.Ordinal);
        Assert.Equal(["cat  ██████████████████████████████  60   64.5%", "dog  ███████████████                 30   32.3%",
            "emu  █▌                               3    3.2%"], Lines(output)[1..].Select(line => line.TrimEnd()));
        Assert.Equal(3, Lines(error).Length);
        Assert.StartsWith("mlpipe: warning: fewer than 5 images: 'emu' (3).", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_of_a_split_folder_names_what_a_part_lacks()
    {
        foreach (var part in new[] { "train/a", "train/b", "test/a", "test/c" })
            for (var number = 0; number < 30; number++)
                folder.With($"data/{part}/{number}.jpg", "");
        var (exit, output, error) = Run("stats", folder.File("data"));
        Assert.Equal(0, exit);
        Assert.Equal(2, Lines(output).Count(line => line.Contains("images of 2 classes", StringComparison.Ordinal)));
        Assert.Equal(
            ["mlpipe: warning: test: no images of 'b': what is not there is neither learnt nor tested. Add images, or leave the class out.",
            "mlpipe: warning: test: 'c' (30): not among the 2 classes expected. Rename, merge or leave out."], Lines(error));
    }

    [Fact]
    public void Balance_merges_and_leaves_out_into_a_new_folder()
    {
        var data = Data(("a", 40), ("b", 4), ("c", 3), ("d", 12));
        var (exit, output, _) = Run("balance", data, "--output", New, "--at-most", "10", "--merge-below", "5", "--into", "rest");
        Assert.Equal(0, exit);
        Assert.StartsWith("59 images of 4 classes → 27 of 3", output, StringComparison.Ordinal);
        Assert.Equal(new() { ["a"] = 10, ["d"] = 10, ["rest"] = 7 }, Counts());
        Assert.Equal(["b 0", "b 1", "b 2", "b 3", "c 0", "c 1", "c 2"],
            Directory.GetFiles(Path.Combine(New, "rest")).Select(File.ReadAllText).Order());
        Assert.Equal(59, Directory.GetFiles(data, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Files_are_copied_to_repeat_images_only_when_asked()
    {
        var data = Data(("a", 6), ("b", 2));
        var (exit, _, error) = Run("balance", data, "--output", New, "--at-least", "6");
        Assert.Equal((1, false), (exit, Directory.Exists(New)));
        Assert.Contains("4 images would have to be copied, which is done only with --copy", error, StringComparison.Ordinal);
        Assert.Equal(0, Run("balance", data, "--output", New, "--equal-to", "largest", "--copy").Exit);
        Assert.Equal(new() { ["a"] = 6, ["b"] = 6 }, Counts());
    }

    [Fact]
    public void Classes_are_merged_by_name()
    {
        Assert.Equal(0, Run("balance", Data(("a", 6), ("b", 2), ("c", 3)), "--output", New, "--merge", "b=a", "--merge", "c=d").Exit);
        Assert.Equal(new() { ["a"] = 8, ["d"] = 3 }, Counts());
    }

    [Theory]
    [InlineData("balance DATA --output NEW", 2, "balance: got no rule, needs at least one of --at-most")]
    [InlineData("balance DATA --at-most 3", 2, "--output")]
    [InlineData("balance DATA --output NEW --at-most 3 --at-least 4", 2, "--at-least, --at-most: got 4 and 3")]
    [InlineData("balance DATA --output NEW --at-least 4 --equal-to largest", 2, "--equal-to: got it beside --at-least")]
    [InlineData("balance DATA --output NEW --at-most 0", 2, "--at-most: got '0'")]
    [InlineData("balance DATA --output NEW --equal-to huge", 2, "--equal-to: got 'huge', needs one of smallest, median, largest.")]
    [InlineData("balance DATA --output NEW --equal-to 1", 2, "--equal-to: got '1'")]
    [InlineData("balance DATA --output NEW --merge a", 2, "--merge: got 'a', needs FROM=TO")]
    [InlineData("balance DATA --output NEW --merge a=b --merge a=c", 2, "--merge: got 'a' 2 times")]
    [InlineData("balance DATA --output NEW --at-most 3 --into x", 2, "--into: names the class that --merge-below makes")]
    [InlineData("balance DATA --output NEW --merge z=b", 1, "Merge: 'z' is no class, the data has 'a', 'b'.")]
    [InlineData("balance DATA --output NEW --merge-below 50", 1, "all become 'others'")]
    [InlineData("balance DATA --output DATA/a/new --at-most 2", 1, "lies in the data folder")]
    [InlineData("balance NONE --output NEW --at-most 2", 1, "not found")]
    [InlineData("split DATA --output NEW --validation 0 --test 0", 2, "--validation, --test: together 0")]
    [InlineData("split DATA --output NEW --validation 0.5 --test 0.5", 2, "--validation, --test: together 1")]
    [InlineData("split DATA --output NEW --test 1", 2, "--test: got '1'")]
    [InlineData("split DATA --output DATA", 1, "lies in the data folder")]
    [InlineData("mini DATA --output NEW", 2, "--images")]
    [InlineData("mini DATA --output NEW --images 16", 1, "class 'b' has 6 images, 8 are needed")]
    [InlineData("mini DATA --output DATA/x --images 4", 1, "lies in the data folder")]
    [InlineData("mini DATA --output NEW --images 4 --sets 0", 2, "--sets: got '0'")]
    [InlineData("mini DATA --output NEW --images 4 --sets 0", 2, "Run 'mlpipe dataset mini --help'")]
    [InlineData("mini DATA --output NEW --images 99999999999", 2, "needs a whole number from 1 to 2147483647")]
    [InlineData("stats NONE", 1, "not found")]
    [InlineData("stats DATA --output DATA/a/0.jpg", 1, "lies in the data folder")]
    [InlineData("stats", 2, "FOLDER is missing")]
    public void What_is_wrong_is_said_and_nothing_is_written(string arguments, int code, string said)
    {
        Data(("a", 9), ("b", 6));
        var (exit, output, error) = Run([.. arguments.Split(' ')
            .Select(word =>
                word.Replace("DATA", folder.File("data"), StringComparison.Ordinal).Replace("NEW", New, StringComparison.Ordinal)
                .Replace("NONE", folder.File("none"), StringComparison.Ordinal))]);
        Assert.Equal((code, ""), (exit, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Equal(["data"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
        Assert.Equal(15, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Bars_are_not_written_where_a_file_is()
    {
        var (exit, _, error) = Run("stats", Data(("a", 60)), "--output", folder.With("mine.txt", "mine"));
        Assert.Equal(1, exit);
        Assert.Contains("cannot be written: ", error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.File("mine.txt")));
    }

    [Fact]
    public void One_class_is_said_in_the_singular() =>
    Assert.StartsWith("2 images of 1 class: ", Run("mini", Data(("a", 5)), "--images", "2", "--output", New).Output,
        StringComparison.Ordinal);

    [Fact]
    public void A_folder_that_holds_something_stays_as_it_is()
    {
        var data = Data(("a", 9), ("b", 6));
        folder.With("new/mine.txt", "mine");
        foreach (var command in new[] { "balance --at-most 2", "split", "mini --images 2", "mini --images 2 --sets 2" })
        {
            var (exit, _, error) = Run([.. command.Split(' '), data, "--output", New]);
            Assert.Equal(1, exit);
            Assert.Contains("holds something already", error, StringComparison.Ordinal);
        }
        Assert.Equal(["mine.txt"], Directory.GetFileSystemEntries(New).Select(Path.GetFileName));
    }

    [Fact]
    public void Split_shares_out_each_class_and_train_takes_the_parts()
    {
        var (exit, output, error) =
            Run("split", Data(("a", 40), ("b", 20), ("c", 1)), "--output", New, "--validation", "0.1", "--test", "0.2");
        Assert.Equal(0, exit);
        Assert.Equal(["train: 43 images", "validation: 6 images", "test: 12 images", $"written: {New}"], Lines(output));
        Assert.Equal(["mlpipe: warning: validation: no images of 'c'; the class is too small to share out. Add images.",
            "mlpipe: warning: test: no images of 'c'; the class is too small to share out. Add images."], Lines(error));
        Assert.Equal([new() { ["a"] = 28, ["b"] = 14, ["c"] = 1 }, new() { ["a"] = 4, ["b"] = 2 }, new() { ["a"] = 8, ["b"] = 4 }],
            new[] { "train", "validation", "test" }.Select(Counts));
        Assert.Equal(61, Directory.GetFiles(New, "*", SearchOption.AllDirectories).Select(File.ReadAllText).Distinct().Count());
        var parts = TrainingImages.Load(new MLContext(), new() { Folder = New });
        Assert.Equal(["train", "validation", "test"],
            new[] { parts.Learnt, parts.Watched!, parts.Tested! }.Select(part => Path.GetFileName(part.Path)));
    }

    [Fact]
    public void Split_into_two_leaves_the_third_part_out()
    {
        Assert.Equal(0, Run("split", Data(("a", 10), ("b", 10)), "--output", New, "--validation", "0", "--test", "0.5").Exit);
        Assert.Equal(["test", "train"], Directory.GetDirectories(New).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Mini_sets_are_equal_disjoint_and_repeatable()
    {
        var data = Data(("a", 30), ("b", 12));
        var (exit, output, _) = Run("mini", data, "--images", "8", "--sets", "3", "--output", New);
        Assert.Equal(0, exit);
        Assert.Equal(3, Lines(output).Length);
        foreach (var set in new[] { "01", "02", "03" })
            Assert.Equal(new() { ["a"] = 4, ["b"] = 4 }, Counts(set));
        var texts = Directory.GetFiles(New, "*", SearchOption.AllDirectories).Select(File.ReadAllText).Order().ToArray();
        Assert.Equal(24, texts.Distinct().Count());
        Assert.Equal(0, Run("mini", data, "--images", "8", "--sets", "3", "--output", folder.File("again")).Exit);
        Assert.Equal(texts, Directory.GetFiles(folder.File("again"), "*", SearchOption.AllDirectories).Select(File.ReadAllText).Order());
    }

    [Fact]
    public void One_mini_set_is_the_new_folder_itself()
    {
        var data = Data(("a b", 5), ("猫 é", 3));
        Assert.Equal(0, Run("mini", data, "--images", "8", "--allow-fewer", "--output", New).Exit);
        Assert.Equal(new() { ["a b"] = 4, ["猫 é"] = 3 }, Counts());
    }
}
