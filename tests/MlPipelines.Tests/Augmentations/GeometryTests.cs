using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

public sealed class GeometryTests
{
    static readonly ImageSize size = new(12, 8);

    static Image Pattern(int width = 12, int height = 8) =>
        Image.FromPixels(width, height, 3, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i * 37))]);

    static ImageChange[] Draws(ImageAugmentation augmentation, int count = 300,
        ImageSize? of = null) => [.. Enumerable.Range(0, count).Select(seed =>
    {
        var dice = Dice.For(seed);
        return augmentation.Draw(ref dice, of ?? size);
    })];

    [Fact]
    public void A_shear_keeps_the_centre_and_the_rows_and_stays_within_its_angle()
    {
        var maps = Draws(new RandomShear(30)).Cast<Warp>().Select(warp => warp.Map).ToArray();
        Assert.All(maps, map =>
        {
            Assert.Equal(5.5, map.Apply(5.5, 3.5).X, 9);
            Assert.Equal(2.0, map.Apply(7, 2).Y, 9);
            Assert.InRange(map.Apply(5.5, 4.5).X - 5.5, -Math.Tan(Math.PI / 6), Math.Tan(Math.PI / 6));
        });
        Assert.True(maps.Max(map => map.XY) > 0.55 && maps.Min(map => map.XY) < -0.55);
    }

    [Fact]
    public void A_zoom_keeps_the_centre_and_the_shape_unless_each_axis_has_its_own()
    {
        Assert.All(Draws(new RandomZoom(0.5f, 2)).Cast<Warp>(), warp =>
        {
            Assert.Equal((5.5, 3.5), warp.Map.Apply(5.5, 3.5));
            Assert.InRange(warp.Map.XX, 0.5, 2);
            Assert.Equal(warp.Map.XX, warp.Map.YY);
        });
        Assert.Contains(Draws(new RandomZoom(0.5f, 2, EachAxis: true)).Cast<Warp>(), warp => Math.Abs(warp.Map.XX - warp.Map.YY) > 0.5);
    }

    [Fact]
    public void A_zoom_of_one_half_shows_the_middle_twice_as_large()
    {
        var image = Image.FromPixels(4, 1, 1, [0, 10, 20, 30]);
        // Centres 1.5 ± 0.25 and ± 0.75 of a line that rises by 10 a pixel.
        Assert.Equal([8, 13, 18, 23], Draws(new RandomZoom(0.5f, 0.5f), 1, new(4, 1))[0].Apply(image).Pixels.ToArray());
    }

    [Fact]
    public void A_resized_crop_lies_within_the_image_and_has_the_areas_and_aspects_asked_for()
    {
        var maps = Draws(new RandomResizedCrop(0.2f, 0.8f), 1000, new(200, 160)).Cast<Warp>().Select(warp => warp.Map).ToArray();
        Assert.All(maps, map =>
        {
            var ((left, top), (right, bottom)) = (map.Apply(-0.5, -0.5), map.Apply(199.5, 159.5));
            Assert.True(left >= -0.5 - 1e-9 && top >= -0.5 - 1e-9 && right <= 199.5 + 1e-9 && bottom <= 159.5 + 1e-9);
            Assert.InRange((right - left) * (bottom - top) / 32000, 0.19, 0.81);
            Assert.InRange((right - left) / (bottom - top), 0.73, 1.36);
        });
        // Half of the logarithms of the aspects lie below 1, hardly touched by what does not fit.
        Assert.InRange(maps.Count(map => map.XX * 200 < map.YY * 160), 430, 570);
    }

    [Fact]
    public void A_resized_crop_that_never_fits_is_the_largest_in_the_middle()
    {
        var map = Assert.IsType<Warp>(Draws(new RandomResizedCrop(1, 1, 1, 1), 1, new(20, 8))[0]).Map;
        Assert.Equal(5.5, map.Apply(-0.5, -0.5).X, 9);
        Assert.Equal(13.5, map.Apply(19.5, 7.5).X, 9);
        Assert.Equal(7.5, map.Apply(19.5, 7.5).Y, 9);
    }

    [Fact]
    public void A_resized_crop_equals_crop_and_resize_away_from_the_cut()
    {
        var image = Image.FromPixels(16, 16, 1, [.. Enumerable.Range(0, 256).Select(i => (byte)(i * 73))]);
        var warp = Draws(new RandomResizedCrop(0.25f, 0.25f, 1, 1), 1, new(16, 16))[0];
        var (left, top) = Assert.IsType<Warp>(warp).Map.Apply(-0.5, -0.5);
        var expected = image.Crop((int)(left + 0.5), (int)(top + 0.5), 8, 8).Resize(16, 16, ResizingKind.Fill)
            .Crop(1, 1, 14, 14).Pixels.ToArray();
        Assert.All(warp.Apply(image).Crop(1, 1, 14, 14).Pixels.ToArray().Zip(expected),
            pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void Pad_and_crop_shifts_by_whole_pixels_and_fills_with_the_colour()
    {
        var maps = Draws(new PadAndCrop(2), 500).Cast<Warp>().Select(warp => (warp.Map.X0, warp.Map.Y0)).ToArray();
        Assert.Equal(25, maps.Distinct().Count());
        Assert.All(maps, shift => Assert.True(shift is ( >= -2 and <= 2, >= -2 and <= 2)));
        var change = Draws(new PadAndCrop(2, Value: new(9, 8, 7)), 500).Cast<Warp>()
            .First(warp => warp.Map == AffineMap.Translation(2, -1));
        var image = change.Apply(Pattern());
        Assert.Equal(Pattern().Crop(2, 0, 10, 7).Pixels.ToArray(), image.Crop(0, 1, 10, 7).Pixels.ToArray());
        Assert.Equal([9, 8, 7], image.Crop(5, 0, 1, 1).Pixels.ToArray());
        Assert.Equal([9, 8, 7], image.Crop(11, 4, 1, 1).Pixels.ToArray());
    }

    [Fact]
    public void A_perspective_takes_each_corner_of_the_result_from_the_corner_of_the_image()
    {
        var map = PerspectiveMap.ToCorners(100, 80, (10, 5), (90, 0), (70, 79), (3, 60));
        void Comes((double X, double Y) from, (double X, double Y) at)
        {
            var (x, y) = map.Apply(at.X, at.Y);
            Assert.Equal(from.X, x, 6);
            Assert.Equal(from.Y, y, 6);
        }
        Comes((0, 0), (10, 5));
        Comes((99, 0), (90, 0));
        Comes((99, 79), (70, 79));
        Comes((0, 79), (3, 60));
        // Diagonals stay diagonals: their crossing is the image's centre.
        Comes((49.5, 39.5), Crossing((10, 5), (70, 79), (90, 0), (3, 60)));
    }

    static (double X, double Y) Crossing((double X, double Y) a, (double X, double Y) b, (double X, double Y) c, (double X, double Y) d)
    {
        var (abx, aby, cdx, cdy) = (b.X - a.X, b.Y - a.Y, d.X - c.X, d.Y - c.Y);
        var along = ((c.X - a.X) * cdy - (c.Y - a.Y) * cdx) / (abx * cdy - aby * cdx);
        return (a.X + along * abx, a.Y + along * aby);
    }

    [Fact]
    public void Perspectives_at_their_widest_show_the_middle_and_nothing_beyond_the_horizon()
    {
        static bool Inside((double X, double Y) at) => at.X is >= 0 and <= 99 && at.Y is >= 0 and <= 99;
        var beyond = 0;
        foreach (var map in Draws(new RandomPerspective(0.6f, 1), 500, new(100, 100)).Cast<PerspectiveWarp>().Select(warp => warp.Map))
        {
            Assert.True(Inside(map.Apply(49.5, 49.5)));
            foreach (var (x, y) in new[]
            {
                (0, 0),
                (99, 0),
                (0, 99),
                (99, 99),
            }.Where(corner => map.W.At(corner.Item1, corner.Item2) <= 0))
            {
                beyond++;
                Assert.False(Inside(map.Apply(x, y)));
            }
        }
        Assert.True(beyond > 0);
    }

    [Fact]
    public void Three_corners_in_one_line_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => PerspectiveMap.ToCorners(10, 10, (0, 0), (5, 0), (9, 0), (0, 9)));
        Assert.Contains("convex", error.Message);
    }

    [Fact]
    public void A_perspective_joins_warps_before_and_after_into_one_resample()
    {
        ImageChange shift = new Warp(AffineMap.Translation(0.5, 0)), back = new Warp(AffineMap.Translation(-0.5, 0));
        ImageChange none = new PerspectiveWarp(PerspectiveMap.From(AffineMap.Identity));
        Assert.Equal(Pattern().Pixels.ToArray(), ImageChange.Apply(Pattern(), [shift, none, back]).Pixels.ToArray());
        var seen = new PerspectiveWarp(PerspectiveMap.ToCorners(12, 8, (1, 1), (10, 0), (11, 7), (0, 6)), FillMode.Constant, new(1, 2, 3));
        var flip = new Warp(new(-1, 0, 11, 0, 1, 0));
        Assert.Equal(Pattern().FlipHorizontal().Perspective(seen.Map, FillMode.Constant, new(1, 2, 3)).Pixels.ToArray(),
            ImageChange.Apply(Pattern(), [flip, seen]).Pixels.ToArray());
        Assert.Equal(seen.Apply(Pattern()).FlipHorizontal().Pixels.ToArray(), ImageChange.Apply(Pattern(), [seen, flip]).Pixels.ToArray());
    }

    [Fact]
    public void Warps_that_fill_with_different_colours_stay_apart_and_a_flip_joins_any()
    {
        var black = new Warp(AffineMap.Translation(2, 0), FillMode.Constant);
        var white = new Warp(AffineMap.Translation(0, 2), FillMode.Constant, Colour.White);
        Assert.Null(black.Join(white, size));
        Assert.Equal(white.Apply(black.Apply(Pattern())).Pixels.ToArray(), ImageChange.Apply(Pattern(), [black, white]).Pixels.ToArray());
        var flip = new Warp(new(-1, 0, 11, 0, 1, 0));
        Assert.Equal(FillMode.Constant, Assert.IsType<Warp>(flip.Join(white, size)).Fill);
        Assert.Equal(Colour.White, Assert.IsType<Warp>(white.Join(flip, size)).Value);
    }

    [Fact]
    public void What_a_shift_or_a_turn_brings_in_is_the_colour_given()
    {
        ImageAugmentation[] all = [new RandomShift(1, FillMode.Constant, Colour.White),
            new RandomRotation(90, FillMode.Constant, Colour.White), new RandomShear(60, FillMode.Constant, Colour.White),
            new RandomZoom(2, 3, false, FillMode.Constant, Colour.White)];
        var black = Image.FromPixels(12, 8, 1, new byte[96]);
        Assert.All(all,
            augmentation =>
                Assert.All(Draws(augmentation, 20),
                    change => Assert.DoesNotContain(change.Apply(black).Pixels.ToArray(), value => value is not (0 or 255))));
        Assert.All(all, augmentation => Assert.Contains(Draws(augmentation, 20), change => change.Apply(black).Pixels.Contains((byte)255)));
        Assert.All(Draws(new RandomShift(0.5f, Down: 0)).Cast<Warp>(), warp => Assert.Equal(0, warp.Map.Y0));
    }
}
