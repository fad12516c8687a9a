using System.Formats.Tar;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Data.Sources;

public sealed class ArchiveTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly DataOperationsCatalog data = new MLContext(seed: 1).Data;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public void Images_are_read_in_place_with_their_folder_as_label(string kind)
    {
        var path = Write(kind, ("rose/1.png", Picture(1)), ("daisy/more/2.PNG", Picture(2)), ("daisy/notes.txt", [1]), ("readme", [1]),
            ("top.png", Picture(9)),
            ("rose/.hidden.png", [1]), ("__MACOSX/rose/1.png", [1]), ("rose/empty.png", []));
        var view = data.LoadFromArchive(path);
        Assert.Equal([$"{path}/daisy/more/2.PNG", $"{path}/rose/1.png", $"{path}/rose/empty.png"], view.GetColumn<string>("ImagePath"));
        Assert.Equal(["daisy", "rose", "rose"], view.GetColumn<string>("Label"));
        Assert.Equal(2, view.ImageAt(0).Pixels[0]);
        Assert.StartsWith($"{path}/rose/empty.png: ", Assert.Throws<InvalidDataException>(() => view.ImageAt(2).Width).Message);
        Assert.Equal([$"{path}/daisy/notes.txt", $"{path}/readme", $"{path}/top.png"], view.Ignored.Select(file => file.Path));
        Assert.Equal((2, 1), (view.Counts["rose"], view.Counts["daisy"]));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_around_all_classes_is_passed_over()
    {
        Assert.Equal(["daisy", "rose"],
            data.LoadFromArchive(Write("tar", ("./flowers/rose/1.png", []), ("./flowers/daisy/1.png", []))).Classes);
        Assert.Equal(["daisy", "rose"],
            data.LoadFromArchive(Write("tar.gz", ("data/flowers/rose/1.png", []), ("data/flowers/daisy/1.png", []))).Classes);
        Assert.Equal(["flowers"], data.LoadFromArchive(Write("zip", ("flowers/1.png", []), ("flowers/more/1.png", []))).Classes);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar.gz")]
    public void Many_threads_read_the_same_bytes(string kind)
    {
        var path = Write(kind, [.. Enumerable.Range(0, 200).Select(i => ($"c{i % 3}/{i:000}.png", Picture((byte)i)))]);
        var view = data.LoadFromArchive(path);
        var names = view.Read(["ImagePath", "Image"], row => (row.Get<string>("ImagePath"), row.Get<Picture>("Image").Draw(-1).Pixels[0]),
            new() { Workers = 8 }).ToArray();
        Assert.All(names, pair => Assert.Equal($"{pair.Item2:000}", Path.GetFileNameWithoutExtension(pair.Item1)));
        Assert.Equal(200, names.Length);
    }

    [Fact]
    public void Links_devices_and_names_that_lead_away_are_listed_and_not_read()
    {
        var path = folder.Write("a.tar", Packing.Tar(TarEntryFormat.Pax,
            Packing.File(TarEntryFormat.Pax, "rose/1.png", Picture(1)),
            Packing.Link(TarEntryType.SymbolicLink, "rose/2.png", "/etc/passwd"),
            Packing.Link(TarEntryType.HardLink, "rose/3.png", "rose/1.png"),
            Packing.Entry(TarEntryFormat.Pax, TarEntryType.Fifo, "rose/4.png"),
            Packing.File(TarEntryFormat.Pax, "../rose/5.png", [1]),
            Packing.File(TarEntryFormat.Pax, "/rose/6.png", [1]),
            Packing.File(TarEntryFormat.Pax, "rose/1.png", Picture(2))));
        var view = data.LoadFromArchive(path);
        Assert.Equal(1, view.Images().Single().Pixels[0]);
        Assert.Equal(
            [("../rose/5.png", "its name leads out of the archive"), ("/rose/6.png", "its name is an absolute path"),
                ("rose/1.png", "comes twice, the first one is taken"),
                ("rose/2.png", "is a link"), ("rose/3.png", "is a link"), ("rose/4.png", "is a device or a pipe")],
            view.Ignored.Select(file => (file.Path[(path.Length + 1)..], file.Reason)));
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Long_names_and_names_of_any_language_are_read(TarEntryFormat format)
    {
        var name = $"バラ/{new string('x', 250)}.png";
        var view = data.LoadFromArchive(folder.Write("a.tar", Packing.Tar(format, Packing.File(format, name, Picture(5)))));
        Assert.Equal("バラ", view.Classes.Single());
        Assert.Equal(5, view.Images().Single().Pixels[0]);
        Assert.EndsWith(name, view.GetColumn<string>("ImagePath").Single());
    }

    [Fact]
    public void Names_in_an_old_encoding_are_ignored_or_read_by_it()
    {
        var latin = Packing.Zip(("rosXe/1.png", Picture(1)));
        for (var i = 0; i < latin.Length; i++)
            latin[i] = latin[i] == 'X' ? (byte)0xE9 : latin[i];
        var path = folder.Write("a.zip", latin);
        Assert.Contains("its name is no valid UTF-8", Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(path)).Message);
        Assert.Equal("rosée", data.LoadFromArchive(path, nameEncoding: Encoding.Latin1).Classes.Single());
    }

    [Fact]
    public void An_entry_that_unpacks_to_more_than_it_promised_is_refused()
    {
        var zip = Packing.Zip(("rose/1.png", new byte[1_000_000]));
        for (var i = 0; i + 4 <= zip.Length; i++)
            if (BitConverter.ToInt32(zip, i) == 1_000_000)
                BitConverter.TryWriteBytes(zip.AsSpan(i), 1000);
        var view = data.LoadFromArchive(folder.Write("bomb.zip", zip));
        Assert.Contains("bomb.zip/rose/1.png: is damaged (its sum does not fit)",
            Assert.Throws<InvalidDataException>(() => view.ImageAt(0).Width).Message);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar.gz")]
    public void Paths_in_an_archive_are_loaded_and_mistakes_copied_as_they_are(string kind)
    {
        var ml = new MLContext(1);
        var path = Write(kind, ("rose/1.png", Picture(1)), ("daisy/2.png", Picture(2)));
        var view = ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false).Fit(data.LoadFromArchive(path))
            .Transform(data.LoadFromArchive(path));
        Assert.Equal([2, 1], view.Images().Select(image => (int)image.Pixels[0]));
        var scored = new AddedView(view,
            new(view.Schema, [MadeUp.Text("PredictedLabel", _ => "rose"),
            MadeUp.Scores("Score", ["daisy", "rose"], _ => [0.25f, 0.75f])]));
        var mistake = ml.MulticlassClassification.SortMistakes(scored, Path.Combine(folder.Path, "miss"),
            cancellation: TestContext.Current.CancellationToken).Mistakes.Single();
        Assert.Equal("daisy_to_rose_2.png", mistake.File);
        Assert.Equal(Picture(2), File.ReadAllBytes(Path.Combine(folder.Path, "miss", mistake.File!)));
        var lost = ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false).Fit(view)
            .Transform(ml.Data.LoadFromEnumerable([new Named { ImagePath = $"{path}/rose/3.png" }]));
        Assert.StartsWith($"{path}/rose/3.png: the archive {path} holds no such file",
            Assert.Throws<InvalidDataException>(() => lost.ImageAt(0).Width).Message);
    }

    [Fact]
    public void An_image_in_it_that_cannot_be_read_is_none_for_ML_NETs_steps_and_a_warning_names_it()
    {
        var ml = new MLContext(1);
        var path = Write("zip", ("rose/1.png", Picture(1)), ("rose/2.png", [1, 2, 3]), ("rose/3.png", Picture(3)));
        var images = ml.Data.LoadFromArchive(path);
        var warnings = ml.Warnings();
        Assert.Equal([1, null, 3], images.GetColumn<MLImage>("Image").Select(image => image?.Pixels[0]));
        Assert.StartsWith($"{path}/rose/2.png: ", Assert.Single(warnings), StringComparison.Ordinal);
    }

    sealed class Named
    {
        public string ImagePath { get; set; } = "";
    }

    [Fact]
    public void An_archive_that_changed_is_opened_again()
    {
        var path = Write("zip", ("rose/1.png", Picture(1)));
        Assert.Single(data.LoadFromArchive(path).Classes);
        File.SetLastWriteTimeUtc(Write("zip", ("daisy/1.png", Picture(1)), ("rose/1.png", Picture(1))), DateTime.UnixEpoch);
        Assert.Equal(["daisy", "rose"], data.LoadFromArchive(path).Classes);
    }

    [Fact]
    public void What_unpacks_to_many_times_its_size_is_refused_by_its_header()
    {
        var zeros = new byte[20_000_000];
        var zip = Write("zip", ("a/1.png", zeros), ("a/2.png", Picture(1)));
        Assert.Matches("^unpacks from [0-9,]+ to 20,000,000 bytes, at most 100 times as many are read$",
            Assert.Single(data.LoadFromArchive(zip).Ignored).Reason);
        Assert.Empty(data.LoadFromArchive(zip, new() { Ratio = 2000 }).Ignored);
        var tar = Write("tar.gz", ("a/1.png", zeros), ("a/2.png", Picture(1)));
        Assert.Contains("to more than 16,777,216 bytes, at most 100 times as many",
            Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(tar)).Message);
        Assert.Equal(2, data.LoadFromArchive(tar, new() { Ratio = 2000 }).RowCount);
    }

    [Fact]
    public void An_entry_larger_than_64_MiB_is_no_picture()
    {
        var noise = new byte[(1 << 26) + 1];
        new Random(1).NextBytes(noise);
        var archive = data.LoadFromArchive(Write("tar", ("a/1.png", noise), ("a/2.png", Picture(1))));
        Assert.Equal("holds 67,108,865 bytes, at most 67,108,864 are read", Assert.Single(archive.Ignored).Reason);
        Assert.Equal(1, archive.RowCount);
    }

    [Fact]
    public void Hidden_entries_are_counted()
    {
        var archive = Write("zip", ("a/1.png", Picture(1)), ("a/.2.png", Picture(1)), (".b/3.png", Picture(1)));
        Assert.Equal([$"{archive}/a/.2.png", $"{archive}/.b/3.png"], data.LoadFromArchive(archive).Hidden);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "ends without the zeros that end a tar")]
    [InlineData(2, "has 2 more entries behind the zeros at byte 1,024, where a tar ends")]
    [InlineData(3, "has data behind the zeros at byte 3,072, where a tar ends")]
    [InlineData(4, "has 3 more entries behind the zeros at byte 3,072")]
    public void A_tar_that_lost_entries_says_so(int fault, string? said)
    {
        var whole = Packing.Tar(TarEntryFormat.Ustar, [.. Enumerable.Range(0, 3).Select(i =>
            Packing.File(TarEntryFormat.Ustar, $"c{i}/1.png", Picture((byte)i)))]);
        Assert.Equal(4096, whole.Length);
        byte[] tar = fault switch
        {
            1 => whole[..2048],
            2 => [.. whole.AsSpan(0, 1024), .. new byte[512], .. whole.AsSpan(1024)],
            3 => [.. whole, .. "a signature"u8],
            4 => [.. whole, .. whole],
            _ => whole,
        };
        foreach (var path in (string[])[folder.Write("a.tar", tar), folder.Write("b.tar.gz", Packing.Gzip(tar))])
        {
            var ignored = data.LoadFromArchive(path).Ignored;
            if (said is null)
                Assert.Empty(ignored);
            else
            {
                Assert.Equal(path, Assert.Single(ignored).Path);
                Assert.StartsWith(said, ignored[0].Reason, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Limits_hold()
    {
        var zip = Write("zip", ("a/1.png", new byte[5000]), ("a/2.png", []));
        Assert.Contains("holds more than 1 entries",
            Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(zip, new() { Entries = 1 })).Message);
        Assert.Equal([new($"{zip}/a/1.png", "holds 5,000 bytes, at most 4,999 are read") { IsRefused = true }],
            data.LoadFromArchive(zip, new() { ImageBytes = 4999 }).Ignored);
        var bomb = Write("tar.gz", ("a/1.png", new byte[5_000_000]));
        Assert.InRange(new FileInfo(bomb).Length, 1, 50_000);
        Assert.Contains("to more than 1,000,000 bytes",
            Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(bomb, new() { UnpackedBytes = 1_000_000 })).Message);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public void An_archive_cut_short_is_said_so(string kind)
    {
        var noise = new byte[20_000];
        var dice = Dice.For(3);
        for (var i = 0; i < noise.Length; i++)
            noise[i] = (byte)dice.Below(256);
        var path = Write(kind, ("a/1.png", noise), ("a/2.png", noise));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..15_000]);
        Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(path)).Message);
    }

    [Fact]
    public void What_is_no_archive_is_said_so()
    {
        Assert.Contains("begins with 01020304, a zip, tar or tar.gz is needed",
            Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(folder.Write("a.zip", 1, 2, 3, 4))).Message);
        Assert.Contains("is empty", Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(folder.Write("b.zip"))).Message);
        Assert.Contains("is a folder", Assert.Throws<FileNotFoundException>(() => data.LoadFromArchive(folder.Path)).Message);
        Assert.Contains("holds no image in a folder",
            Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(Write("zip", ("x.txt", [1])))).Message);
        Assert.Contains("holds no image in a folder",
            Assert.Throws<InvalidDataException>(() => data.LoadFromArchive(folder.Write("none.tar", new byte[1024]))).Message);
    }

    [Fact]
    public void Unpacking_refuses_what_leads_away_and_what_comes_twice()
    {
        foreach (var (number, name) in new[] { "../x", "a/../../x", "/x", @"..\x", "C:/x", "a\0/x" }.Index())
        {
            var archive = folder.Write($"{number}.zip", Packing.Zip((name, [1])));
            Assert.Contains("so nothing is unpacked", Assert.Throws<InvalidDataException>(() => Unpack(archive, $"out{number}")).Message);
        }
        Assert.Contains("comes twice",
            Assert.Throws<InvalidDataException>(() => Unpack(Write("zip", ("a/x", [1]), ("a//x", [2])), "twice")).Message);
        Assert.Contains("unpacks to more than",
            Assert.Throws<InvalidDataException>(() =>
                Unpack(Write("zip", ("a/x", new byte[2000])), "large", new() { UnpackedBytes = 1999 })).Message);
        Assert.DoesNotContain(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories),
            path => Path.GetFileName(path) == "x" && !path.Contains("out") && !path.Contains("twice") && !path.Contains("large"));
    }

    [Fact]
    public void Whatever_the_bytes_unpacking_stays_in_its_folder_and_fails_in_words()
    {
        byte[][] whole = [Packing.Zip(("a/1", [1, 2, 3]), ("b/2", new byte[3000])),
            Packing.Tar(("a/1", [1, 2, 3]), ("b/2", new byte[3000])), Packing.Gzip(Packing.Tar(("a/1", [1, 2, 3])))];
        var number = 0;
        Prop.ForAll(Gen.Choose(0, 2)
            .SelectMany(kind =>
                Gen.Choose(0, whole[kind].Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(value => (kind, at, value))))
                .ToArbitrary(), change =>
        {
            var bytes = (byte[])whole[change.kind].Clone();
            bytes[change.at] = (byte)change.value;
            var (archive, name) = (folder.Write($"fuzz/{++number}", bytes), $"deep/{number}");
            Directory.CreateDirectory(Path.Combine(folder.Path, "deep"));
            try
            {
                Unpack(archive, name);
            }
            catch (InvalidDataException failure)
            {
                Assert.StartsWith(archive, failure.Message);
            }
            try
            {
                foreach (var image in data.LoadFromArchive(archive).Images())
                    _ = image.Width;
            }
            catch (InvalidDataException failure)
            {
                Assert.StartsWith(archive, failure.Message);
            }
            Assert.Equal(["deep", "fuzz"], Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(120));
    }

    [Fact]
    public void Every_name_stays_within_or_is_refused() => Prop.ForAll(Gen.Elements("..", ".", "a", "", "C:", "/", "\\", "ü", "\0")
        .ArrayOf().ToArbitrary(), parts =>
    {
        var (name, problem) = ArchiveName.Of(string.Join('/', parts));
        var target = Path.Combine(Path.GetTempPath(), "folder");
        var full = Path.GetFullPath(Path.Combine(target, name.Replace("\0", "")));
        Assert.True(problem is not null || full.StartsWith($"{target}/", StringComparison.Ordinal), name);
    }).QuickCheckThrowOnFailure();

    static byte[] Picture(byte value) => Image.FromPixels(2, 2, 3, [.. Enumerable.Repeat(value, 12)]).Encode(".png");

    string Write(string kind, params (string, byte[])[] entries) => folder.Write($"a.{kind}", kind switch
    {
        "zip" => Packing.Zip(entries),
        "tar" => Packing.Tar(entries),
        _ => Packing.Gzip(Packing.Tar(entries)),
    });

    void Unpack(string archive, string to, ArchiveLimits? limits = null) =>
        ArchiveUnpacker.Unpack(archive, Path.Combine(folder.Path, to), limits ?? new(), TestContext.Current.CancellationToken);
}
