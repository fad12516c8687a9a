using System.Security.Cryptography;
using MlPipelines.Imaging;
using MlPipelines.Tests.Imaging;

namespace MlPipelines.Tests.Data.Hygiene;

public sealed class DataSurveyTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static DataOperationsCatalog Data => new MLContext(1).Data;

    void Save(string name, Image picture, int quality = 90) => folder.Write(name, picture.Encode(Path.GetExtension(name), quality));

    string Faulty()
    {
        for (var i = 1; i <= 4; i++)
        {
            Save($"set/train/cat/{i}.jpg", Pictures.Noise(60, 40, i));
            Save($"set/train/dog/{i}.png", Pictures.Noise(60, 40, 10 + i));
            Save($"set/test/cat/{i}.jpg", Pictures.Noise(60, 40, 20 + i));
            Save($"set/test/dog/{i}.png", Pictures.Noise(60, 40, 30 + i));
        }
        Save("set/train/cat/copy.jpg", Pictures.Noise(60, 40, 1));
        Save("set/train/dog/of-cat.jpg", Pictures.Noise(60, 40, 2));
        Save("set/test/cat/leaked.jpg", Pictures.Noise(60, 40, 3));
        Save("set/train/dog/drawn.png", CharacterSamples.Draw("aiko", 1));
        Save("set/test/dog/leaked.jpg", CharacterSamples.Draw("aiko", 1).Resize(60, 40, ResizingKind.Fill), 80);
        folder.Write("set/train/cat/short.jpg", Pictures.Noise(60, 40, 50).Encode(".jpg")[..900]);
        folder.Write("set/train/cat/text.jpg", "no picture"u8.ToArray());
        folder.Write("set/train/cat/empty.png");
        folder.Write("set/train/cat/really.png", Pictures.Noise(60, 40, 51).Encode(".jpg"));
        folder.Write("set/train/notes.txt", 1);
        return Path.Combine(folder.Path, "set");
    }

    [Fact]
    public void Each_fault_of_a_folder_is_found_in_its_place()
    {
        var set = Faulty();
        var report = Data.Check(set);

        string Short(string path) => Path.GetRelativePath(set, path).Replace('\\', '/');
        Assert.Equal(
        [
            "Error ConflictingLabels train/cat/2.jpg train/dog/of-cat.jpg",
            "Error SharedImages test/cat/leaked.jpg train/cat/3.jpg",
            "Error UnreadableImages train/cat/empty.png",
            "Error UnreadableImages train/cat/short.jpg",
            "Error UnreadableImages train/cat/text.jpg",
            "Warning Duplicates train/cat/1.jpg train/cat/copy.jpg",
            "Warning NearSharedImages test/dog/leaked.jpg train/dog/drawn.png",
            "Advice IgnoredFiles train/notes.txt",
            "Advice WrongExtensions train/cat/really.png",
        ], report.Findings.Select(finding => $"{finding.Severity} {finding.Kind} {string.Join(' ', finding.Paths.Select(Short))}"));
        Assert.Equal(["test", "train"], report.Survey.Parts);
        Assert.Equal(["cat", "dog"], report.Survey.Classes);
        Assert.Equal(22, report.Survey.Images.Length);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var set = Faulty();
        var (one, four) = (Data.Check(set, options: new() { Workers = 1 }), Data.Check(set, options: new() { Workers = 4 }));
        Assert.Equal(one.Findings.Select(finding => (finding.Kind, finding.Found, string.Join(' ', finding.Paths))),
            four.Findings.Select(finding => (finding.Kind, finding.Found, string.Join(' ', finding.Paths))));
        Assert.Equal(one.Survey.Images.Select(image => (image.Path, image.Digest, image.Fingerprint.Hash, image.Tones)),
            four.Survey.Images.Select(image => (image.Path, image.Digest, image.Fingerprint.Hash, image.Tones)));
    }

    [Fact]
    public void Nothing_in_the_folder_is_changed()
    {
        var set = Faulty();
        var before = Content(set);
        Data.Check(set);
        Assert.Equal(before, Content(set));

        static string[] Content(string set) => [.. Directory.GetFileSystemEntries(set, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path =>
                $"{path} {File.GetLastWriteTimeUtc(path):O} "
                    + $"{(File.Exists(path) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))) : "")}")];
    }

    [Fact]
    public void The_facts_of_a_picture_are_those_of_its_pixels()
    {
        // Left half black, right half (200, 0, 0): grey level 60 by BT.601.
        var picture = Pictures.Paint(80, 64, (x, _) => x < 40 ? new(0, 0, 0) : new(200, 0, 0));
        Save("flat/a.png", picture);
        var facts = Assert.Single(DataSurvey.Of(FolderParts.List(Path.Combine(folder.Path, "flat")), workers: 2).Images);

        Assert.Equal(("PNG", 80, 64, (string?)null, "flat"), (facts.Format, facts.Width, facts.Height, facts.Label, facts.Part));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(facts.Path))), facts.Digest);
        Assert.Equal(new Tones { Mean = 30, Low = 0, High = 60, Deviation = 30, Entropy = 1, Saturation = 100, Border = 30 }, facts.Tones);
        Assert.Equal(double.NaN, facts.JpegQuality);
    }

    [Fact]
    public void Orientation_and_size_are_those_of_the_upright_picture()
    {
        folder.Write("flat/a.jpg", Pictures.WithOrientation(Pictures.Quarters(300, 90).Encode(".jpg"), 6));
        var facts = Assert.Single(DataSurvey.Of(FolderParts.List(Path.Combine(folder.Path, "flat")), workers: 1).Images);
        Assert.Equal((90, 300, true), (facts.Width, facts.Height, facts.HasExif));
    }

    [Fact]
    public void Another_folder_is_compared_with_the_first()
    {
        Save("a/cat/1.png", Pictures.Noise(60, 40, 1));
        Save("a/dog/2.png", Pictures.Noise(60, 40, 2));
        Save("b/a/cat/x.png", Pictures.Noise(60, 40, 1));
        Save("b/a/dog/y.png", Pictures.Noise(60, 40, 4));
        var finding = Assert.Single(Data.Check(Path.Combine(folder.Path, "a"), Path.Combine(folder.Path, "b", "a")).Findings);
        Assert.Equal(("SharedImages", "2 copies of one image in a and a-2"), (finding.Kind, finding.Found));
    }

    [Fact]
    public void Images_in_memory_are_looked_at_as_well()
    {
        IDataView View(params int[] seeds) =>
            MadeUp.Pictures([.. seeds.Select(seed => Pictures.Noise(20, 20, seed))], [.. seeds.Select(_ => "x")]);
        var finding = Assert.Single(Data.Check([new("train", View(1, 2, 3)), new("test", View(4, 2))]).Findings);
        Assert.Equal(["train row 1", "test row 1"], finding.Paths);
        Assert.Equal("SharedImages", finding.Kind);
    }

    [Fact]
    public void Rows_without_images_are_refused_by_name()
    {
        var view = MadeUp.Rows(1, MadeUp.Text("Name", _ => "x"));
        Assert.Equal("train: has the columns Name, one of ImagePath (text) or Image is needed. (Parameter 'schema')",
            Assert.Throws<ArgumentException>(() => Data.Check([new("train", view)])).Message);
    }

    [Fact]
    public void It_can_be_cancelled_and_tells_how_far_it_is()
    {
        var set = Faulty();
        var seen = new List<long>();
        using var stop = new CancellationTokenSource();
        var progress = new Listener(done =>
        {
            seen.Add(done);
            if (done == 5)
                stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Data.Check(set, options: new() { Progress = progress, CancellationToken = stop.Token }));
        Assert.Equal([1, 2, 3, 4, 5], seen);
    }

    [Fact]
    public void A_folder_is_split_if_it_has_parts_with_classes_in_them_whatever_lies_beside_them()
    {
        Assert.Equal(["test", "train"], FolderParts.Split(Faulty()).Keys);
        Save("set/other/a.png", Pictures.Quarters(4, 4));
        Assert.Equal(["test", "train"], FolderParts.Split(Path.Combine(folder.Path, "set")).Keys);
        // One part alone beside others is a class of that name.
        Save("one/train/a/1.png", Pictures.Quarters(4, 4));
        Save("one/other/1.png", Pictures.Quarters(4, 4));
        Assert.Empty(FolderParts.Split(Path.Combine(folder.Path, "one")));
        Assert.Empty(FolderParts.Split(Path.Combine(folder.Path, "nowhere")));
    }

    sealed class Listener(Action<long> listen) : IProgress<long>
    {
        public void Report(long value) => listen(value);
    }
}
