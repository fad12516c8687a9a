using FsCheck;
using FsCheck.Fluent;
using MlPipelines.Imaging;

namespace MlPipelines.Tests.Imaging;

public class AffineTests
{
    static readonly double[] Coordinates = [-2, -1.5, -1, -0.5, -0.25, 3.25, 3.5, 4, 5];

    // Made by SciPy 1.10.1, ndimage.map_coordinates of order 1 on [1, 2, 4, 8]; here times 16, so that quarters are whole.
    [Theory]
    [InlineData(FillMode.Nearest, new[] { 1.0, 1, 1, 1, 1, 8, 8, 8, 8 })]
    [InlineData(FillMode.Constant, new[] { 0.0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(FillMode.Reflect, new[] { 2.0, 1.5, 1, 1, 1, 8, 8, 8, 4 })]
    [InlineData(FillMode.Wrap, new[] { 2.0, 3, 4, 6, 7, 1.25, 1.5, 2, 4 })]
    public void Outside_is_filled_as_SciPy_fills_it(FillMode fill, double[] expected)
    {
        var row = Image.FromPixels(4, 1, 1, [16, 32, 64, 128]);
        var column = Image.FromPixels(1, 4, 1, [16, 32, 64, 128]);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(16 * expected[i], row.Affine(AffineMap.Translation(Coordinates[i], 0), fill: fill, width: 1).Pixels[0]);
            Assert.Equal(16 * expected[i], column.Affine(AffineMap.Translation(0, Coordinates[i]), fill: fill, height: 1).Pixels[0]);
        }
    }

    static Image Grid(int width, int height) =>
        Image.FromPixels(width, height, 1,
            [.. Enumerable.Range(0, width * height).Select(i => (byte)(20 * (i / width) + 2 * (i % width)))]);

    static int[] Row(Image image, int row) => [.. image.Pixels.Slice(row * image.Width, image.Width).ToArray().Select(x => (int)x)];

    [Fact]
    public void A_right_angle_turns_pixels_onto_pixels()
    {
        var turned = Grid(4, 4).Affine(AffineMap.Rotation(90).About(1.5, 1.5), fill: FillMode.Constant, value: new(99, 99, 99));
        Assert.Equal([6, 26, 46, 66], Row(turned, 0));
        Assert.Equal([0, 20, 40, 60], Row(turned, 3));
    }

    [Fact]
    public void Steps_stretches_and_slants_go_where_they_say()
    {
        Assert.Equal([2, 4, 6, 8, 8], Row(Grid(5, 4).Affine(AffineMap.Translation(1, 0)), 0));
        Assert.Equal([20, 22, 24, 26, 28], Row(Grid(5, 4).Affine(AffineMap.Translation(0, 1)), 0));
        Assert.Equal([0, 1, 5, 6], Row(Grid(4, 4).Affine(AffineMap.Scaling(2, 2).About(1.5, 1.5)), 0));
        Assert.Equal([42, 44, 46, 48, 48], Row(Grid(5, 4).Affine(AffineMap.Shear(0.5)), 2));
    }

    [Fact]
    public void Bilinear_mixes_four_pixels_and_nearest_takes_one()
    {
        var image = Image.FromPixels(2, 2, 1, [0, 100, 40, 200]);
        Assert.Equal(85, image.Affine(AffineMap.Translation(0.5, 0.5), width: 1, height: 1).Pixels[0]);
        Assert.Equal(66, image.Affine(AffineMap.Translation(0.25, 0.75), width: 1, height: 1).Pixels[0]);
        Assert.Equal(100, image.Affine(AffineMap.Translation(0.6, 0.4), Interpolation.Nearest, width: 1, height: 1).Pixels[0]);
    }

    [Fact]
    public void The_identity_changes_nothing_and_the_constant_has_three_channels()
    {
        var image = Pictures.Noise(9, 6, 1);
        Assert.True(image.Affine(AffineMap.Identity).Pixels.SequenceEqual(image.Pixels));
        Assert.Equal(new Colour(1, 2, 3),
            image.Affine(AffineMap.Translation(100, 0), fill: FillMode.Constant, value: new(1, 2, 3)).At(4, 4));
    }

    [Fact]
    public void Maps_follow_one_another()
    {
        var map = AffineMap.Translation(3, -1).Then(AffineMap.Rotation(90)).Then(AffineMap.Scaling(2, 1));
        var (x, y) = map.Apply(1, 1);
        Assert.Equal(0, x, 1e-12);
        Assert.Equal(4, y, 1e-12);
    }

    // One point at a time, in words of SciPy's documentation: what the fast ways must equal to the last bit.
    static byte[] Reference(Image image, Func<int, int, (double X, double Y)> source, Interpolation interpolation, FillMode fill,
        Colour value, int width, int height)
    {
        var result = new byte[width * height * image.Channels];
        byte[] outside = [value.Red, value.Green, value.Blue];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = source(i % width, i / width);
            if (!Shown(ref x, image.Width, fill) || !Shown(ref y, image.Height, fill))
            {
                outside.AsSpan(0, image.Channels).CopyTo(result.AsSpan(i * image.Channels));
                continue;
            }
            if (interpolation == Interpolation.Nearest)
                (x, y) = (Math.Floor(x + 0.5), Math.Floor(y + 0.5));
            var (left, top) = ((int)x, (int)y);
            var (right, bottom) = (Math.Min(left + 1, image.Width - 1), Math.Min(top + 1, image.Height - 1));
            var (across, down) = ((int)((x - left) * 1024 + 0.5), (int)((y - top) * 1024 + 0.5));
            for (var c = 0; c < image.Channels; c++)
            {
                int At(int column, int row) => image.Pixels[(row * image.Width + column) * image.Channels + c];
                var upper = At(left, top) * (1024 - across) + At(right, top) * across;
                var lower = At(left, bottom) * (1024 - across) + At(right, bottom) * across;
                result[i * image.Channels + c] = (byte)(upper * (1024 - down) + lower * down + (1 << 19) >> 20);
            }
        }
        return result;
    }

    static bool Shown(ref double x, int size, FillMode fill)
    {
        var last = size - 1;
        if (x >= 0 && x <= last)
            return true;
        if (Math.Round(x) is var whole && Math.Abs(x - whole) < 1e-9 && whole >= 0 && whole <= last)
            x = whole;
        else if (fill == FillMode.Constant)
            return false;
        else if (fill == FillMode.Nearest)
            x = Math.Clamp(x, 0, last);
        else if (fill == FillMode.Wrap)
            x = last == 0 ? 0 : Math.Clamp(x - Math.Floor(x / last) * last, 0, last);
        else
        {
            var along = x + 0.5 - Math.Floor((x + 0.5) / (2 * size)) * (2 * size);
            x = Math.Clamp((along < size ? along : 2 * size - along) - 0.5, 0, last);
        }
        return true;
    }

    static readonly Func<double, double, AffineMap>[] Kinds =
    [
        (one, two) => new(1 + one, two, 9 * one, one * two, 1 - two, -7 * two),
        (one, two) => AffineMap.Rotation(180 * one).About(20 * two, 5),
        (one, two) => AffineMap.Rotation(90 * Math.Round(4 * one)).About(Math.Round(40 * two) / 2, Math.Round(40 * one) / 2),
        (one, two) => AffineMap.Translation(Math.Round(30 * one), Math.Round(30 * two)),
        (one, two) => new(one < 0 ? -1 : 1, 0, Math.Round(70 * two), 0, two < 0 ? -1 : 1, Math.Round(70 * one)),
        (one, two) => AffineMap.Translation(70 * one, two + Math.Pow(10, -10 * Math.Abs(one))),
        (one, two) => AffineMap.Scaling(1e3 * one, two).Then(AffineMap.Translation(-100, 1e6 * one)),
        (one, two) => AffineMap.Scaling(1e12 * one, 1 + two),
    ];

    [Fact]
    public void Every_map_size_and_fill_gives_what_point_by_point_gives() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(600).WithQuietOnSuccess(true),
        Prop.ForAll(
            (from seed in Gen.Choose(0, int.MaxValue)
             from width in Gen.Choose(1, 75)
             from height in Gen.Choose(1, 12)
             from channels in Gen.Elements(1, 3)
             from fill in Gen.Elements(Enum.GetValues<FillMode>())
             from interpolation in Gen.Elements(Enum.GetValues<Interpolation>())
             from kind in Gen.Choose(0, Kinds.Length - 1)
             select (seed, width, height, channels, fill, interpolation, kind)).ToArbitrary(),
            at =>
            {
                var dice = Dice.For(at.seed);
                var pixels = new byte[at.width * at.height * at.channels];
                foreach (ref var value in pixels.AsSpan())
                    value = (byte)dice.Below(256);
                var image = Image.FromPixels(at.width, at.height, at.channels, pixels);
                var map = Kinds[at.kind](dice.Uniform(-1, 1), dice.Uniform(-1, 1));
                var (width, height, colour) = (1 + dice.Below(80), 1 + dice.Below(10), new Colour(9, 99, 199));
                Assert.Equal(Reference(image, (x, y) => map.Apply(x, y), at.interpolation, at.fill, colour, width, height),
                    image.Affine(map, at.interpolation, at.fill, colour, width, height).Pixels.ToArray());

                var seen = PerspectiveMap.From(map) with { W = new(dice.Uniform(-0.05, 0.05), dice.Uniform(-0.05, 0.05), 1) };
                Assert.Equal(Reference(image, (x, y) => seen.Apply(x, y), Interpolation.Bilinear, at.fill, colour, at.width, at.height),
                    image.Perspective(seen, at.fill, colour).Pixels.ToArray());
            }));

    [Fact]
    public void A_map_of_no_number_is_refused()
    {
        foreach (var size in new[] { 1, 9 })
            Assert.Throws<ArgumentException>(() => Pictures.Noise(size, size, 1).Affine(AffineMap.Translation(double.NaN, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pictures.Noise(9, 9, 1).Affine(AffineMap.Translation(0.5, 0), fill: (FillMode)7));
    }
}
