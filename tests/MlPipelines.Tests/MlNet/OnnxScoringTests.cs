using MlPipelines.Tests.Data;
using MlPipelines.Tests.Training;

namespace MlPipelines.Tests.MlNet;

/// <summary>A program that does not reference this library: the network of a saved model under ML.NET's own ExtractPixels and
/// ApplyOnnxModel, in the same process and the same ONNX Runtime.</summary>
[Trait("Category", "Runtime")]
public sealed class OnnxScoringTests
{
    public sealed class ImageData
    {
        public string ImagePath { get; set; } = "";
        public string Label { get; set; } = "";
    }

    [Fact]
    public void A_saved_network_gives_the_same_scores_under_ML_NETs_own_steps()
    {
        using var folder = new TemporaryFolder();
        var files = Pictures.Save(Path.Combine(folder.Path, "assets"), 20, size: Patterns.Size);
        var ml = new MLContext(seed: 1);
        var images =
            ml.Data.LoadFromEnumerable(files.Select(file => new ImageData { ImagePath = file, Label = Directory.GetParent(file)!.Name }));
        var model = ml.Transforms.LoadImages("Image", "ImagePath", Patterns.Size, Patterns.Size)
            .Append(ml.MulticlassClassification.Trainers.ImageClassification(new()
            {
                Network = Patterns.Small(),
                Epoch = 3,
                FeatureColumnName = "Image",
            }))
            .Fit(images);
        var path = Path.Combine(folder.Path, "model.onnx");
        ml.Model.SaveAsOnnx(model, path);

        var theirs = ml.Transforms.LoadImages("picture", imageFolder: null, inputColumnName: "ImagePath")
            .Append(ml.Transforms.ResizeImages("picture", Patterns.Size, Patterns.Size))
            .Append(ml.Transforms.ExtractPixels("image", "picture"))
            .Append(ml.Transforms.ApplyOnnxModel(["Score"], ["image"], path,
                new Dictionary<string, int[]> { ["image"] = [1, 3, Patterns.Size, Patterns.Size] }, null, true, 100))
            .Fit(images).Transform(images).GetColumn<float[]>("Score").ToArray();
        var ours = model.Transform(images).GetColumn<float[]>("Score").ToArray();
        for (var row = 0; row < ours.Length; row++)
            for (var i = 0; i < ours[row].Length; i++)
                Assert.Equal(ours[row][i], theirs[row][i], 1e-5f);
    }

    [Fact]
    public void One_library_of_ONNX_Runtime_is_mapped_for_both()
    {
        A_saved_network_gives_the_same_scores_under_ML_NETs_own_steps();
        if (OperatingSystem.IsLinux())
            Assert.Single(File.ReadLines("/proc/self/maps").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Last())
                .Where(file => file.Contains("libonnxruntime.so", StringComparison.Ordinal)).Distinct());
    }
}
