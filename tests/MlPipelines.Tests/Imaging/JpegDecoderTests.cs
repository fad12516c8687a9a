using FsCheck.Fluent;
using MlPipelines.Imaging;
using MlPipelines.Imaging.Jpeg;
using NetVips;
using Image = MlPipelines.Imaging.Image;
using VipsImage = NetVips.Image;

namespace MlPipelines.Tests.Imaging;

/// <summary>Our decoder against libvips alone: the same pixels, bit for bit, or the same refusal.</summary>
public class JpegDecoderTests
{
    const int Automatic = 0, Always = 1, Never = 2;

    [Fact]
    public void What_libvips_encodes_is_decoded_as_libvips_decodes_it()
    {
        var files =
            from width in Gen.Choose(1, 300)
            from height in Gen.Choose(1, 200)
            from quality in Gen.Choose(1, 100)
            from subsampling in Gen.Elements(Automatic, Always, Never)
            from optimized in Gen.Elements(false, true)
            from interval in Gen.Elements(0, 0, 1, 7)
            from channels in Gen.Elements(1, 3, 3)
            from kind in Gen.Choose(0, 2)
            from seed in Gen.Choose(0, int.MaxValue)
            select (width, height, quality, subsampling, optimized, interval, channels, kind, seed);
        FsCheck.Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(150).WithQuietOnSuccess(true),
            Prop.ForAll(files.ToArbitrary(), way => AssertOwnAndEqual(
                Encode(Picture(way.kind, way.width, way.height, way.channels, way.seed), way.quality, way.subsampling, way.optimized,
                    way.interval))));
    }

    [Fact]
    public void Narrow_and_low_pictures_are_decoded_as_libvips_decodes_them()
    {
        for (var width = 1; width <= 18; width++)
            for (var height = 1; height <= 18; height += width % 3 + 1)
                AssertOwnAndEqual(Encode(Picture(0, width, height, 3, width * 31 + height), 90, Always, false, 0));
    }

    [Fact]
    public void Every_sampling_code_and_restart_interval_is_decoded_as_libvips_decodes_it()
    {
        var writers =
            from width in Gen.Choose(1, 90)
            from height in Gen.Choose(1, 90)
            from grey in Gen.Elements(false, false, false, true)
            from across in Gen.Choose(1, 2)
            from down in Gen.Choose(1, 2)
            from interval in Gen.Elements(0, 1, 2, 5, 1000)
            from density in Gen.Choose(0, 63)
            from seed in Gen.Choose(0, int.MaxValue)
            select new JpegWriter(width, height, grey ? 1 : 3, (across, down), interval, 6, density, 16, seed);
        FsCheck.Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200).WithQuietOnSuccess(true),
            Prop.ForAll(writers.ToArbitrary(), writer => AssertOwnAndEqual(writer.Write())));
    }

    [Fact]
    public void Coefficients_beyond_any_picture_are_decoded_as_libvips_decodes_them()
    {
        var own = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var file = new JpegWriter(40, 24, seed % 2 * 2 + 1, (1, 1), 0, 7 + seed % 4, seed % 5 * 4, 1 + seed / 4, seed).Write();
            own += AssertEqual(file) ? 1 : 0;
        }
        Assert.InRange(own, 10, 140);
    }

    [Fact]
    public void A_table_with_a_code_of_ones_alone_is_refused_as_libvips_refuses_it()
    {
        byte[] complete = [0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.False(AssertSame(new JpegWriter(40, 24, 3, (1, 1), 0, 6, 8, 16, 1) { DcCodesByLength = complete }.Write()));
    }

    [Theory]
    [InlineData(0x33)]
    [InlineData(0x22)]
    [InlineData(0x12)]
    public void Grey_is_decoded_block_by_block_whatever_its_factors(byte factors)
    {
        var file = Encode(Picture(0, 43, 37, 1, 5), 80, Automatic, false, 0);
        file[file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 11] = factors;
        AssertOwnAndEqual(file);
    }

    [Fact]
    public void Progressive_files_and_colours_without_conversion_are_left_to_libvips()
    {
        var progressive = Encode(Picture(0, 40, 30, 3, 1), 80, Automatic, false, 0, progressive: true);
        Assert.Null(JpegFrameReader.Read(progressive));
        var baseline = Encode(Picture(0, 40, 30, 3, 1), 80, Automatic, false, 0);
        byte[] adobe = [.. baseline.AsSpan(0, 2), 0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0, .. baseline.AsSpan(2)];
        Assert.Null(JpegFrameReader.Read(adobe));
        adobe[17] = 1;
        AssertOwnAndEqual(adobe);
    }

    [Fact]
    public void A_picture_larger_than_the_limit_is_refused_before_it_is_decoded()
    {
        var file = Encode(Picture(0, 40, 30, 3, 1), 80, Automatic, false, 0);
        var options = new DecodeOptions { PixelLimit = 1199 };
        Assert.Equal(
            "a.jpg: its header announces 40×30 pixels, at most 1,199 in all are read. Make it smaller, or raise "
                + "DecodeOptions.PixelLimit in a program.",
            Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "a.jpg", options).Width).Message);
        Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "a.jpg", options).Resize(30, 30));
        Assert.Equal(40, Image.FromBytes(file, "a.jpg", options with { PixelLimit = 1200 }).Width);
    }

    [Fact]
    public void A_header_that_promises_a_narrower_picture_than_was_written_is_found_out()
    {
        var file = Encode(Pictures.Noise(64, 48, 1), 90, Never, false, 0);
        var frame = file.AsSpan().IndexOf([JpegMarker.Prefix, JpegMarker.Baseline]);
        (file[frame + 7], file[frame + 8]) = (0, 40);
        Assert.Matches("^a.jpg: JPEG is damaged: [0-9,]+ bytes of its pixels are left when the 40×48 are read that its header promises.",
            Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "a.jpg").Encode(".png")).Message);
    }

    [Fact]
    public void Coding_by_arithmetic_with_the_tables_of_another_code_is_damage()
    {
        var file = Encode(Pictures.Noise(64, 48, 1), 90, Never, false, 0);
        file[file.AsSpan().IndexOf([JpegMarker.Prefix, JpegMarker.Baseline]) + 1] = JpegMarker.FirstArithmetic;
        Assert.Contains("coded by arithmetic, but it has the tables of Huffman's code",
            Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "a.jpg").Encode(".png")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_is_not_read_is_no_damage()
    {
        var file = Encode(Pictures.Noise(64, 48, 1), 90, Never, false, 0);
        // Twelve bits a sample.
        file[file.AsSpan().IndexOf([JpegMarker.Prefix, JpegMarker.Baseline]) + 4] = 12;
        Assert.Matches("^a.jpg: is a JPEG of a kind that is not read .* Convert it.$",
            Assert.Throws<InvalidDataException>(() => Image.FromBytes(file, "a.jpg").Encode(".png")).Message);
    }

    [Fact]
    public void Files_cut_short_give_what_libvips_gives()
    {
        foreach (var file in Samples())
            for (var length = 3; length < file.Length; length += length < 700 ? 13 : 97)
                AssertSame(file.AsMemory(0, length).ToArray());
    }

    [Fact]
    public void Files_with_bytes_changed_give_what_libvips_gives()
    {
        var samples = Samples();
        var own = 0;
        for (var seed = 0; seed < 1200; seed++)
        {
            var dice = Dice.For(seed);
            var file = (byte[])samples[seed % samples.Length].Clone();
            for (var i = dice.Below(3); i >= 0; i--)
                file[3 + dice.Below((seed % 3 == 0 ? 700 : file.Length) - 3)] = (byte)dice.Below(256);
            own += AssertSame(file) ? 1 : 0;
        }
        Assert.InRange(own, 50, 1150);
    }

    [Fact]
    public void Bytes_put_in_or_left_out_give_what_libvips_gives()
    {
        var samples = Samples();
        for (var seed = 0; seed < 300; seed++)
        {
            var dice = Dice.For(seed, 1);
            var file = samples[seed % samples.Length];
            var at = 3 + dice.Below(file.Length - 3);
            AssertSame(seed % 2 == 0 ? [.. file.AsSpan(0, at), .. file.AsSpan(at + 1)]
                : [.. file.AsSpan(0, at), dice.Chance(0.5) ? (byte)255 : (byte)dice.Below(256), .. file.AsSpan(at)]);
        }
    }

    static byte[][] Samples() =>
    [
        Encode(Picture(1, 61, 47, 3, 1), 75, Always, false, 0),
        Encode(Picture(0, 40, 40, 3, 2), 90, Never, true, 3),
        Encode(Picture(2, 50, 33, 1, 3), 60, Automatic, false, 0),
        Pictures.WithOrientation(Encode(Picture(1, 32, 50, 3, 4), 85, Always, false, 2), 6),
        new JpegWriter(50, 60, 3, (2, 1), 4, 5, 6, 12, 5).Write(),
    ];

    static void AssertOwnAndEqual(byte[] file) => Assert.True(AssertEqual(file), "left to libvips");

    static bool AssertEqual(byte[] file)
    {
        if (Own(file) is not { } own)
            return false;
        var (header, bitmap) = ByVips(file);
        Assert.Equal((header.Width, header.Height), (own.Width, own.Height));
        var different = own.Pixels.AsSpan().CommonPrefixLength(bitmap.Pixels);
        Assert.True(different == bitmap.Pixels.Length, $"{own.Width}×{own.Height}: byte {different} differs");
        return true;
    }

    /// <summary>Compares pixels, or the message; true if the file was ours to decode.</summary>
    static bool AssertSame(byte[] file)
    {
        var decoded = Own(file) is not null;
        var outcome = Outcome(() =>
        {
            var (header, bitmap, _) = Decoder.Decode(file, "image", DecodeOptions.Default);
            return (header, bitmap);
        });
        // What libvips passes over.
        if (!outcome.Contains("of its pixels are left", StringComparison.Ordinal)
            && !outcome.Contains("by arithmetic", StringComparison.Ordinal))
            Assert.Equal(Outcome(() => ByVips(file)), outcome);
        Assert.Equal(
            Outcome(() => (VipsDecoder.ReadHeader(Jpeg(file)), null)),
            Outcome(() => (Decoder.ReadHeader(file, "image", DecodeOptions.Default), null)));
        return decoded;
    }

    static EncodedPicture Jpeg(byte[] file) => new(file, "image", ImageFormat.Jpeg, DecodeOptions.Default);

    static (Header Header, Bitmap Bitmap) ByVips(byte[] file)
    {
        var (header, bitmap, _) = VipsDecoder.Decode(Jpeg(file), default, long.MaxValue, out _)!.Value;
        return (header, bitmap);
    }

    static string Outcome(Func<(Header Header, Bitmap? Bitmap)> decode)
    {
        try
        {
            var (header, bitmap) = decode();
            return $"{header} {(bitmap is null ? "" : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bitmap.Pixels)))}";
        }
        catch (InvalidDataException error)
        {
            return error.Message;
        }
    }

    static Bitmap? Own(byte[] file)
    {
        var frame = JpegFrameReader.Read(file);
        if (frame is null || JpegDecoder.Decode(file, frame, borrowed: false, out _) is not { } bitmap)
            return null;
        return Orientation.Apply(bitmap, frame.Orientation);
    }

    // Noise, a smooth slope with a disc, or a drawing of hard edges.
    static Image Picture(int kind, int width, int height, int channels, long seed)
    {
        var dice = Dice.For(seed);
        var (a, b) = (dice.Below(7) + 1, dice.Below(7) + 1);
        var image = kind switch
        {
            0 => Pictures.Noise(width, height, seed),
            1 => Pictures.Paint(width, height,
                (x, y) => new((byte)(x * a), (byte)(x * b / 2 + y), (byte)(Math.Abs(x - 20) < 9 && Math.Abs(y - 20) < 9 ? 250 : y * a))),
            _ => Pictures.Paint(width, height,
                (x, y) => (x / a + y / b) % 2 == 0 ? Pictures.White : x % 9 < 3 ? Pictures.Red : Pictures.Blue),
        };
        return channels == 1 ? image.ToGrayscale() : image;
    }

    static byte[] Encode(Image image, int quality, int subsampling, bool optimized, int interval,
        bool progressive = false) => Vips.Run(() =>
    {
        using var raw = VipsImage.NewFromMemoryCopy(image.Pixels, image.Width, image.Height, image.Channels, Enums.BandFormat.Uchar);
        using var tagged = raw.Copy(interpretation: image.Channels == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return tagged.JpegsaveBuffer(q: quality, subsampleMode: (Enums.ForeignSubsample)subsampling, optimizeCoding: optimized,
            restartInterval: interval, interlace: progressive);
    });
}
