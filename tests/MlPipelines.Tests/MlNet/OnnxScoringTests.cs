using MlPipelines.Execution;
using MlPipelines.Graphs;
using MlPipelines.Graphs.Onnx;
using MlPipelines.Imaging;
using MlPipelines.Native;
using MlPipelines.Tensors;
using MlPipelines.Tests.Data;

namespace MlPipelines.Tests.MlNet;

/// <summary>ML.NET's scoring with an ONNX file: a table of paths, images, their size, their pixels, the network, its scores as objects.</summary>
[Trait("Category", "Runtime")]
public sealed class OnnxScoringTests
{
    public class ImageNetData
    {
        [LoadColumn(0)]
        public string? ImagePath;

        [LoadColumn(1)]
        public string? Label;
    }

    public class ImageNetPrediction
    {
        [ColumnName("grid")]
        public float[]? PredictedLabels;
    }

    public struct ImageNetSettings
    {
        public const int imageHeight = 6;
        public const int imageWidth = 8;
    }

    static IEnumerable<float[]> Program(string tagsTsv, string imagesFolder, string modelLocation)
    {
        MLContext mlContext = new MLContext();
        IDataView imageDataView = mlContext.Data.LoadFromTextFile<ImageNetData>(path: tagsTsv, hasHeader: true);
        var pipeline = mlContext.Transforms.LoadImages(outputColumnName: "image", imageFolder: imagesFolder, inputColumnName: nameof(ImageNetData.ImagePath))
            .Append(mlContext.Transforms.ResizeImages(outputColumnName: "image", imageWidth: ImageNetSettings.imageWidth, imageHeight: ImageNetSettings.imageHeight, inputColumnName: "image"))
            .Append(mlContext.Transforms.ExtractPixels(outputColumnName: "image"))
            .Append(mlContext.Transforms.ApplyOnnxModel(modelFile: modelLocation, outputColumnNames: new[] { "grid" }, inputColumnNames: new[] { "image" }));
        var model = pipeline.Fit(imageDataView);
        IDataView scoredData = model.Transform(imageDataView);
        return [.. scoredData.GetColumn<float[]>("grid")];
    }

    // The mean of each colour; height and width are open when asked.
    static string Draw(string folder, bool open, int batch = Shape.Unknown)
    {
        var image = Value.Input("image", open ? [batch, 3, Shape.Unknown, Shape.Unknown] : [batch, 3, ImageNetSettings.imageHeight, ImageNetSettings.imageWidth]);
        var path = Path.Combine(folder, "means.onnx");
        File.WriteAllBytes(path, OnnxFile.Write(new Graph([image], ("grid", Op.ReduceMean(image, [2, 3], keep: false)))));
        return path;
    }

    static string Table(string folder)
    {
        foreach (var (number, name) in new[] { "a.png", "b.png", "c.png" }.Index())
            Image.FromPixels(16, 12, 3, [.. Enumerable.Range(0, 192).SelectMany(_ => new[] { (byte)(10 * number), (byte)100, (byte)(200 + number) })]).Save(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "tags.tsv"), "path\tlabel\na.png\tone\nb.png\ttwo\nc.png\tthree\n");
        return Path.Combine(folder, "tags.tsv");
    }

    static float[][] Expected => [[0, 100, 200], [10, 100, 201], [20, 100, 202]];

    [Fact]
    public void The_program_scores_every_image_of_the_table()
    {
        using var folder = new TemporaryFolder();
        var scores = Program(Table(folder.Path), folder.Path, Draw(folder.Path, open: false));
        Assert.Equal(Expected.SelectMany(row => row), scores.SelectMany(row => row), (expected, actual) => Math.Abs(expected - actual) < 1e-3);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Open_axes_get_their_sizes_from_the_dictionary(int batch)
    {
        using var folder = new TemporaryFolder();
        var (mlContext, file) = (new MLContext(), Draw(folder.Path, open: true));
        var data = mlContext.Data.LoadFromTextFile<ImageNetData>(Table(folder.Path), hasHeader: true);
        var pixels = mlContext.Transforms.LoadImages("image", folder.Path, "ImagePath").Append(mlContext.Transforms.ResizeImages("image", 8, 6)).Append(mlContext.Transforms.ExtractPixels("image"));
        var shapes = new Dictionary<string, int[]> { ["image"] = [batch, 3, 6, 8] };
        var refused = Assert.Throws<ArgumentException>(() => pixels.Append(mlContext.Transforms.ApplyOnnxModel("grid", "image", file)).Fit(data));
        Assert.Contains("a known size of all axes but the first is needed", refused.Message, StringComparison.Ordinal);

        var model = pixels.Append(mlContext.Transforms.ApplyOnnxModel("grid", "image", file, shapes)).Fit(data);
        Assert.Equal(Expected[2], model.Transform(data).GetColumn<float[]>("grid").Last(), (expected, actual) => Math.Abs(expected - actual) < 1e-3);
        var saved = Path.Combine(folder.Path, "scoring.zip");
        mlContext.Model.Save(model, data.Schema, saved);
        var engine = mlContext.Model.CreatePredictionEngine<ImageNetData, ImageNetPrediction>(mlContext.Model.Load(saved, out _));
        Assert.Equal(Expected[1], engine.Predict(new ImageNetData { ImagePath = "b.png" }).PredictedLabels!, (expected, actual) => Math.Abs(expected - actual) < 1e-3);
    }

    [Fact]
    public void Options_and_streams_lead_to_the_same_network()
    {
        using var folder = new TemporaryFolder();
        var (mlContext, file) = (new MLContext(), Draw(folder.Path, open: true));
        var data = mlContext.Data.LoadFromTextFile<ImageNetData>(Table(folder.Path), hasHeader: true);
        var pixels = mlContext.Transforms.LoadImages("image", folder.Path, "ImagePath").Append(mlContext.Transforms.ResizeImages("image", 8, 6)).Append(mlContext.Transforms.ExtractPixels("image"));
        var options = new OnnxOptions() { ModelFile = file, ShapeDictionary = new Dictionary<string, int[]> { ["image"] = [-1, 3, 6, 8] }, IntraOpNumThreads = 1 };
        float[] First(IEstimator<OnnxTransformer> network) => pixels.Append(network).Fit(data).Transform(data).GetColumn<float[]>("grid").First();
        Assert.Equal(Expected[0], First(mlContext.Transforms.ApplyOnnxModel(options)), (expected, actual) => Math.Abs(expected - actual) < 1e-3);
        using var stream = File.OpenRead(Draw(folder.Path, open: false));
        Assert.Equal(Expected[0], First(mlContext.Transforms.ApplyOnnxModel(["grid"], ["image"], stream)), (expected, actual) => Math.Abs(expected - actual) < 1e-3);
    }

    [Fact]
    public void Shapes_that_do_not_fit_and_files_that_are_none_are_refused()
    {
        using var folder = new TemporaryFolder();
        var (mlContext, file) = (new MLContext(), Draw(folder.Path, open: true));
        var data = mlContext.Data.LoadFromEnumerable([new Pixels()]);
        string Refused(string name, params int[] sizes) => Assert.Throws<ArgumentException>(() => mlContext.Transforms.ApplyOnnxModel("grid", "image", file, new Dictionary<string, int[]> { [name] = sizes }).Fit(data)).Message;
        Assert.Equal("ApplyOnnxModel: the shapeDictionary gives 'image' [1,4,6,8], the network takes [?,3,?,?]. Give the open axes a size, and leave the others as they are.", Refused("image", 1, 4, 6, 8));
        Assert.Equal("ApplyOnnxModel: the shapeDictionary has 'images', the network's inputs are 'image'.", Refused("images", 1, 3, 6, 8));
        var text = Table(folder.Path);
        Assert.StartsWith($"{text}: cannot be run: ", Assert.Throws<NativeException>(() => mlContext.Transforms.ApplyOnnxModel(text)).Message, StringComparison.Ordinal);
        Assert.StartsWith($"{text}: cannot be run: ", Assert.Throws<NativeException>(() => mlContext.Transforms.ApplyOnnxModel("grid", "image", text).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("not found, an ONNX file is needed", Assert.Throws<FileNotFoundException>(() => mlContext.Transforms.ApplyOnnxModel(Path.Combine(folder.Path, "no.onnx"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graphics_processor_that_is_not_there_may_be_replaced_by_the_processor()
    {
        using var folder = new TemporaryFolder();
        var (mlContext, file, log) = (new MLContext(), Draw(folder.Path, open: false), new List<string>());
        try
        {
            using var session = Session.Load(file, new() { Device = Device.Cuda() });
            Assert.Skip("this machine has a graphics processor");
        }
        catch (NativeException)
        {
            // That is what the test is about.
        }
        mlContext.Log += (_, line) => log.Add(line.RawMessage);
        mlContext.Transforms.ApplyOnnxModel("grid", "image", file, gpuDeviceId: 0, fallbackToCpu: true);
        Assert.StartsWith("the processor runs the network: Device cuda", Assert.Single(log), StringComparison.Ordinal);
        Assert.Throws<NativeException>(() => mlContext.Transforms.ApplyOnnxModel("grid", "image", file, gpuDeviceId: 0));

        var (onGraphics, told) = (new MLContext { Device = Device.Cuda() }, new List<string>());
        onGraphics.Log += (_, line) => told.Add(line.RawMessage);
        onGraphics.Transforms.ApplyOnnxModel("grid", "image", file, fallbackToCpu: true);
        Assert.StartsWith("the processor runs the network: Device cuda", Assert.Single(told), StringComparison.Ordinal);
    }

    sealed class Pixels
    {
        [VectorType(3, 6, 8)]
        public float[] image = new float[144];
    }
}
