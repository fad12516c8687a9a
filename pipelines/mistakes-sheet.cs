#:project ../src/MlPipelines/MlPipelines.csproj
// Draws the mistakes of a run as one picture, a row for each class that they are of.
// dotnet run pipelines/mistakes-sheet.cs [folder of mistakes] [picture]

using Microsoft.ML;
using MlPipelines;

var (folder, picture) = (args.Length > 0 ? args[0] : "runs/quickstart/miss", args.Length > 1 ? args[1] : "mistakes.png");

var ml = new MLContext(seed: 1);
// Their names are {true}_to_{predicted}_{file name}.
var mistakes = ml.Data.LoadFromFlatFolder(folder, "^(?<label>.+?)_to_");
var sheet = ml.Data.SaveContactSheet(mistakes, picture, new() { Size = 64 });
Console.WriteLine($"{sheet.Path}: {sheet.Width}×{sheet.Height}");
