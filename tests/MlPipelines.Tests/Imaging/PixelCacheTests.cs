using System.Text.Json;
using FsCheck.Fluent;
using MlPipelines.Imaging;
using MlPipelines.Tests.Data;
using static MlPipelines.Tests.Imaging.Pictures;

namespace MlPipelines.Tests.Imaging;

public sealed class PixelCacheTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string Place => Path.Combine(folder.Path, "cache");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_second_look_finds_the_pixels_of_the_first()
    {
        var file = Photograph("a.jpg", 1);
        using var cache = new PixelCache(Place);
        var decoded = Image.FromFile(file).Resize(24, 20);
        Assert.Equal(decoded.Pixels, Image.FromFile(file, cache: cache).Resize(24, 20).Pixels);
        Assert.Equal(0, cache.Hits);
        var found = Image.FromFile(file, cache: cache).Resize(24, 20);
        Assert.Equal(1, cache.Hits);
        Assert.Equal((24, 20, 3), (found.Width, found.Height, found.Channels));
        Assert.Equal(decoded.Pixels, found.Pixels);
    }

    [Fact]
    public void What_was_kept_is_found_by_the_next_process_whatever_the_name_of_the_file()
    {
        var file = Photograph("a.jpg", 1);
        using (var first = new PixelCache(Place))
            Image.FromFile(file, cache: first).Resize(24, 20);
        File.Move(file, file + ".renamed");
        using var second = new PixelCache(Place);
        Assert.Equal(Noise(60, 40, 1).Pixels.Length, Image.FromFile(file + ".renamed").Pixels.Length);
        Image.FromFile(file + ".renamed", cache: second).Resize(24, 20);
        Image.FromBytes(File.ReadAllBytes(file + ".renamed"), cache: second).Resize(24, 20);
        Assert.Equal(2, second.Hits);
    }

    [Fact]
    public void A_file_that_changes_is_decoded_anew_and_no_other()
    {
        string[] files = [Photograph("a.jpg", 1), Photograph("b.jpg", 2), Photograph("c.jpg", 3)];
        using var cache = new PixelCache(Place);
        Look();
        Photograph("b.jpg", 4);
        Look();
        Assert.Equal(2, cache.Hits);
        Look();
        Assert.Equal(5, cache.Hits);

        void Look()
        {
            foreach (var file in files)
                Assert.Equal(Image.FromFile(file).Resize(9, 9).Pixels, Image.FromFile(file, cache: cache).Resize(9, 9).Pixels);
        }
    }

    [Fact]
    public void A_change_that_keeps_length_and_time_is_noticed_by_the_next_process()
    {
        var (one, other) = (Noise(8, 8, 1).ToBmp(), Noise(8, 8, 2).ToBmp());
        Assert.Equal(one.Length, other.Length);
        var file = folder.Write("a.bmp", one);
        var time = File.GetLastWriteTimeUtc(file);
        using (var first = new PixelCache(Place))
            Image.FromFile(file, cache: first).Resize(5, 5);
        File.WriteAllBytes(file, other);
        File.SetLastWriteTimeUtc(file, time);
        using var second = new PixelCache(Place);
        Assert.Equal(Image.FromBytes(other).Resize(5, 5).Pixels, Image.FromFile(file, cache: second).Resize(5, 5).Pixels);
        Assert.Equal(0, second.Hits);
    }

    [Fact]
    public void A_link_that_leads_elsewhere_is_a_file_that_changed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links need a privilege elsewhere.");
        var link = Path.Combine(folder.Path, "link.jpg");
        Photograph("a.jpg", 1);
        Photograph("b.jpg", 2);
        using var cache = new PixelCache(Place);
        foreach (var target in (string[])["a.jpg", "b.jpg", "a.jpg"])
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, target);
            Assert.Equal(Image.FromFile(Path.Combine(folder.Path, target)).Resize(9, 9).Pixels,
                Image.FromFile(link, cache: cache).Resize(9, 9).Pixels);
        }
    }

    [Fact]
    public void A_bad_file_tells_the_same_with_a_cache_as_without()
    {
        var whole = Noise(60, 40, 1).Encode(".jpg");
        using var cache = new PixelCache(Place);
        foreach (var file in (string[])[folder.Write("empty.jpg"), folder.Write("text.jpg", "no picture"u8.ToArray()),
            folder.Write("cut.jpg", whole[..(whole.Length / 2)]), Path.Combine(folder.Path, "none.jpg"), folder.Path])
            for (var look = 0; look < 2; look++)
            {
                var without = Assert.ThrowsAny<Exception>(() => Image.FromFile(file).Resize(9, 9));
                var with = Assert.ThrowsAny<Exception>(() => Image.FromFile(file, cache: cache).Resize(9, 9));
                Assert.Equal((without.GetType(), without.Message), (with.GetType(), with.Message));
            }
    }

    [Fact]
    public void A_file_that_is_deleted_after_it_was_kept_is_missing()
    {
        var file = Photograph("a.jpg", 1);
        using var cache = new PixelCache(Place);
        Image.FromFile(file, cache: cache).Resize(9, 9);
        File.Delete(file);
        Assert.ThrowsAny<IOException>(() => Image.FromFile(file, cache: cache).Resize(9, 9));
    }

    [Fact]
    public void A_limit_of_pixels_holds_for_what_was_kept_without_it()
    {
        var file = Photograph("a.jpg", 1);
        using var cache = new PixelCache(Place);
        Image.FromFile(file, cache: cache).Resize(9, 9);
        Assert.Throws<InvalidDataException>(() => Image.FromFile(file, new() { PixelLimit = 100 }, cache).Resize(9, 9));
    }

    [Fact]
    public void Pixels_are_those_without_a_cache_for_any_size_and_way()
    {
        using var cache = new PixelCache(Place);
        var photograph = Noise(57, 31, 7).Encode(".jpg", 95);
        var picture = Noise(16, 12, 8).Encode(".png");
        var ways = from width in Gen.Choose(1, 40)
                   from height in Gen.Choose(1, 40)
                   from kind in Gen.Elements(ResizingKind.Fill, ResizingKind.IsoCrop, ResizingKind.IsoPad)
                   from anchor in Gen.Elements(Anchor.Center, Anchor.Left, Anchor.Right, Anchor.Top, Anchor.Bottom)
                   from encoded in Gen.Elements(photograph, picture)
                   select (width, height, kind, anchor, encoded);
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(ways.ToArbitrary(), way =>
        {
            var expected = Image.FromBytes(way.encoded).Resize(way.width, way.height, way.kind, way.anchor).Pixels.ToArray();
            for (var look = 0; look < 2; look++)
                Assert.Equal(expected,
                    Image.FromBytes(way.encoded, cache: cache).Resize(way.width, way.height, way.kind, way.anchor).Pixels.ToArray());
        }));
        Assert.True(cache.Hits >= 100);
    }

    [Fact]
    public void Several_processes_and_threads_write_and_read_at_once()
    {
        var files = Enumerable.Range(0, 60).Select(i => Photograph($"{i}.jpg", i)).ToArray();
        var expected = files.Select(file => Image.FromFile(file).Resize(40, 40).Pixels.ToArray()).ToArray();
        using (PixelCache one = new(Place, 4 << 20), other = new(Place, 4 << 20))
            Parallel.For(0, 240, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
                Assert.Equal(expected[i * 7 % 60],
                    Image.FromFile(files[i * 7 % 60], cache: i % 2 == 0 ? one : other).Resize(40, 40).Pixels.ToArray()));
        using var later = new PixelCache(Place, 4 << 20);
        Assert.All(files.Zip(expected),
            pair => Assert.Equal(pair.Second, Image.FromFile(pair.First, cache: later).Resize(40, 40).Pixels.ToArray()));
        Assert.Equal(60, later.Hits);
    }

    [Fact]
    public void Whatever_becomes_of_its_files_the_pixels_are_right()
    {
        var files = Enumerable.Range(0, 8).Select(i => Photograph($"{i}.jpg", i)).ToArray();
        var expected = files.Select(file => Image.FromFile(file).Resize(30, 30).Pixels.ToArray()).ToArray();
        Look();
        var segment = Assert.Single(Segments());
        var good = File.ReadAllBytes(segment);
        Look(hits: 8);
        var dice = Dice.For(5);
        List<byte[]> damages =
        [
            [], "nothing of ours"u8.ToArray(), new byte[good.Length], good[..(good.Length / 2)], good[..100], [.. good, 1],
            [.. "MLPPIXEL"u8, .. good[8..]], [.. good.Select(each => (byte)~each)],
        ];
        for (var round = 0; round < 20; round++)
        {
            var bad = good.ToArray();
            for (var hit = 0; hit < 300; hit++)
                bad[dice.Below(round % 2 == 0 ? 2000 : 25_000)] ^= (byte)(1 + dice.Below(255));
            damages.Add(bad);
        }
        foreach (var damage in damages)
        {
            foreach (var path in Segments())
                File.Delete(path);
            File.WriteAllBytes(segment, damage);
            Look();
            Look(hits: 8);
        }

        void Look(int? hits = null)
        {
            using var cache = new PixelCache(Place, PixelCache.LeastCapacityBytes);
            Assert.All(files.Zip(expected),
                pair => Assert.Equal(pair.Second, Image.FromFile(pair.First, cache: cache).Resize(30, 30).Pixels.ToArray()));
            Assert.True(hits is null || cache.Hits == hits, $"{cache.Hits} hits");
        }
    }

    [Fact]
    public void An_entry_without_its_record_does_not_count()
    {
        var file = Photograph("a.jpg", 1);
        using (var cache = new PixelCache(Place, PixelCache.LeastCapacityBytes))
            Image.FromFile(file, cache: cache).Resize(30, 30);
        var segment = Assert.Single(Segments());
        var torn = File.ReadAllBytes(segment);
        torn.AsSpan(PixelCacheSegment.RecordBytes + 40, 24).Clear();
        File.WriteAllBytes(segment, torn);
        using var later = new PixelCache(Place, PixelCache.LeastCapacityBytes);
        Image.FromFile(file, cache: later).Resize(30, 30);
        Assert.Equal(0, later.Hits);
    }

    [Fact]
    public void A_segment_that_cannot_be_made_lets_go_of_its_lock()
    {
        var segment = Directory.CreateDirectory(Path.Combine(Place, "mlpipelines-0000000001.pixels")).FullName;
        var locked = new FileStream(PixelCacheSegment.LockOf(segment), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Assert.Throws<UnauthorizedAccessException>(() => PixelCacheSegment.Create(segment, 1 << 16, locked));
        Assert.False(locked.CanWrite);
    }

    [Fact]
    public void The_bound_holds_and_the_oldest_go_first()
    {
        for (var process = 0; process < 5; process++)
        {
            using var cache = new PixelCache(Place, PixelCache.LeastCapacityBytes);
            for (var i = 0; i < 120; i++)
                Image.FromBytes(Encoded(process, i), cache: cache).Resize(60, 40);
            Assert.InRange(Segments().Sum(path => new FileInfo(path).Length), 1, PixelCache.LeastCapacityBytes);
        }
        using var last = new PixelCache(Place, PixelCache.LeastCapacityBytes);
        Image.FromBytes(Encoded(4, 5), cache: last).Resize(60, 40);
        Assert.Equal(1, last.Hits);
        Image.FromBytes(Encoded(1, 5), cache: last).Resize(60, 40);
        Assert.Equal(1, last.Hits);

        static byte[] Encoded(int process, int i) => Paint(2, 1, (x, _) => new((byte)process, (byte)i, (byte)x)).Encode(".png");
    }

    [Fact]
    public void What_is_read_in_turn_does_not_push_itself_out()
    {
        using var cache = new PixelCache(Place, PixelCache.LeastCapacityBytes);
        var pictures = Enumerable.Range(0, 400).Select(i => Paint(2, 1, (x, _) => new((byte)i, (byte)(i >> 8), (byte)x)).Encode(".png"))
            .ToArray();
        for (var epoch = 0; epoch < 2; epoch++)
            foreach (var picture in pictures)
                Image.FromBytes(picture, cache: cache).Resize(60, 40);
        Assert.InRange(cache.Hits, 100, 399);
    }

    [Fact]
    public void A_folder_that_cannot_be_is_told_once_and_nothing_fails()
    {
        var file = Photograph("a.jpg", 1);
        using var cache = new PixelCache(Path.Combine(file, "cache"));
        var ml = new MLContext(1);
        ml.Data.Host().KeepPixels(cache);
        var reasons = ml.Warnings();
        for (var look = 0; look < 3; look++)
            Assert.Equal(Image.FromFile(file).Resize(9, 9).Pixels, Image.FromFile(file, cache: cache).Resize(9, 9).Pixels);
        Assert.StartsWith($"{cache.Folder}: decoded images cannot be kept there: ", Assert.Single(reasons));
        Assert.EndsWith("Make room, or choose another folder.", reasons[0]);
    }

    [Fact]
    public void Images_that_a_context_loads_are_kept_where_it_says()
    {
        Photograph("data/a/1.jpg", 1);
        Photograph("data/b/2.jpg", 2);
        using var cache = new PixelCache(Place);
        Assert.Null(new MLContext(1).Data.Host().PixelCache());
        Read(null);
        Assert.False(Directory.Exists(Place));
        Assert.Equal(Read(null), Read(cache));
        Assert.Equal(0, cache.Hits);
        Assert.Equal(Read(null), Read(cache));
        Assert.Equal(2, cache.Hits);

        byte[] Read(PixelCache? kept)
        {
            var ml = new MLContext(1);
            ml.Data.Host().KeepPixels(kept);
            var images = ml.Data.LoadFromImageFolder(Path.Combine(folder.Path, "data"));
            var rows = ml.Transforms.LoadImages("Image", "ImagePath", 12, 12).Fit(images).Transform(images);
            return [.. rows.Images().SelectMany(image => image.Pixels.ToArray())];
        }
    }

    [Fact]
    public void A_step_that_is_saved_does_not_name_the_cache()
    {
        using var cache = new PixelCache(Place);
        var step = new ImageLoader("Image", "ImagePath") { Cache = cache };
        Assert.DoesNotContain("ache", JsonSerializer.Serialize<Step>(step, SavedStep.Json), StringComparison.Ordinal);
    }

    /// <summary>When this fails on purpose, because a picture now decodes or resizes to other pixels, raise
    /// <see cref="PixelCacheKey.PixelsVersion"/> with it.</summary>
    [Fact]
    public void Pixels_that_were_kept_earlier_are_those_made_today()
    {
        var jpeg = Image.FromBytes(Noise(19, 13, 3).Resize(203, 101, ResizingKind.Fill).Encode(".jpg", 95)).Resize(24, 24);
        Assert.Equal((3, "C3609F7BE51A5F87"),
            (PixelCacheKey.PixelsVersion, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(jpeg.Pixels))[..16]));
    }

    string Photograph(string name, int seed) => folder.Write(name, Noise(60, 40, seed).Encode(".jpg"));

    string[] Segments() => Directory.GetFiles(Place, "*.pixels");
}
