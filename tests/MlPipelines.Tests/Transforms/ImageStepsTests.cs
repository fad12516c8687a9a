using MlPipelines.Imaging;
using MlPipelines.Tests.Data;
using static MlPipelines.Tests.Imaging.Pictures;

namespace MlPipelines.Tests.Transforms;

public sealed class ImageStepsTests : IDisposable
{
    readonly MLContext ml = new(1);
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static IDataView Fitted<T>(IEstimator<T> estimator, IDataView data) where T : class, ITransformer => estimator.Fit(data)
        .Transform(data);

    static IDataView Paths(params string[] paths) =>
        MadeUp.Rows(paths.Length, MadeUp.Text("ImagePath", row => paths[row]), MadeUp.Number("Number", row => row));

    /// <summary>Two pixels side by side.</summary>
    static IDataView Two() => MadeUp.Pictures([Image.FromPixels(2, 1, 3, [10, 20, 30, 40, 50, 60])]);

    string Picture(string name) => folder.Write(name, Image.FromPixels(1, 1, 3, [1, 2, 3]).Encode(".png"));

    [Fact]
    public void With_sizes_LoadImages_is_ours_and_without_it_is_ML_NETs()
    {
        Picture("a.png");
        var (full, relative) = (Paths(Path.Combine(folder.Path, "a.png")), Paths("a.png"));
        Assert.All((IDataView[])[
            Fitted(ml.Transforms.LoadImages("Image", "ImagePath", 1, 1), full),
            Fitted(ml.Transforms.LoadImages("Image", "ImagePath", 1, 1, imageFolder: folder.Path), relative),
            Fitted(ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false), full),
            Fitted(ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false, imageFolder: folder.Path), relative),
            Fitted(ml.Transforms.LoadImages("Image", folder.Path, "ImagePath"), relative),
            Fitted(ml.Transforms.LoadImages("Image", "", "ImagePath"), full)],
            view => Assert.Equal([1, 2, 3], Assert.Single(view.Images()).Pixels.ToArray()));
        Assert.StartsWith("Column 'Number': holds Int64, paths of image files (text), their bytes (Byte[]), streams of them or images are "
            + "needed.",
            Assert.Throws<ArgumentException>(() => ml.Transforms.LoadImages("Image", "Number", 8, 8).Fit(full)).Message);
        Assert.StartsWith("Column 'Path': not found, the data has 'ImagePath' (text)",
            Assert.Throws<ArgumentException>(() => ml.Transforms.LoadImages("Image", "Path", 8, 8).Fit(full)).Message);
    }

    [Theory]
    [InlineData("../secret.png", "lies outside the folder")]
    [InlineData("a/../../secret.png", "lies outside the folder")]
    [InlineData("", "is empty")]
    [InlineData("a\0.png", "is no path")]
    public void A_path_does_not_leave_its_folder(string path, string reason)
    {
        var loaded = Fitted(ml.Transforms.LoadImages("Image", "ImagePath", grayscale: false, imageFolder: folder.Path), Paths(path));
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => loaded.ImageAt(0)).Message);
    }

    [Fact]
    public void Resizing_gives_the_size_and_says_so_in_the_schema()
    {
        var view = Fitted(ml.Transforms.LoadImages("Small", "ImagePath", 4, 6, ResizingKind.Fill),
            Paths(folder.Write("a.png", Noise(9, 5, 1).Encode(".png"))));
        Assert.Equal(new ImageDataViewType(6, 4), view.Schema["Small"].Type);
        Assert.Equal(Noise(9, 5, 1).Resize(4, 6, ResizingKind.Fill).Pixels.ToArray(), view.ImageAt(0, "Small").Pixels.ToArray());
    }

    [Fact]
    public void A_known_size_gives_ML_NETs_vectors_their_dimensions()
    {
        var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", 4, 6).Append(ml.Transforms.ExtractPixels("P", "Image"));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3, 6, 4),
            pipeline.Fit(Paths(Picture("a.png"))).GetOutputSchema(Paths().Schema)["P"].Type);
    }

    [Fact]
    public void ML_NETs_steps_get_the_pixels_of_our_pictures()
    {
        float[] Pixels(IDataView view, bool interleaved = false) =>
            Fitted(ml.Transforms.ExtractPixels("P", "Image", interleavePixelColors: interleaved), view).GetColumn<float[]>("P").Single();
        Assert.Equal([10, 40, 20, 50, 30, 60], Pixels(Two()));
        Assert.Equal([10, 20, 30, 40, 50, 60], Pixels(Two(), interleaved: true));
        Assert.Equal([7, 8, 7, 8, 7, 8], Pixels(MadeUp.Pictures([Image.FromPixels(2, 1, 1, [7, 8])])));
        var loaded = Fitted(ml.Transforms.LoadImages("Image", "ImagePath", 2, 1),
            Paths(folder.Write("a.png", Two().ImageAt(0).Encode(".png"))));
        Assert.Equal([10, 40, 20, 50, 30, 60], Pixels(loaded));
    }

    [Fact]
    public void We_get_the_pixels_of_ML_NETs_pictures()
    {
        var resized = Fitted(ml.Transforms.ResizeImages("Image", 4, 2, "Image", ImageResizingEstimator.ResizingKind.Fill),
            MadeUp.Pictures([Paint(2, 1, (_, _) => Red)]));
        Assert.Equal(Paint(4, 2, (_, _) => Red).Pixels.ToArray(), resized.ImageAt(0).Pixels.ToArray());
        var grey = Fitted(ml.Transforms.ConvertToGrayscale("Image"), Two()).ImageAt(0);
        Assert.Equal((grey.Pixels[0], grey.Pixels[0]), (grey.Pixels[1], grey.Pixels[2]));
        var back = Fitted(ml.Transforms.ExtractPixels("P", "Image").Append(ml.Transforms.ConvertToImage(1, 2, "Back", "P")), Two());
        Assert.Equal([10, 20, 30, 40, 50, 60], back.ImageAt(0, "Back").Pixels.ToArray());
    }

    [Fact]
    public void Grey_is_one_channel_for_a_trainer_of_ours() =>
        Assert.Equal(1, Fitted(ml.Transforms.LoadImages("Image", "ImagePath", 1, 1, grayscale: true),
            Paths(Picture("a.png"))).ImageAt(0).Channels);

    [Fact]
    public void What_is_no_picture_is_none_for_ML_NETs_steps_and_a_warning_names_it()
    {
        var paths = new[] { Picture("a.png"), folder.Write("bad.png", 1, 2, 3), Path.Combine(folder.Path, "none.png"), Picture("d.png") };
        var warnings = ml.Warnings();
        var pipeline = ml.Transforms.LoadImages("Image", "ImagePath", 1, 1).Append(ml.Transforms.ExtractPixels("P", "Image"));
        var vectors = pipeline.Fit(Paths(paths)).Transform(Paths(paths)).GetColumn<float[]>("P").ToArray();
        Assert.Equal([1, 2, 3], vectors[0]);
        Assert.Equal([1, 2, 3], vectors[3]);
        Assert.All(vectors[1..3], vector => Assert.DoesNotContain(vector, value => value != 0));
        var named = warnings.Where(warning => warning.Contains(folder.Path, StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, named.Length);
        Assert.All(paths[1..3].Zip(named), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void What_ML_NETs_LoadImages_cannot_read_is_a_row_that_cannot_be_read()
    {
        folder.Write("bad.png", 1, 2, 3);
        var view = Fitted(ml.Transforms.LoadImages("Image", folder.Path, "ImagePath"), Paths(Picture("a.png"), "bad.png", "none.png"));
        var skipped = new List<SkippedRow>();
        Assert.Single(view.Read(["Image"], row => row["Image"], new() { Skipped = skipped.Add }));
        Assert.Equal(["bad.png", "none.png"], skipped.Select(row => row.Path));
    }

    [Fact]
    public void While_a_chain_is_fitted_each_pass_of_ML_NETs_steps_sees_other_images()
    {
        var data = MadeUp.Pictures([Noise(4, 4, 1)]);
        var augment = ml.Transforms.AugmentImages("Image", new RandomErasing(Probability: 1, EachPixel: true)).Fit(data);
        var extract = ml.Transforms.ExtractPixels("P", "Image").Fit(data);
        var (fitting, plain) = (extract.Transform(augment.TransformForTraining(data)), extract.Transform(augment.Transform(data)));
        float[] Pixels(IDataView view) => view.GetColumn<float[]>("P").Single();
        Assert.Equal(Pixels(plain), Pixels(plain));
        Assert.Equal(4, new[] { Pixels(plain), Pixels(fitting), Pixels(fitting), Pixels(fitting) }
            .Select(pixels => string.Join(' ', pixels)).Distinct().Count());
    }
}
