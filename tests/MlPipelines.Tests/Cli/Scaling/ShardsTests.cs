using MlPipelines.Cli;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Networks;
using MlPipelines.Tests.Data.Sources;
using MlPipelines.Tests.Evaluation;
using MlPipelines.Tests.Transforms;

namespace MlPipelines.Tests.Cli.Scaling;

/// <summary>Shards scored one by one and merged: the same files as one process writes.</summary>
[Trait("Category", "Runtime")]
public sealed class ShardsTests : IDisposable
{
    const int Pictures = 60;

    readonly TemporaryFolder folder = new();
    readonly string model, network, photos;

    public ShardsTests()
    {
        var (ml, paths) = (new MLContext(1), Scored.Files());
        var steps = ml.Transforms.LoadImages("Image", "ImagePath", 2, 2).Fit(paths)
            .Append(new ImageClassifier(MeanColourNetwork.Onnx(), ["red", "green", "blue"], "Image"));
        model = folder.File("model.onnx");
        ml.Model.SaveAsOnnx(steps, model, paths.Schema);
        network = folder.File("network.onnx");
        OnnxFile.Save(new Sequential(new Input(2, 2, 3), new GlobalAveragePooling2D(), new Dense(3)).Build().Initialize(3), network);
        photos = folder.File("photos");
        string[] names = ["red", "green", "blue"];
        for (var number = 0; number < Pictures; number++)
        {
            // Some are of another colour than their class, so that there are mistakes.
            var colour = (byte[])[20, 20, 20];
            colour[number % 7 == 0 ? (number + 1) % 3 : number % 3] = (byte)(120 + number);
            Picture($"photos/{names[number % 3]}/{number}.png", colour);
        }
        folder.With("photos/red/broken.png", "no picture");
        folder.With("photos/blue/broken too.png", "no picture");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, "out.csv")]
    [InlineData(3, "out.csv", "--top", "2")]
    [InlineData(7, "out.json", "--top", "3")]
    [InlineData(3, "out.csv", "--reject-below", "0.5")]
    [InlineData(3, "out.txt")]
    [InlineData(3, "out.csv", "--tta", "mirror")]
    [InlineData(97, "out.csv")]
    public void Predictions_are_those_of_one_process(int shards, string name, params string[] options)
    {
        string[] words = ["predict", model, photos, folder.File("photos/red/broken.png"), folder.File("nothing/*.png"), .. options];
        var (exit, _, error) = Run([.. words, "--output", folder.File($"one/{MakeFolder("one")}{name}")]);
        Assert.Equal(1, exit);
        Score(shards, words);
        var merged = Run("merge", folder.File("parts"), "--output", folder.File($"merged/{MakeFolder("merged")}{name}"));
        Assert.Equal((1, Sorted(error)), (merged.Exit, Sorted(merged.Error)));
        AssertSame("one", "merged");
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(7, false, "--top", "2", "--reject-below", "0.4")]
    [InlineData(3, true, "--by", @"(.)\.png")]
    public void Evaluations_are_those_of_one_process(int shards, bool withMiss, params string[] options)
    {
        string[] words = ["evaluate", model, photos, .. options];
        var one = Run([.. words, "--output", folder.File("one"), .. Miss("one/wrong")]);
        Assert.Equal(0, one.Exit);
        Score(shards, words);
        var merged = Run(["merge", folder.File("parts"), "--output", folder.File("merged"), .. Miss("merged/wrong")]);
        Assert.Equal(one.Output.Replace(folder.File("one"), folder.File("merged"), StringComparison.Ordinal), merged.Output);
        Assert.Equal(0, merged.Exit);
        AssertSame("one", "merged");
        Assert.NotEmpty(Directory.GetFiles(folder.File("merged/miss"), "*.png"));

        string[] Miss(string name) => withMiss ? ["--miss", folder.File(name)] : [];
    }

    [Theory]
    [InlineData("out.csv")]
    [InlineData("out.npy")]
    public void Features_are_those_of_one_process(string name)
    {
        string[] words = ["features", network, photos, "--preprocessing", "none"];
        Assert.Equal(1, Run([.. words, "--output", folder.File($"one/{MakeFolder("one")}{name}")]).Exit);
        Score(3, words);
        Assert.Equal(1, Run("merge", folder.File("parts"), "--output", folder.File($"merged/{MakeFolder("merged")}{name}")).Exit);
        AssertSame("one", "merged");
    }

    [Fact]
    public void Features_are_the_means_that_the_classifier_starts_from()
    {
        var (exit, output, _) = Run("features", network, folder.File("photos/green/1.png"), "--preprocessing", "none");
        string[] lines = output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, "path,f0,f1,f2"), (exit, lines[0]));
        Assert.Equal($"{folder.File("photos/green/1.png")},20,121,20", lines[1]);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void A_block_of_features_is_as_NumPy_reads_it()
    {
        Run("features", network, folder.File("photos/green"), "--preprocessing", "none", "--output", folder.File("f.npy"));
        var bytes = File.ReadAllBytes(folder.File("f.npy"));
        var head = System.Text.Encoding.ASCII.GetString(bytes, 10, 118);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0], bytes[..10]);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (20, 3), }", head.TrimEnd());
        Assert.EndsWith("\n", head, StringComparison.Ordinal);
        Assert.Equal(128 + 20 * 3 * sizeof(float), bytes.Length);
        Assert.Equal(21, File.ReadAllLines(folder.File("f.paths.csv")).Length);
    }

    [Theory]
    [InlineData("photos.zip")]
    [InlineData("list.csv")]
    public void Archives_and_tables_are_divided_too(string name)
    {
        string[] files = [.. Directory.GetFiles(photos, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        if (name.EndsWith(".zip", StringComparison.Ordinal))
            File.WriteAllBytes(folder.File(name),
                Packing.Zip([.. files.Select(file => (Path.GetRelativePath(photos, file), File.ReadAllBytes(file)))]));
        else
            folder.With(name, "path,label\n" + string.Concat(files.Select(file =>
                $"{Path.GetRelativePath(folder.Path, file)},{Path.GetFileName(Path.GetDirectoryName(file))}\n")));
        string[] words = ["evaluate", model, folder.File(name)];
        Run([.. words, "--output", folder.File("one")]);
        Score(3, words);
        Assert.Equal(0, Run("merge", folder.File("parts"), "--output", folder.File("merged")).Exit);
        AssertSame("one", "merged");
    }

    [Fact]
    public void The_division_depends_on_names_alone()
    {
        string[] some = ["a/1.png", "a/2.png", "b/1.png", "ä/3.png", "x y/z.png"];
        int Of(string id) => Enumerable.Range(1, 4).Single(number => new Shard(number, 4).Holds(id));
        Assert.Equal([3, 4, 2, 1, 1], some.Select(Of));
        Assert.Equal("a/1.png", Id("/data/photos/a/1.png", "/data/photos"));
        Assert.Equal("a/1.png", Id("photos/a/1.png", "photos/"));
        Assert.Equal("a/1.png", Id("photos.zip/a/1.png", "photos.zip"));
        Assert.Equal("photos/a/1.png", Id("./photos/a/1.png", "list.csv"));
        Assert.Equal("photos/a/1.png", Id("/data/photos/a/1.png", "/data/list.csv"));
        Assert.Equal("elsewhere/1.png", Id("elsewhere/1.png", ""));

        static string Id(string path, string source) => Shard.IdOf(path, source);
    }

    [Fact]
    public void A_shard_reads_its_own_pictures_alone()
    {
        Assert.Equal(0, Run("predict", model, photos, "--shard", "2/3", "--output", folder.File("whole")).Exit);
        foreach (var file in Directory.GetFiles(photos, "*.png", SearchOption.AllDirectories)
            .Where(file => !new Shard(2, 3).Holds(Shard.IdOf(file, photos))))
            File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
        Assert.Equal(0, Run("predict", model, photos, "--shard", "2/3", "--output", folder.File("others")).Exit);
        Assert.Equal(File.ReadAllBytes(folder.File("whole/shard-2-of-3.part")), File.ReadAllBytes(folder.File("others/shard-2-of-3.part")));
    }

    [Fact]
    public void A_part_that_is_there_and_whole_is_left()
    {
        Score(3, "predict", model, photos);
        var written = File.GetLastWriteTimeUtc(folder.File("parts/shard-1-of-3.part"));
        var (exit, output, _) = Run("predict", model, photos, "--shard", "1/3", "--output", folder.File("parts"));
        Assert.Equal(0, exit);
        Assert.Matches(@"^\S+shard-1-of-3\.part: is there and whole \(\d+ images\), so that nothing is done\s*$", output);
        Assert.Equal(written, File.GetLastWriteTimeUtc(folder.File("parts/shard-1-of-3.part")));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(-45)]
    public void A_damaged_part_is_computed_anew(int at)
    {
        Score(3, "predict", model, photos);
        var path = folder.File("parts/shard-1-of-3.part");
        var whole = File.ReadAllBytes(path);
        var damaged = whole.ToArray();
        damaged[at < 0 ? damaged.Length + at : at] ^= 1;
        File.WriteAllBytes(path, damaged);
        Assert.Contains("shard-1-of-3.part: is no whole part", Run("merge", folder.File("parts")).Error, StringComparison.Ordinal);
        var (exit, _, error) = Run("predict", model, photos, "--shard", "1/3", "--output", folder.File("parts"));
        Assert.Equal(0, exit);
        Assert.Contains("warning: ", error, StringComparison.Ordinal);
        Assert.Contains("It is computed anew.", error, StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void Half_a_part_is_damaged()
    {
        Score(3, "predict", model, photos);
        var path = folder.File("parts/shard-1-of-3.part");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        Assert.Contains("is no whole part", Run("merge", folder.File("parts")).Error, StringComparison.Ordinal);
        File.WriteAllBytes(path, []);
        Assert.Contains("is no whole part", Run("merge", folder.File("parts")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_another_whole_is_refused()
    {
        Score(3, "predict", model, photos);
        Refused("is of other options (none, not --top 2)", "predict", model, photos, "--top", "2");
        Refused("is of the command predict, not of features", "features", network, photos);
        Refused("is of other images, or of the same in another place or order", "predict", model, folder.File("photos/red"));
        File.Copy(model, folder.File("other.onnx"));
        File.AppendAllBytes(folder.File("other.onnx"), [0x7A, 0]);
        Refused("is of another model", "predict", folder.File("other.onnx"), photos);

        void Refused(string said, params string[] words)
        {
            var (exit, _, error) = Run([.. words, "--shard", "1/3", "--output", folder.File("parts")]);
            Assert.Equal(1, exit);
            Assert.Contains(said, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_merge_says_which_shards_are_missing_and_what_makes_them()
    {
        Score(7, "predict", model, photos, "--top", "2");
        foreach (var number in (int[])[2, 4, 5])
            File.Delete(folder.File($"parts/shard-{number}-of-7.part"));
        var (exit, _, error) = Run("merge", folder.File("parts"));
        Assert.Equal((1, $"mlpipe: {folder.File("parts")}: shards 2, 4 to 5 of 7 are missing, which this makes: for k in 2 $(seq 4 5); do "
            + $"mlpipe predict --shard $k/7 --output {folder.File("parts")} --top 2 {model} {photos}; done"), (exit, error.TrimEnd()));
        Run("predict", model, photos, "--top", "2", "--shard", "4/7", "--output", folder.File("parts"));
        Run("predict", model, photos, "--top", "2", "--shard", "5/7", "--output", folder.File("parts"));
        Assert.EndsWith($"shard 2 of 7 is missing, which this makes: mlpipe predict --shard 2/7 --output {folder.File("parts")} --top 2 "
            + $"{model} {photos}", Run("merge", folder.File("parts")).Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_refuses_parts_of_different_wholes()
    {
        Score(3, "predict", model, photos);
        Directory.Delete(folder.File("strange"), recursive: true);
        Run("predict", model, photos, "--top", "2", "--shard", "2/3", "--output", folder.File("strange"));
        File.Copy(folder.File("strange/shard-2-of-3.part"), folder.File("parts/shard-2-of-3.part"), overwrite: true);
        Assert.Contains($"shard-2-of-3.part: is of other options (--top 2, not none), as {folder.File("parts/shard-1-of-3.part")} is",
            Run("merge", folder.File("parts")).Error, StringComparison.Ordinal);
        File.Move(folder.File("parts/shard-1-of-3.part"), folder.File("parts/shard-1-of-4.part"));
        Assert.Contains("holds parts of 3 and of 4 shards", Run("merge", folder.File("parts")).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.File("empty"));
        Assert.Contains("holds no part such as shard-1-of-16.part", Run("merge", folder.File("empty")).Error, StringComparison.Ordinal);
        Assert.Contains("not found, a folder of parts is needed", Run("merge", folder.File("no")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_from_standard_input_is_divided_where_every_shard_gets_all_of_it()
    {
        string[] files = [.. Directory.GetFiles(photos, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var list = string.Join('\n', files);
        RunWith(list, "predict", model, "-", "--output", folder.File($"one/{MakeFolder("one")}out.csv"));
        for (var number = 1; number <= 3; number++)
            RunWith(list, "predict", model, "-", "--shard", $"{number}/3", "--output", folder.File("parts"));
        Run("merge", folder.File("parts"), "--output", folder.File($"merged/{MakeFolder("merged")}out.csv"));
        AssertSame("one", "merged");
        Assert.Contains("is of other images", RunWith(list + "\nmore.png", "predict", model, "-", "--shard", "1/3", "--output",
            folder.File("parts")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--shard: got '0/3', needs which one of how many", "--shard", "0/3", "--output", "parts")]
    [InlineData("--shard: got '4/3', needs which one of how many", "--shard", "4/3", "--output", "parts")]
    [InlineData("--shard: got '1', needs which one of how many", "--shard", "1", "--output", "parts")]
    [InlineData("--shard: got '1/-3', needs which one of how many", "--shard", "1/-3", "--output", "parts")]
    [InlineData("--shard: writes a part of the results. Say with --output DIR", "--shard", "1/3")]
    [InlineData("--miss: is about all images, and --shard scores some. Give it to 'mlpipe merge'.", "--shard", "1/3", "--output", "parts",
        "--miss", "wrong")]
    public void What_does_not_go_together_is_a_misuse(string said, params string[] options)
    {
        var (exit, _, error) = Run(["evaluate", model, photos, .. options]);
        Assert.Equal(2, exit);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    void Score(int shards, params string[] words)
    {
        Directory.CreateDirectory(folder.File("strange"));
        for (var number = shards; number > 0; number--)
        {
            var (exit, output, _) = Run([.. words, "--shard", $"{number}/{shards}", "--output", folder.File("parts")]);
            Assert.Equal(0, exit);
            Assert.Contains($"shard-{number}-of-{shards}.part (", output, StringComparison.Ordinal);
        }
    }

    string MakeFolder(string name)
    {
        Directory.CreateDirectory(folder.File(name));
        return "";
    }

    void AssertSame(string one, string other)
    {
        var files = Files(one);
        Assert.NotEmpty(files);
        Assert.Equal(files, Files(other));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(folder.File(one), file)),
            File.ReadAllBytes(Path.Combine(folder.File(other), file))));
    }

    string[] Files(string name) => [.. Directory.GetFiles(folder.File(name), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder.File(name), file)).Order(StringComparer.Ordinal)];

    void Picture(string name, byte[] colour)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        Image.FromPixels(2, 2, 3, [.. Enumerable.Repeat(colour, 4).SelectMany(pixel => pixel)]).Save(folder.File(name));
    }

    static string Sorted(string lines) => string.Join('\n', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct()
        .Order(StringComparer.Ordinal));

    static (int Exit, string Output, string Error) Run(params string[] arguments) => RunWith("", arguments);

    static (int Exit, string Output, string Error) RunWith(string input, params string[] arguments)
    {
        using var list = new StringReader(input);
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = CommandLine.Run(arguments, output, error, list, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
