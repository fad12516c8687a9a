#:project ../src/MlPipelines/MlPipelines.csproj
// Data for finding evaluation sets: CIFAR-10, balanced mini sets of 1,000 and 5,000 images, contact sheets,
// and every argument of Keras's ImageDataGenerator.
// dotnet run pipelines/evaluation-set-data.cs [folder with the binary or the python batches] [folder for the pictures]

using Microsoft.ML;
using Microsoft.ML.Data;
using MlPipelines;
using MlPipelines.Networks;

var folder = args.Length > 0 ? args[0] : "datasets/cifar-10-batches-bin";
var output = args.Length > 1 ? args[1] : "runs/evaluation-set-data";

var ml = new MLContext(seed: 1);
IDataView train;
try
{
    train = ml.Data.LoadFromCifar(folder, DataPart.Train);
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

var small = ml.Data.MiniSet(train, 1000);
var large = ml.Data.MiniSet(train, 5000);
var draws = ml.Data.MiniSets(train, 1000, sets: 10);
Console.Write(ml.Data.CountClasses(small));
Console.WriteLine(
    $"a larger set of {large.GetRowCount()} images, and {draws.Count} draws of {draws[0].GetRowCount()} without an image in common");
ml.Data.SaveContactSheet(small, Path.Combine(output, "mini-1000.png"));
ml.Data.SaveContactSheet(large, Path.Combine(output, "mini-5000.png"), new() { PerClass = 16, Size = 64 });

// Moved by up to a tenth and mirrored, scaled to 0–1; what else there is stands at its default.
var generator = new ImageDataGenerator
{
    FeaturewiseCenter = false,
    SamplewiseCenter = false,
    FeaturewiseStdNormalization = false,
    SamplewiseStdNormalization = false,
    ZcaWhitening = false,
    ZcaEpsilon = 1e-6f,
    RotationRange = 0,
    WidthShiftRange = 0.1f,
    HeightShiftRange = 0.1f,
    BrightnessRange = null,
    ShearRange = 0,
    ZoomRange = ImageDataGenerator.Zoom(0),
    ChannelShiftRange = 0,
    FillMode = FillMode.Nearest,
    Cval = 0,
    HorizontalFlip = true,
    VerticalFlip = false,
    Rescale = 1 / 255f,
    PreprocessingFunction = null,
    Preprocessing = null,
    ValidationSplit = 0.1f,
    InterpolationOrder = 1,
    Compatibility = KerasCompatibility.Correct,
};
var parts = ml.Data.ValidationSplit(small, generator);
var ready = ml.Transforms.GenerateImageData("Features", "Image", generator).Fit(parts.TrainSet).Transform(parts.TrainSet);
var pixels = ready.GetColumn<float[]>("Features").First();
Console.WriteLine($"{parts.TrainSet.GetRowCount()} images to learn from and {parts.TestSet.GetRowCount()} to validate with, "
    + $"each {pixels.Length} numbers; the first image's lie between {pixels.Min():F3} and {pixels.Max():F3}");
Console.WriteLine($"look at mini-1000.png and mini-5000.png in {output}");
return 0;
