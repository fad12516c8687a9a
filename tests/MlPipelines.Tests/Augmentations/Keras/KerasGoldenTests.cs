using MlPipelines.Tensors;
using MlPipelines.Tests.Data.Statistics;

namespace MlPipelines.Tests.Augmentations.Keras;

/// <summary>Numbers of Keras's own functions, computed with keras-preprocessing 1.1.2 and its later master, and of SciPy.</summary>
public sealed class KerasGoldenTests
{
    static Tensor Ramp(int height, int width) =>
        Tensor.Of<float>([1, height, width], [.. Enumerable.Range(0, height * width).Select(i => 10f * (i / width) + i % width)]);

    static float[] Row(Tensor image, int row) => image.Elements<float>().Slice(row * image.Shape[2], image.Shape[2]).ToArray();

    static void AssertRow(double[] expected, KerasCompatibility compatibility, TransformParameters drawn, int row = 0, int width = 5) =>
        Assert.All(expected.Zip(Row(new ImageDataGenerator { Compatibility = compatibility }.ApplyTransform(Ramp(4, width), drawn), row)),
            pair => Assert.Equal(pair.First, pair.Second, 6e-4));

    [Fact]
    public void The_classic_behaviour_is_that_of_its_golden_vectors()
    {
        const KerasCompatibility classic = KerasCompatibility.Classic;
        AssertRow([10, 11, 12, 13, 14], classic, new() { Tx = 1 });
        AssertRow([30, 31, 32, 33, 34], classic, new() { Tx = 1 }, row: 3);
        AssertRow([1, 2, 3, 4, 4], classic, new() { Ty = 1 });
        AssertRow([30.5, 30.5, 30.5, 25.5, 15.5], classic, new() { Theta = 90 });
        AssertRow([33.5, 33.5, 33.5, 28.5, 18.5], classic, new() { Theta = 90 }, row: 3);
        AssertRow([12.5, 13.5, 14.5, 15.5, 16.5], classic, new() { Zx = 0.5 });
        AssertRow([27.5, 28.5, 29.5, 30.5, 31.5], classic, new() { Zx = 0.5 }, row: 3);
        AssertRow([15.402, 11.268, 7.134, 3, 3.866], classic, new() { Shear = 30 });
        AssertRow([30, 30, 30, 20], classic, new() { Theta = 90 }, width: 4);
    }

    [Fact]
    public void The_current_behaviour_is_that_of_its_golden_vectors()
    {
        const KerasCompatibility current = KerasCompatibility.Current;
        AssertRow([1, 2, 3, 4, 4], current, new() { Tx = 1 });
        AssertRow([10, 11, 12, 13, 14], current, new() { Ty = 1 });
        AssertRow([8.5, 18.5, 28.5, 33.5, 33.5], current, new() { Theta = 90 });
        AssertRow([5.5, 15.5, 25.5, 30.5, 30.5], current, new() { Theta = 90 }, row: 3);
        AssertRow([0.75, 1.25, 1.75, 2.25, 2.75], current, new() { Zx = 0.5 });
        AssertRow([3.679, 4.679, 5.679, 6.679, 6.679], current, new() { Shear = 30 });
        AssertRow([20, 21, 22, 23, 24], current, new() { Shear = 30 }, row: 2);
        AssertRow([3, 13, 23, 33], current, new() { Theta = 90 }, width: 4);
        AssertRow([0, 0.5, 2.5, 3], current, new() { Zx = 2, Zy = 2 }, width: 4);
    }

    [Fact]
    public void The_correct_behaviour_turns_about_the_middle_and_shifts_along_the_right_axes()
    {
        const KerasCompatibility correct = KerasCompatibility.Correct;
        AssertRow([10, 11, 12, 13, 14], correct, new() { Tx = 1 });
        AssertRow([1, 2, 3, 4, 4], correct, new() { Ty = 1 });
        AssertRow([30, 20, 10, 0], correct, new() { Theta = 90 }, width: 4);
        AssertRow([34, 33, 32, 31, 30], correct, new() { Theta = 180 });
    }

    [Theory]
    [InlineData(FillMode.Nearest, new[] { 1.0, 1, 1, 1, 1, 8, 8, 8, 8 })]
    [InlineData(FillMode.Constant, new[] { 0.0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(FillMode.Reflect, new[] { 2.0, 1.5, 1, 1, 1, 8, 8, 8, 4 })]
    [InlineData(FillMode.Wrap, new[] { 2.0, 3, 4, 6, 7, 1.25, 1.5, 2, 4 })]
    public void Outside_is_filled_as_SciPy_fills_it(FillMode fill, double[] expected)
    {
        double[] coordinates = [-2, -1.5, -1, -0.5, -0.25, 3.25, 3.5, 4, 5];
        var generator = new ImageDataGenerator { FillMode = fill };
        foreach (var (i, coordinate) in coordinates.Index())
        {
            Assert.Equal(expected[i],
                generator.ApplyTransform(Tensor.Of<float>([1, 1, 4], [1, 2, 4, 8]), new() { Ty = coordinate }).Elements<float>()[0]);
            Assert.Equal(expected[i],
                generator.ApplyTransform(Tensor.Of<float>([1, 4, 1], [1, 2, 4, 8]), new() { Tx = coordinate }).Elements<float>()[0]);
        }
    }

    public static TheoryData<int> GeometryCases() => [.. Enumerable.Range(0, StatisticsGolden.Read.Geometry.Cases.Length)];

    [Theory, MemberData(nameof(GeometryCases))]
    public void All_parameters_together_equal_SciPys_affine_transform(int number)
    {
        var (image, drawn) = (StatisticsGolden.Read.Geometry.Image, StatisticsGolden.Read.Geometry.Cases[number]);
        var generator = new ImageDataGenerator
        {
            FillMode = Enum.Parse<FillMode>(drawn.Mode, ignoreCase: true),
            Cval = drawn.Cval,
            InterpolationOrder = drawn.Order,
        };
        var found = generator.ApplyTransform(Tensor.Of<float>([3, 5, 8], image),
            new() { Theta = drawn.Theta, Tx = drawn.Tx, Ty = drawn.Ty, Shear = drawn.Shear, Zx = drawn.Zx, Zy = drawn.Zy })
            .Elements<float>().ToArray();
        Assert.All(drawn.Expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
    }

    [Theory]
    [InlineData(KerasCompatibility.Classic, new[] { 0f, 50, 100, 200 }, new[] { 0f, 31, 63, 127 })]
    [InlineData(KerasCompatibility.Current, new[] { 0f, 50, 101, 200 }, new[] { 0f, 25, 50, 100 })]
    [InlineData(KerasCompatibility.Current, new[] { 0f, 0.2f, 0.7f, 1 }, new[] { 0f, 0, 0, 0 })]
    [InlineData(KerasCompatibility.Current, new[] { 0f, 51, 102, 510 }, new[] { 0f, 24, 50, 254 })]
    [InlineData(KerasCompatibility.Correct, new[] { 0f, 0.2f, 101, 255 }, new[] { 0f, 0.1f, 50.5f, 127.5f })]
    public void Brightness_rounds_and_stretches_as_each_behaviour_does(KerasCompatibility compatibility, float[] pixels, float[] expected)
    {
        var changed = new ImageDataGenerator { Compatibility = compatibility }.ApplyTransform(Tensor.Of<float>([1, 2, 2], pixels),
            new() { Brightness = 0.5 });
        Assert.All(expected.Zip(changed.Elements<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Channel_shift_stays_within_the_image_and_mirroring_comes_after_it()
    {
        var image = Tensor.Of<float>([1, 2, 2], [1, 2, 4, 8]);
        Assert.Equal([8, 7, 5, 4],
            new ImageDataGenerator().ApplyTransform(image, new() { ChannelShiftIntensity = 3, FlipHorizontal = true, FlipVertical = true })
            .Elements<float>().ToArray());
        Assert.Equal([1, 2, 4, 8], image.Elements<float>().ToArray());
    }

    [Theory]
    [InlineData(0, KerasCompatibility.Classic)]
    [InlineData(0, KerasCompatibility.Correct)]
    [InlineData(0, KerasCompatibility.Current)]
    [InlineData(1, KerasCompatibility.Classic)]
    [InlineData(1, KerasCompatibility.Current)]
    public void Whitening_equals_that_of_NumPy_also_from_fewer_images_than_pixels(int number, KerasCompatibility compatibility)
    {
        var golden = StatisticsGolden.Read.Whitening[number];
        var view = new SourceView(golden.Images.Length,
            new SourceColumn("Image", new VectorDataViewType(NumberDataViewType.Single, 3, 2, 2),
            row => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> pixels) =>
                pixels = new(12, Array.ConvertAll(golden.Images[row()], value => (float)value)))));
        var fitted = new ImageDataGenerator
        {
            ZcaWhitening = true,
            ZcaEpsilon = 1e-2f,
            Rescale = 1 / 255f,
            Compatibility = compatibility,
        }.Fit(view);
        Assert.All(golden.Mean.Zip(fitted.Mean), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        var expected = compatibility == KerasCompatibility.Current ? golden.Current : golden.Classic;
        Assert.All(expected.Zip(fitted.Whitening!.ToTensor().Elements<float>().ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 2e-5));
    }
}
