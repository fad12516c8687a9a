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

    static Image Grid(int width, int height) => Image.FromPixels(width, height, 1, [.. Enumerable.Range(0, width * height).Select(i => (byte)(20 * (i / width) + 2 * (i % width)))]);

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
        Assert.Equal(new Colour(1, 2, 3), image.Affine(AffineMap.Translation(100, 0), fill: FillMode.Constant, value: new(1, 2, 3)).At(4, 4));
    }

    [Fact]
    public void Maps_follow_one_another()
    {
        var map = AffineMap.Translation(3, -1).Then(AffineMap.Rotation(90)).Then(AffineMap.Scaling(2, 1));
        var (x, y) = map.Apply(1, 1);
        Assert.Equal(0, x, 1e-12);
        Assert.Equal(4, y, 1e-12);
    }
}
