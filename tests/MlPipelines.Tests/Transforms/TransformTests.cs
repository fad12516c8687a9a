using MlPipelines.Imaging;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.Transforms;

public sealed class TransformTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    sealed class Row
    {
        public string ImagePath { get; init; } = "";
        public string Label { get; init; } = "";
        public int Number { get; init; }
        public bool Flag { get; init; }
    }

    sealed class Pictured
    {
        public Image Image { get; init; } = Image.FromPixels(2, 1, 3, [10, 20, 30, 40, 50, 60]);
    }

    static IDataView Fitted<T>(IEstimator<T> estimator, IDataView data) where T : class, ITransformer => estimator.Fit(data).Transform(data);

    IDataView Labels(params string[] labels) => ml.Data.LoadFromEnumerable(labels.Select((label, i) => new Row { Label = label, Number = 10 - i, Flag = i % 2 == 0 }));

    [Fact]
    public void Keys_are_ordered_by_value_unless_told_otherwise_and_count_from_1()
    {
        var data = Labels("pear", "Apple", "fig", "pear", "");
        Assert.Equal([3, 1, 2, 3, 0], Fitted(ml.Transforms.Conversion.MapValueToKey("Key", "Label"), data).GetColumn<uint>("Key"));
        Assert.Equal([1, 2, 3, 1, 0], Fitted(ml.Transforms.Conversion.MapValueToKey("Key", "Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence), data).GetColumn<uint>("Key"));
        Assert.Equal([0, 1, 2, 0, 0], Fitted(ml.Transforms.Conversion.MapValueToKey("Key", "Label", maximumNumberOfKeys: 2), data).GetColumn<uint>("Key"));
    }

    [Fact]
    public void Numbers_are_ordered_by_size_and_truth_values_are_values_too()
    {
        var data = Labels("a", "b", "c");
        var numbers = Fitted(ml.Transforms.Conversion.MapValueToKey("Number"), data);
        Assert.Equal(["8", "9", "10"], ((KeyDataViewType)numbers.Schema["Number"].Type).KeyValues!.Value);
        Assert.Equal([3, 2, 1], numbers.GetColumn<uint>("Number"));
        Assert.Equal([2, 1, 2], Fitted(ml.Transforms.Conversion.MapValueToKey("Flag"), data).GetColumn<uint>("Flag"));
    }

    [Fact]
    public void Key_data_fix_the_values_and_their_order_and_others_are_0()
    {
        var order = ml.Transforms.SelectColumns("Label").Fit(Labels("z", "a")).Transform(Labels("z", "a"));
        Assert.Equal([2, 0, 1], Fitted(ml.Transforms.Conversion.MapValueToKey("Key", "Label", keyData: order), Labels("a", "m", "z")).GetColumn<uint>("Key"));
        Assert.StartsWith("keyData: has 4 columns", Assert.Throws<ArgumentException>(() => ml.Transforms.Conversion.MapValueToKey("Key", "Label", keyData: Labels("z")).Fit(Labels("a"))).Message);
    }

    [Fact]
    public void Keys_map_back_to_their_values()
    {
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Key", "Label").Append(ml.Transforms.Conversion.MapKeyToValue("Back", "Key"));
        Assert.Equal(["b", "", "a"], pipeline.Fit(Labels("a", "b")).Transform(Labels("b", "x", "a")).GetColumn<string>("Back"));
    }

    [Fact]
    public void Unlabelled_data_pass_a_fitted_mapping_but_not_its_fit()
    {
        var mapping = ml.Transforms.Conversion.MapValueToKey("Key", "Label");
        var unlabelled = Fitted(ml.Transforms.DropColumns("Label"), Labels("a"));
        Assert.Equal(["ImagePath", "Number", "Flag"], mapping.Fit(Labels("a")).Transform(unlabelled).Schema.Select(column => column.Name));
        Assert.Throws<ArgumentException>(() => mapping.Fit(unlabelled));
    }

    [Fact]
    public void Columns_are_selected_dropped_and_copied()
    {
        Assert.Equal(["Number", "Label"], Fitted(ml.Transforms.SelectColumns("Number", "Label"), Labels("a")).Schema.Select(column => column.Name));
        var copied = Fitted(ml.Transforms.CopyColumns("Copy", "Number"), Labels("a", "b"));
        Assert.Equal([10, 9], copied.GetColumn<int>("Copy"));
        Assert.StartsWith("Column 'No': not found, the data has 'ImagePath' (text)", Assert.Throws<ArgumentException>(() => Fitted(ml.Transforms.DropColumns("No"), Labels("a"))).Message);
    }

    [Fact]
    public void Two_arguments_of_LoadImages_are_columns_and_three_are_MLNets()
    {
        Image.FromPixels(1, 1, 3, [1, 2, 3]).Save(Path.Combine(folder.Path, "a.png"));
        var full = ml.Data.LoadFromEnumerable([new Row { ImagePath = Path.Combine(folder.Path, "a.png") }]);
        var relative = ml.Data.LoadFromEnumerable([new Row { ImagePath = "a.png" }]);
        foreach (var view in (IDataView[])[
            Fitted(ml.Transforms.LoadImages("Image", "ImagePath"), full),
            Fitted(ml.Transforms.LoadImages("Image", folder.Path, "ImagePath"), relative),
            Fitted(ml.Transforms.LoadImages("Image", "", "ImagePath"), full),
            Fitted(ml.Transforms.CopyColumns("Image", "ImagePath").Append(ml.Transforms.LoadImages("Image", folder.Path)), relative)])
            Assert.Equal([1, 2, 3], view.GetColumn<Image>("Image").Single().Pixels.ToArray());
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, "a.png")), Fitted(ml.Transforms.LoadRawImageBytes("Image", "ImagePath"), full).GetColumn<byte[]>("Image").Single());
        Assert.StartsWith("'Path': is neither a column nor, with paths in 'Image', a folder; the data has 'ImagePath' (text)",
            Assert.Throws<ArgumentException>(() => Fitted(ml.Transforms.LoadImages("Image", "Path"), full)).Message);
        Assert.StartsWith("Column 'Number': holds Int32, text (paths of image files) is needed.", Assert.Throws<ArgumentException>(() => Fitted(ml.Transforms.LoadImages("Image", "Number"), full)).Message);
    }

    [Theory]
    [InlineData("../secret.png", "lies outside the folder")]
    [InlineData("a/../../secret.png", "lies outside the folder")]
    [InlineData("", "is empty")]
    [InlineData("a\0.png", "is no path")]
    public void A_path_does_not_leave_its_folder(string path, string reason)
    {
        var data = ml.Data.LoadFromEnumerable([new Row { ImagePath = path }]);
        var loaded = Fitted(ml.Transforms.LoadImages("Image", folder.Path, "ImagePath"), data);
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => loaded.GetRow(0).Get<Image>("Image")).Message);
    }

    [Fact]
    public void Resizing_gives_the_size_and_says_so_in_the_schema()
    {
        var view = Fitted(ml.Transforms.ResizeImages("Small", 4, 6, "Image", ImageResizingEstimator.ResizingKind.Fill), ml.Data.LoadFromEnumerable([new Pictured()]));
        Assert.Equal(new ImageDataViewType(6, 4), view.Schema["Small"].Type);
        var image = view.GetColumn<Image>("Small").Single();
        Assert.Equal((4, 6), (image.Width, image.Height));
    }

    [Fact]
    public void Pixels_come_out_planar_or_interleaved_in_the_order_asked_for()
    {
        float[] Pixels(IEstimator<ImagePixelExtractingTransformer> estimator) => Fitted(estimator, ml.Data.LoadFromEnumerable([new Pictured()])).GetColumn<float[]>("P").Single();
        Assert.Equal([10, 40, 20, 50, 30, 60], Pixels(ml.Transforms.ExtractPixels("P", "Image")));
        Assert.Equal([10, 20, 30, 40, 50, 60], Pixels(ml.Transforms.ExtractPixels("P", "Image", interleavePixelColors: true)));
        Assert.Equal([30, 60, 20, 50, 10, 40], Pixels(ml.Transforms.ExtractPixels("P", "Image", orderOfExtraction: ImagePixelExtractingEstimator.ColorsOrder.ABGR)));
        Assert.Equal([255, 255, 20, 50], Pixels(ml.Transforms.ExtractPixels("P", "Image", ImagePixelExtractingEstimator.ColorBits.Alpha | ImagePixelExtractingEstimator.ColorBits.Green)));
        Assert.Equal([5, 20, 10, 25, 15, 30], Pixels(ml.Transforms.ExtractPixels("P", "Image", offsetImage: 0, scaleImage: 0.5f)));
        Assert.Equal([9, 39, 36, 96, 81, 171], Pixels(ml.Transforms.ExtractPixels("P", "Image", means: [1, 2, 3], scales: [1, 2, 3])));
        Assert.StartsWith("ExtractPixels: got 2 means for 3 channels", Assert.Throws<ArgumentException>(() => ml.Transforms.ExtractPixels("P", "Image", means: [1, 2])).Message);
    }

    [Fact]
    public void A_known_size_gives_a_vector_of_known_dimensions()
    {
        var pipeline = ml.Transforms.ResizeImages("Image", 4, 6).Append(ml.Transforms.ExtractPixels("P", "Image"));
        var schema = pipeline.GetOutputSchema(ml.Data.LoadFromEnumerable([new Pictured()]).Schema);
        Assert.Equal(new VectorDataViewType(typeof(float), 3, 6, 4), schema["P"].Type);
    }

    [Fact]
    public void Grey_is_one_channel() =>
        Assert.Equal(1, Fitted(ml.Transforms.ConvertToGrayscale("Image"), ml.Data.LoadFromEnumerable([new Pictured()])).GetColumn<Image>("Image").Single().Channels);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_comes_back_from_its_pixels(bool interleave)
    {
        var data = ml.Data.LoadFromEnumerable([new Pictured()]);
        var pipeline = ml.Transforms.ExtractPixels("P", "Image", interleavePixelColors: interleave, offsetImage: 128, scaleImage: 1 / 64f)
            .Append(ml.Transforms.ConvertToImage(1, 2, "Back", "P", interleave, scaleImage: 64, offsetImage: 128));
        Assert.Equal([10, 20, 30, 40, 50, 60], Fitted(pipeline, data).GetColumn<Image>("Back").Single().Pixels.ToArray());
        var wrong = Fitted(ml.Transforms.ExtractPixels("P", "Image").Append(ml.Transforms.ConvertToImage(2, 2, "Back", "P")), data);
        Assert.Equal("column 'P', row 0: is a vector of 6, 4 or 12 numbers are needed for an image of 2×2.", Assert.Throws<InvalidDataException>(() => wrong.GetRow(0).Get<Image>("Back")).Message);
    }
}
