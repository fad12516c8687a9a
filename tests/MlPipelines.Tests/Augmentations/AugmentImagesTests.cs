using MlPipelines.Imaging;

namespace MlPipelines.Tests.Augmentations;

public sealed class AugmentImagesTests
{
    static readonly ImageAugmentation[] All = [new RandomFlip(), new RandomShift(0.1f), new RandomRotation(20), new RandomErasing()];

    static Image Pattern(long sample) =>
        Image.FromPixels(12, 8, 3, [.. Enumerable.Range(0, 12 * 8 * 3).Select(i => (byte)(i * 37 + sample * 11))]);

    static SourceView Images(long count) => new(count, SourceColumn.Pictures("Image", new(8, 12), Pattern));

    static byte[][] Pixels(IDataView view, int epoch, int workers, int seed = 1, params Augmentation[] augmentations)
    {
        var step = new MLContext(seed).Transforms.AugmentImages("Image", augmentations is [] ? All : augmentations).Fit(view);
        return [.. step.TransformForTraining(view)
            .Read(["Image"], row => row.Get<Picture>("Image").Draw(epoch).Pixels.ToArray(), new() { Workers = workers })];
    }

    [Fact]
    public void Pixels_depend_on_seed_epoch_and_sample_but_not_on_workers_or_order()
    {
        var one = Pixels(Images(40), 3, 1);
        Assert.Equal(one, Pixels(Images(40), 3, 4));
        Assert.NotEqual(one, Pixels(Images(40), 4, 1));
        Assert.NotEqual(one, Pixels(Images(40), 3, 1, seed: 2));
        var shuffled = new Shuffled(Images(40), 9);
        var ids = shuffled.Rows().Select(row => row.Id).ToArray();
        Assert.NotEqual(ids.Order(), ids);
        Assert.Equal(ids.Select(id => one[id]), Pixels(shuffled, 3, 2));
    }

    /// <summary>Rows in another order, each with the id that it had.</summary>
    sealed class Shuffled(IDataView source, int seed) : IDataView
    {
        public DataViewSchema Schema => source.Schema;
        public bool CanShuffle => false;
        public long? GetRowCount() => source.GetRowCount();
        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            source.GetRowCursor(columnsNeeded, new Random(seed));
        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded)];
    }

    [Fact]
    public void No_augmentation_of_all_depends_on_the_number_of_workers()
    {
        ImageAugmentation[] family = [
            .. Catalog<ImageAugmentation>.Members.Values.Select(type => type.GetConstructors().MaxBy(each => each.GetParameters().Length)!)
            .Where(constructor => constructor.GetParameters().All(parameter => parameter.HasDefaultValue))
            .Select(constructor =>
                (ImageAugmentation)constructor.Invoke([.. constructor.GetParameters()
                    .Select(parameter => parameter.DefaultValue
                        ?? (parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null))]))];
        Assert.InRange(family.Length, 19, int.MaxValue);
        var one = Pixels(Images(60), 2, 1, 1, family);
        foreach (var workers in new[] { 2, 5 })
            Assert.Equal(one, Pixels(Images(60), 2, workers, 1, family));
    }

    [Fact]
    public void Outside_of_fitting_images_pass_as_they_are()
    {
        var images = Images(5);
        var plain = Enumerable.Range(0, 5).Select(i => Pattern(i).Pixels.ToArray()).ToArray();
        Assert.Equal(plain, Pixels(images, SampleTable.AsItIs, 1));
        var after = new MLContext(1).Transforms.AugmentImages("Image", All).Fit(images).Transform(images);
        Assert.Equal(plain, after.Rows("Image").Select(row => row.Get<Picture>("Image").Draw(3).Pixels.ToArray()));
    }

    [Fact]
    public void A_flip_mirrors_exactly_and_half_the_time()
    {
        var (image, flips) = (Pattern(0), 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var dice = Dice.For(seed);
            var change = new RandomFlip().Draw(ref dice, new(12, 8));
            var changed = change.Apply(image);
            if (changed.Pixels.SequenceEqual(image.Pixels))
                continue;
            flips++;
            Assert.Equal(image.FlipHorizontal().Pixels.ToArray(), changed.Pixels.ToArray());
        }
        Assert.InRange(flips, 160, 240);
    }

    [Fact]
    public void Neighbouring_warps_are_one_resample()
    {
        var image = Pattern(0);
        ImageChange left = new Warp(AffineMap.Translation(0.5, 0)), back = new Warp(AffineMap.Translation(-0.5, 0));
        Assert.Equal(image.Pixels.ToArray(), ImageChange.Apply(image, [left, ImageChange.None, back]).Pixels.ToArray());
        Assert.NotEqual(image.Pixels.ToArray(), back.Apply(left.Apply(image)).Pixels.ToArray());
    }

    [Fact]
    public void Warps_are_applied_in_order()
    {
        var image = Pattern(0);
        var turn = new Warp(AffineMap.Rotation(90).About(5.5, 3.5));
        var shift = new Warp(AffineMap.Translation(2, 0));
        // Beyond the tenth column the shift brings in what lies outside.
        Assert.Equal(shift.Apply(turn.Apply(image)).Crop(0, 0, 10, 8).Pixels.ToArray(),
            ImageChange.Apply(image, [turn, shift]).Crop(0, 0, 10, 8).Pixels.ToArray());
        Assert.NotEqual(turn.Apply(shift.Apply(image)).Crop(0, 0, 10, 8).Pixels.ToArray(),
            ImageChange.Apply(image, [turn, shift]).Crop(0, 0, 10, 8).Pixels.ToArray());
    }

    [Fact]
    public void A_shift_stays_within_its_fraction_and_its_draws_fill_it()
    {
        var maps = Draws(new RandomShift(0.25f), 500).Cast<Warp>().Select(warp => warp.Map).ToArray();
        Assert.All(maps, map => Assert.InRange(map.X0, -3, 3));
        Assert.All(maps, map => Assert.InRange(map.Y0, -2, 2));
        Assert.True(maps.Max(map => map.X0) > 2.8 && maps.Min(map => map.Y0) < -1.8);
    }

    [Fact]
    public void A_rotation_keeps_the_centre()
    {
        Assert.All(Draws(new RandomRotation(30), 100).Cast<Warp>(), warp =>
        {
            var (x, y) = warp.Map.Apply(5.5, 3.5);
            Assert.Equal(5.5, x, 9);
            Assert.Equal(3.5, y, 9);
            Assert.InRange(warp.Map.XX, Math.Cos(Math.PI / 6), 1);
        });
    }

    [Fact]
    public void Erasing_has_the_areas_and_the_frequency_of_its_definition()
    {
        var drawn = Draws(new RandomErasing(), 4000, new(100, 80)).ToArray();
        var rectangles = drawn.OfType<Erase>().ToArray();
        Assert.InRange(rectangles.Length / 4000.0, 0.47, 0.53);
        Assert.All(rectangles, erase =>
        {
            Assert.True(erase.Area.Left >= 0 && erase.Area.Top >= 0 && erase.Area.Left + erase.Area.Width <= 100
                && erase.Area.Top + erase.Area.Height <= 80);
            // Rounding down takes at most one row and one column.
            Assert.InRange(erase.Area.Width * erase.Area.Height, 0.02 * 8000 - erase.Area.Width - erase.Area.Height - 1, 0.4 * 8000);
            Assert.InRange((erase.Area.Height + 1.0) / erase.Area.Width, 0.3, double.MaxValue);
            Assert.InRange(erase.Area.Height / (erase.Area.Width + 1.0), 0, 1 / 0.3);
        });
        Assert.NotEqual(rectangles[0], rectangles[1]);
    }

    [Fact]
    public void Erasing_paints_one_value_or_noise_and_leaves_the_rest_and_the_source()
    {
        var image = Pattern(0);
        var before = image.Pixels.ToArray();
        var plain = new Erase(new(2, 1, 4, 3), 7, EachPixel: false).Apply(image);
        var noise = new Erase(new(2, 1, 4, 3), 7, EachPixel: true).Apply(image);
        Assert.Equal(before, image.Pixels.ToArray());
        Assert.Single(plain.Crop(2, 1, 4, 3).Pixels.ToArray().Distinct());
        Assert.True(noise.Crop(2, 1, 4, 3).Pixels.ToArray().Distinct().Count() > 20);
        Assert.Equal(image.Crop(0, 4, 12, 4).Pixels.ToArray(), noise.Crop(0, 4, 12, 4).Pixels.ToArray());
        Assert.Equal(image.Crop(0, 0, 2, 8).Pixels.ToArray(), plain.Crop(0, 0, 2, 8).Pixels.ToArray());
    }

    [Fact]
    public void A_picture_of_one_pixel_survives_everything() =>
        Assert.Equal(1, ImageChange.Apply(Image.FromPixels(1, 1, 1, [5]), All.Select(augmentation =>
        {
            var dice =
        Dice.For(3); return augmentation.Draw(ref dice, new(1, 1));
        })).Width);

    static IEnumerable<ImageChange> Draws(ImageAugmentation augmentation, int count, ImageSize? size = null) => Enumerable.Range(0, count)
        .Select(seed =>
    {
        var dice = Dice.For(seed);
        return augmentation.Draw(ref dice, size ?? new(12, 8));
    });
}
