#:project ../src/MlPipelines/MlPipelines.csproj
#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
// How often the 95 % interval that a build reports holds the accuracy of its model on many images that were kept from it.
// dotnet run -c Release bench/build-intervals.cs [REPETITIONS] [IMAGES] [KEPT]
// Pictures of 16×16 noise, slightly red or slightly blue; heads on a small network of random weights, four trials a build.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MlPipelines;
using MlPipelines.Networks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (repetitions, images, kept) = (Number(0, 200), Number(1, 250), Number(2, 4000));
var (held, sum, truths) = (0, 0.0, 0.0);
for (var repetition = 0; repetition < repetitions; repetition++)
{
    var ml = new MLContext(repetition);
    var built = ml.MulticlassClassification.BuildImageClassifier(Pictures(ml, repetition, images), new()
    {
        Time = null,
        Trials = 4,
        Networks = [new("random", new Sequential(new Input(16, 16, 3), new Conv2D(8, 3, activation: Activation.Relu),
            new GlobalAveragePooling2D(), new Dense(2)))],
        ModelFolder = "none",
    });
    var truth = ml.MulticlassClassification.Report(built.Model.Transform(Pictures(ml, repetition + 1_000_000, kept))).MicroAccuracy;
    var interval = built.Report.AccuracyInterval;
    held += interval.Lower <= truth && truth <= interval.Upper ? 1 : 0;
    (sum, truths) = (sum + built.Report.MicroAccuracy, truths + truth);
    (built.Model as IDisposable)?.Dispose();
    if ((repetition + 1) % 10 == 0)
        Console.WriteLine($"{held} of {repetition + 1}: mean accuracy reported {sum / (repetition + 1):P1}, on {kept} kept images "
            + $"{truths / (repetition + 1):P1}");
}
return held >= 0.915 * repetitions ? 0 : 1;

int Number(int place, int otherwise) => args.Length > place ? int.Parse(args[place]) : otherwise;

static IDataView Pictures(MLContext ml, long seed, int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(number =>
{
    var (dice, isRed) = (Dice.For(seed, number), number % 2 == 0);
    var pixels = new byte[16 * 16 * 4];
    dice.Bytes(pixels);
    var shift = dice.Uniform(-8, 16);
    for (var at = 0; at < pixels.Length; at += 4)
    {
        var channel = isRed ? at : at + 2;
        (pixels[channel], pixels[at + 3]) = ((byte)Math.Clamp(pixels[channel] + shift, 0, 255), 255);
    }
    return new Picture
    {
        Image = MLImage.CreateFromPixels(16, 16, MLPixelFormat.Rgba32, pixels),
        Label = isRed ? "red" : "blue",
    };
}));

sealed class Picture
{
    [ImageType(16, 16)]
    public MLImage Image { get; set; } = null!;
    public string Label { get; set; } = "";
}
