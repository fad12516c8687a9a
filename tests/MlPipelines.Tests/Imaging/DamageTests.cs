using System.Diagnostics;
using MlPipelines.Imaging;
using NetVips;
using static MlPipelines.Tests.Imaging.Pictures;
using Image = MlPipelines.Imaging.Image;
using VipsImage = NetVips.Image;

namespace MlPipelines.Tests.Imaging;

public sealed class DamageTests
{
    /// <summary>Kinds of JPEG: sequential, with restart markers, progressive, CMYK (which our own decoder leaves to libvips).</summary>
    public static TheoryData<string> Kinds() => ["baseline", "restarts", "progressive", "cmyk"];

    [Theory, MemberData(nameof(Kinds))]
    public void A_marker_anywhere_in_a_scan_is_damage(string kind)
    {
        var whole = Jpeg(kind);
        var scan = Scan(whole);
        var dice = Dice.For(5);
        for (var i = 0; i < 60; i++)
        {
            var file = whole.ToArray();
            var at = scan + dice.Below(whole.Length - scan - 8);
            // Where a byte of 255 stands already, or restart markers are, the two could be what they were.
            (file[at], file[at + 1]) = (0xFF, (byte)(1 + dice.Below(190)));
            foreach (var size in (int[])[0, 12])
                Assert.Contains("JPEG", Message(file, size), StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Bytes_that_belong_to_nothing_do_no_harm(string kind)
    {
        var whole = Jpeg(kind);
        var pixels = Image.FromBytes(whole).Pixels.ToArray();
        byte[] stray = [1, 2, 3];
        var head = 2 + 2 + (whole[4] << 8 | whole[5]);
        byte[][] files = [[.. whole, .. stray], [.. whole.AsSpan(0, head), .. stray, .. whole.AsSpan(head)],
            [.. whole.AsSpan(0, whole.Length - 2), .. stray, .. whole.AsSpan(whole.Length - 2)],
            [.. whole.AsSpan(0, whole.Length - 2), 0, 0, 0, 0, .. whole.AsSpan(whole.Length - 2)]];
        foreach (var file in files)
            Assert.Equal(pixels, Image.FromBytes(file).Pixels.ToArray());
        var junk = Image.FromBytes(files[1]).Decoded();
        Assert.Contains("extraneous bytes", junk.Remark, StringComparison.Ordinal);
        Assert.Null(Image.FromBytes(whole).Decoded().Remark);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Damage_behind_stray_bytes_is_found(string kind)
    {
        var whole = Jpeg(kind);
        var head = 2 + 2 + (whole[4] << 8 | whole[5]);
        byte[] file = [.. whole.AsSpan(0, head), 1, 2, 3, .. whole.AsSpan(head)];
        var at = (Scan(file) + file.Length) / 2;
        (file[at], file[at + 1]) = (0xFF, 0x42);
        Assert.Contains("is damaged", Message(file, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_that_was_passed_over_is_damage()
    {
        var file = Jpeg("progressive");
        // The last scan's header: its marker becomes one of no meaning without a length.
        var last = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        file[last + 1] = 0;
        Assert.Contains("extraneous bytes", Message(file, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_tell_whole_pictures_from_damaged_ones()
    {
        var (whole, damaged) = (Jpeg("progressive"), Jpeg("progressive"));
        (damaged[^9], damaged[^8]) = (0xFF, 0x42);
        Parallel.For(0, 400, new() { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 2 == 0)
                Assert.Equal(64, Image.FromBytes(whole).Resize(64, 64).Width);
            else
                Assert.Contains("is damaged", Message(damaged, 12), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_drawing_is_no_picture()
    {
        const string svg = "<svg xmlns='http://www.w3.org/2000/svg' width='16000' height='16000'><filter id='f'><feGaussianBlur "
            + "stdDeviation='500'/></filter><rect width='100%' height='100%' filter='url(#f)'/></svg>";
        foreach (var text in (string[])[svg, $"<?xml version='1.0'?>{svg}"])
            Assert.StartsWith("x: is an SVG, a drawing", Message(System.Text.Encoding.UTF8.GetBytes(text), 0), StringComparison.Ordinal);
        Assert.Equal(20, Image.FromSvg("<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'/>").Width);
    }

    [Fact]
    public void A_picture_that_takes_too_much_memory_is_refused_by_its_header()
    {
        using var black = VipsImage.Black(3000, 3000, bands: 3);
        var options = new DecodeOptions { MemoryLimit = 50_000_000 };
        foreach (var (file, fits) in ((byte[], bool)[])[(black.PngsaveBuffer(), true), (black.PngsaveBuffer(interlace: true), false),
            (black.WebpsaveBuffer(lossless: true, effort: 0), false), (black.GifsaveBuffer(), true), (black.JpegsaveBuffer(), true),
            (black.JpegsaveBuffer(interlace: true), false)])
        {
            Func<int> decode = () => Image.FromBytes(file, "x", options).Pixels.Length;
            if (fits)
                Assert.Equal(27_000_000, decode());
            else
                Assert.Matches("^x: a [A-Z]+ of 3000×3000 pixels, which takes [0-9,]+ bytes of memory to decode, at most 50,000,000",
                    Assert.Throws<InvalidDataException>(() => decode()).Message);
        }
    }

    [Fact]
    public void A_large_picture_ends_with_its_time_and_when_it_is_no_longer_wanted()
    {
        using var black = VipsImage.Black(8000, 8000, bands: 3);
        var file = black.PngsaveBuffer(compression: 1);
        Assert.StartsWith("x: is not decoded after 0 s", Assert.Throws<InvalidDataException>(() =>
            Image.FromBytes(file, "x", new() { TimeLimit = TimeSpan.FromMilliseconds(1) }).Pixels.Length).Message,
            StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        using (DecodingCancellation.By(stop.Token))
        {
            stop.Cancel();
            var watch = Stopwatch.StartNew();
            Assert.ThrowsAny<OperationCanceledException>(() => Image.FromBytes(file).Pixels.Length);
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
        }
        Assert.Equal(8000, Image.FromBytes(file).Resize(8000, 10, ResizingKind.Fill).Width);
    }

    [Fact]
    public void A_file_whose_name_is_no_UTF_8_says_so()
    {
        var message = Assert.Throws<FileNotFoundException>(() => Image.FromFile("/tmp/caf\uFFFD.jpg").Width).Message;
        Assert.Contains("no valid UTF-8", message, StringComparison.Ordinal);
    }

    static byte[] Jpeg(string kind)
    {
        var noise = Noise(96, 64, 3).Resize(192, 128);
        using var rgb = VipsImage.NewFromMemoryCopy<byte>(noise.Pixels.ToArray(), noise.Width, noise.Height, 3, Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb);
        using var cmyk = rgb.Colourspace(Enums.Interpretation.Cmyk);
        return kind switch
        {
            "restarts" => rgb.JpegsaveBuffer(q: 80, restartInterval: 4),
            "progressive" => rgb.JpegsaveBuffer(q: 80, interlace: true),
            "cmyk" => cmyk.JpegsaveBuffer(q: 80, keep: Enums.ForeignKeep.None),
            _ => rgb.JpegsaveBuffer(q: 80),
        };
    }

    static int Scan(byte[] jpeg)
    {
        var at = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        return at + 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    }

    static string Message(byte[] file, int size) => Assert.Throws<InvalidDataException>(() =>
    {
        var image = Image.FromBytes(file, "x");
        _ = (size == 0 ? image : image.Resize(size, size)).Pixels.Length;
    }).Message;
}
