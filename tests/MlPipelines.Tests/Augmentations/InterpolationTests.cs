using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

public sealed class InterpolationTests
{
    static readonly ImageSize size = new(12, 8);

    static Image Pattern() => Image.FromPixels(12, 8, 1, [.. Enumerable.Range(0, 96).Select(i => (byte)(i * 37))]);

    static ImageChange Draw(ImageAugmentation augmentation)
    {
        var dice = Dice.For(3);
        return augmentation.Draw(ref dice, size);
    }

    public static TheoryData<Func<Interpolation, ImageAugmentation>> Geometric => new()
    {
        between => new RandomShift(0.3f, Interpolation: between),
        between => new RandomRotation(40, Interpolation: between),
        between => new RandomShear(30, Interpolation: between),
        between => new RandomZoom(0.5f, 0.8f, Interpolation: between),
        between => new RandomResizedCrop(0.2f, 0.4f, Interpolation: between),
        between => new RandomPerspective(0.5f, 1, Interpolation: between),
    };

    [Theory, MemberData(nameof(Geometric), DisableDiscoveryEnumeration = true)]
    public void Nearest_makes_no_new_values_and_bilinear_is_the_default(Func<Interpolation, ImageAugmentation> make)
    {
        var image = Pattern();
        var known = image.Pixels.ToArray().ToHashSet();
        Assert.All(Draw(make(Interpolation.Nearest)).Apply(image).Pixels.ToArray(), value => Assert.Contains(value, known));
        Assert.Contains(Draw(make(Interpolation.Bilinear)).Apply(image).Pixels.ToArray(), value => !known.Contains(value));
        var constructor = make(Interpolation.Nearest).GetType().GetConstructors().Single();
        var last = constructor.GetParameters()[^1];
        Assert.Equal(("Interpolation", Interpolation.Bilinear), (last.Name, (Interpolation)last.DefaultValue!));
    }

    [Fact]
    public void Warps_that_interpolate_in_different_ways_stay_apart_and_whole_pixels_join_any()
    {
        var (nearest, bilinear) =
            (new Warp(AffineMap.Translation(0.3, 0), Interpolation: Interpolation.Nearest), new Warp(AffineMap.Translation(0, 0.3)));
        Assert.Null(nearest.Join(bilinear, size));
        Assert.Equal(bilinear.Apply(nearest.Apply(Pattern())).Pixels.ToArray(),
            ImageChange.Apply(Pattern(), [nearest, bilinear]).Pixels.ToArray());
        var moved = new Warp(AffineMap.Translation(2, -1));
        Assert.Equal(Interpolation.Nearest, Assert.IsType<Warp>(moved.Join(nearest, size)).Interpolation);
        Assert.Equal(Interpolation.Nearest, Assert.IsType<Warp>(nearest.Join(moved, size)).Interpolation);
        Assert.Equal(Interpolation.Bilinear,
            Assert.IsType<Warp>(bilinear.Join(moved with { Interpolation = Interpolation.Nearest }, size)).Interpolation);
        Assert.Equal(nearest.Apply(moved.Apply(Pattern())).Pixels.ToArray(),
            ImageChange.Apply(Pattern(), [moved, nearest]).Pixels.ToArray());
    }

    [Fact]
    public void A_perspective_keeps_its_interpolation_when_it_joins()
    {
        var seen = new PerspectiveWarp(PerspectiveMap.ToCorners(12, 8, (1, 1), (10, 0), (11, 7), (0, 6)),
            Interpolation: Interpolation.Nearest);
        var flip = new Warp(new(-1, 0, 11, 0, 1, 0));
        Assert.Equal(Interpolation.Nearest, Assert.IsType<PerspectiveWarp>(flip.Join(seen, size)).Interpolation);
        Assert.Equal(Interpolation.Nearest, Assert.IsType<PerspectiveWarp>(seen.Join(flip, size)).Interpolation);
        Assert.Null(seen.Join(seen with { Interpolation = Interpolation.Bilinear }, size));
        Assert.NotNull(seen.Join(seen, size));
        Assert.Equal(seen.Apply(Pattern().FlipHorizontal()).Pixels.ToArray(), ImageChange.Apply(Pattern(), [flip, seen]).Pixels.ToArray());
    }
}
