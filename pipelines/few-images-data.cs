#:project ../src/MlPipelines/MlPipelines.csproj
// Few images of unequal classes: count them, hold some out, balance what is learnt from,
// and look at four originals above their augmented versions.
// dotnet run pipelines/few-images-data.cs [folder with one sub-folder a class] [folder for the pictures]

using Microsoft.ML;
using MlPipelines;

var folder = args.Length > 0 ? args[0] : CharacterSamples.Create("datasets/characters/images");
var output = args.Length > 1 ? args[1] : "runs/few-images-data";

var ml = new MLContext(seed: 1);
ImageFolder images;
try
{
    images = ml.Data.LoadFromImageFolder(folder);
}
catch (Exception problem) when (problem is IOException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

var counts = ml.Data.CountClasses(images);
Console.Write(counts);
foreach (var warning in counts.Warnings)
    Console.WriteLine(warning.Message);
counts.ToChart().Save(Path.Combine(output, "class_counts.png"));
ml.Data.SaveContactSheet(images, Path.Combine(output, "images.png"));

// 66 of the sample's 686 images are held out to test with.
var split = ml.Data.TrainTestSplit(images, testFraction: 0.095, stratificationColumn: "Label");

// Tiny classes become one, of large ones some images are left out, those of small ones are repeated; no file is copied.
var balance = new ClassBalance(MergeBelow: 45, MergeInto: "others", AtMost: 100, AtLeast: 80);
Console.WriteLine($"\n{split.TestSet.GetRowCount()} images held out, {split.TrainSet.GetRowCount()} left; after balancing:");
Console.Write(ml.Data.CountClasses(ml.Data.Balance(split.TrainSet, balance)));

var pipeline = ml.Transforms.Balance("Label", balance)
    .Append(ml.Transforms.LoadImages("Image", "ImagePath", 128, 128))
    .Append(ml.Transforms.AugmentImages("Image", new RandomFlip(), new RandomShift(0.1f), new RandomRotation(20),
        new RandomErasing(MinArea: 0.2f, MaxArea: 0.4f)));
ml.Data.SaveAugmentations(split.TrainSet, Path.Combine(output, "augmented.png"), pipeline, new() { Count = 4, Epochs = 1 });

Console.WriteLine($"\nlook at class_counts.png, images.png and augmented.png in {output}");
return 0;
